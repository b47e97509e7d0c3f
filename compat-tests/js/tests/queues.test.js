// Queues: attributes, tags, and lists with the SDK's paginators.
import assert from "node:assert/strict";
import { test } from "node:test";
import { paginateListDeadLetterSourceQueues, paginateListQueues } from "@aws-sdk/client-sqs";
import { server } from "../support/server.js";
import { World } from "../support/world.js";

const fanlight = await server();

test("attributes are strings, and what was never set is absent", async () => {
  const world = new World(fanlight);
  const began = Math.floor(Date.now() / 1000);
  const { CreatedTimestamp, LastModifiedTimestamp, ...rest } = await world.attributes(await world.queue({}, "orders"));
  assert.match(CreatedTimestamp, /^\d{10}$/);
  assert.ok(began <= CreatedTimestamp && CreatedTimestamp <= Date.now() / 1000);
  assert.equal(LastModifiedTimestamp, CreatedTimestamp);
  assert.deepEqual(rest, {
    ApproximateNumberOfMessages: "0",
    ApproximateNumberOfMessagesDelayed: "0",
    ApproximateNumberOfMessagesNotVisible: "0",
    DelaySeconds: "0",
    MaximumMessageSize: "1048576",
    MessageRetentionPeriod: "345600",
    QueueArn: world.arn("sqs", "orders"),
    ReceiveMessageWaitTimeSeconds: "0",
    SqsManagedSseEnabled: "true",
    VisibilityTimeout: "30",
  });
});

test("a queue that is made again with the same attributes is the same queue", async () => {
  const world = new World(fanlight);
  const url = await world.queue({ VisibilityTimeout: "5" }, "again");
  assert.equal(await world.queue({ VisibilityTimeout: "5" }, "again"), url);
  assert.equal(await world.queue({}, "again"), url);
});

test("a policy is kept and can be taken away", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "sqs:*" }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await world.sqs.setQueueAttributes({ QueueUrl: url, Attributes: { Policy } });
  assert.deepEqual(JSON.parse((await world.attributes(url)).Policy), JSON.parse(Policy));
  await world.sqs.setQueueAttributes({ QueueUrl: url, Attributes: { Policy: "" } });
  assert.equal((await world.attributes(url)).Policy, undefined);
});

test("tags come back as they were given, and without any the member is absent", async () => {
  const world = new World(fanlight);
  const QueueUrl = await world.queue();
  const Tags = { team: "naïve 🎈", empty: "", "a:b/c=d+e-f@g": "1" };
  assert.equal((await world.sqs.listQueueTags({ QueueUrl })).Tags, undefined);
  await world.sqs.tagQueue({ QueueUrl, Tags });
  assert.deepEqual((await world.sqs.listQueueTags({ QueueUrl })).Tags, Tags);
  await world.sqs.untagQueue({ QueueUrl, TagKeys: Object.keys(Tags) });
  assert.equal((await world.sqs.listQueueTags({ QueueUrl })).Tags, undefined);
});

test("without queues ListQueues has no QueueUrls", async () => {
  const { $metadata, ...answer } = await new World(fanlight).sqs.listQueues({});
  assert.deepEqual(answer, {});
  assert.equal($metadata.httpStatusCode, 200);
});

test("the paginator walks over all queues, page by page", async () => {
  const world = new World(fanlight);
  const urls = [];
  for (let n = 0; n < 5; n++) urls.push(await world.queue({}, `page-${n}`));
  await world.queue({}, "other");
  const sizes = [];
  const found = [];
  for await (const page of paginateListQueues({ client: world.sqs, pageSize: 2 }, { QueueNamePrefix: "page-" })) {
    sizes.push(page.QueueUrls.length);
    found.push(...page.QueueUrls);
  }
  assert.deepEqual(sizes, [2, 2, 1]);
  assert.deepEqual(found, urls);
});

test("the paginator walks over the sources of a dead-letter queue, whose member has a small q", async () => {
  const world = new World(fanlight);
  const dead = await world.queue();
  const RedrivePolicy = { deadLetterTargetArn: world.queueArn(dead), maxReceiveCount: 3 };
  const urls = [];
  for (let n = 0; n < 3; n++) urls.push(await world.queue({ RedrivePolicy }, `source-${n}`));
  const pages = [];
  const asked = { QueueUrl: dead };
  for await (const page of paginateListDeadLetterSourceQueues({ client: world.sqs, pageSize: 2 }, asked)) {
    pages.push(page.queueUrls);
  }
  assert.deepEqual(pages.map((page) => page.length), [2, 1]);
  assert.deepEqual(pages.flat().sort(), urls);
});

test("a queue that was purged is empty, a queue that was deleted is gone from the list", async () => {
  const world = new World(fanlight);
  const QueueUrl = await world.queue();
  await world.send(QueueUrl);
  await world.sqs.purgeQueue({ QueueUrl });
  assert.deepEqual(await world.bodies(QueueUrl), []);
  await world.sqs.deleteQueue({ QueueUrl });
  assert.equal((await world.sqs.listQueues({})).QueueUrls, undefined);
});
