// SNS: topics and subscriptions, and what a queue gets of what is published.
import assert from "node:assert/strict";
import { test } from "node:test";
import { paginateListSubscriptions, paginateListSubscriptionsByTopic, paginateListTopics } from "@aws-sdk/client-sns";
import { server } from "../support/server.js";
import { World } from "../support/world.js";

const fanlight = await server();
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const string = (StringValue) => ({ DataType: "String", StringValue });
const pages = async (paginator) => {
  const found = [];
  for await (const page of paginator) found.push(page);
  return found;
};

test("an envelope tells what was published", async () => {
  const world = new World(fanlight);
  const topic = await world.topic();
  const url = await world.listen(topic);
  const began = Date.now();
  const MessageAttributes = {
    text: string("naïve 🎈"),
    bytes: { DataType: "Binary", BinaryValue: Uint8Array.of(0, 127, 255) },
    number: { DataType: "Number", StringValue: "1.50" },
  };
  const published = { TopicArn: topic, Message: "grüße\n<&>", Subject: "News", MessageAttributes };
  const { MessageId } = await world.sns.publish(published);
  assert.match(MessageId, UUID);
  const envelope = await world.document(url);
  assert.equal(envelope.Type, "Notification");
  assert.equal(envelope.MessageId, MessageId);
  assert.equal(envelope.TopicArn, topic);
  assert.equal(envelope.Message, "grüße\n<&>");
  assert.equal(envelope.Subject, "News");
  assert.match(envelope.Timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(began <= new Date(envelope.Timestamp) && new Date(envelope.Timestamp) <= Date.now());
  assert.deepEqual(envelope.MessageAttributes, {
    text: { Type: "String", Value: "naïve 🎈" },
    bytes: { Type: "Binary", Value: "AH//" },
    number: { Type: "Number", Value: "1.50" },
  });
});

test("raw delivery brings the message itself, with its attributes", async () => {
  const world = new World(fanlight);
  const topic = await world.topic();
  const url = await world.listen(topic, { RawMessageDelivery: "true" });
  const MessageAttributes = { k: string("v"), bytes: { DataType: "Binary", BinaryValue: Uint8Array.of(0, 127, 255) } };
  await world.sns.publish({ TopicArn: topic, Message: "hello", MessageAttributes });
  const message = await world.message(url);
  assert.equal(message.Body, "hello");
  assert.deepEqual(message.MessageAttributes, MessageAttributes);
});

test("a filter policy lets through what it describes", async () => {
  const world = new World(fanlight);
  const topic = await world.topic();
  const raw = { RawMessageDelivery: "true" };
  const url = await world.listen(topic, { ...raw, FilterPolicy: { kind: ["new", { prefix: "re" }] } });
  for (const kind of ["new", "reopened", "closed"]) {
    await world.sns.publish({ TopicArn: topic, Message: kind, MessageAttributes: { kind: string(kind) } });
  }
  await world.sns.publish({ TopicArn: topic, Message: "without" });
  assert.deepEqual((await world.bodies(url)).sort(), ["new", "reopened"]);
});

test("a filter policy of the body looks into the message", async () => {
  const world = new World(fanlight);
  const topic = await world.topic();
  const policy = { order: { total: [{ numeric: [">=", 100] }] } };
  const asked = { RawMessageDelivery: "true", FilterPolicyScope: "MessageBody", FilterPolicy: policy };
  const url = await world.listen(topic, asked);
  const dear = JSON.stringify({ order: { total: 100 } });
  for (const Message of [dear, JSON.stringify({ order: { total: 99.5 } }), "no JSON"]) {
    await world.sns.publish({ TopicArn: topic, Message });
  }
  assert.deepEqual(await world.bodies(url), [dear]);
});

test("a message may have another text for queues", async () => {
  const world = new World(fanlight);
  const topic = await world.topic();
  const url = await world.listen(topic, { RawMessageDelivery: "true" });
  const Message = JSON.stringify({ default: "for all", sqs: "for queues" });
  await world.sns.publish({ TopicArn: topic, Message, MessageStructure: "json" });
  assert.deepEqual(await world.bodies(url), ["for queues"]);
});

test("a batch is answered entry by entry, with an empty list of what failed", async () => {
  const world = new World(fanlight);
  const topic = await world.topic();
  const url = await world.listen(topic, { RawMessageDelivery: "true" });
  const entry = (Id) => ({ Id, Message: Id, MessageAttributes: { id: string(Id) } });
  const PublishBatchRequestEntries = ["a", "b", "c"].map(entry);
  const { Successful, Failed } = await world.sns.publishBatch({ TopicArn: topic, PublishBatchRequestEntries });
  assert.deepEqual(Successful.map((entry) => entry.Id), ["a", "b", "c"]);
  assert.equal(new Set(Successful.map((entry) => entry.MessageId)).size, 3);
  assert.deepEqual(Failed, []);
  const messages = await world.receive(url);
  assert.deepEqual(messages.map((message) => message.MessageAttributes.id.StringValue).sort(), ["a", "b", "c"]);
});

test("a FIFO topic keeps order and numbers, and drops what came twice", async () => {
  const world = new World(fanlight);
  const topic = await world.topic({ FifoTopic: "true", ContentBasedDeduplication: "true" }, "orders.fifo");
  const url = await world.listen(topic, { RawMessageDelivery: "true" });
  const publish = (Message) => world.sns.publish({ TopicArn: topic, Message, MessageGroupId: "g" });
  const first = await publish("one");
  const second = await publish("two");
  const again = await publish("one");
  assert.match(first.SequenceNumber, /^\d{20}$/);
  assert.ok(BigInt(first.SequenceNumber) < BigInt(second.SequenceNumber));
  assert.deepEqual([again.MessageId, again.SequenceNumber], [first.MessageId, first.SequenceNumber]);
  assert.deepEqual(await world.bodies(url), ["one", "two"]);
});

test("attributes are strings; a topic made again is the same topic", async () => {
  const world = new World(fanlight);
  const topic = await world.topic({ DisplayName: "Grüße & more" }, "news");
  assert.equal(topic, world.arn("sns", "news"));
  assert.equal(await world.topic({}, "news"), topic);
  const { Attributes: told } = await world.sns.getTopicAttributes({ TopicArn: topic });
  assert.equal(told.DisplayName, "Grüße & more");
  assert.equal(told.SubscriptionsConfirmed, "0");
  assert.equal(told.Owner, world.account);
  assert.equal(JSON.parse(told.Policy).Statement[0].Resource, topic);
  assert.equal(told.FifoTopic, undefined);
});

test("tags come back as they were given; without any the list is empty", async () => {
  const world = new World(fanlight);
  const ResourceArn = await world.topic();
  assert.deepEqual((await world.sns.listTagsForResource({ ResourceArn })).Tags, []);
  await world.sns.tagResource({ ResourceArn, Tags: [{ Key: "team", Value: "naïve 🎈" }, { Key: "empty", Value: "" }] });
  const { Tags } = await world.sns.listTagsForResource({ ResourceArn });
  assert.deepEqual(Object.fromEntries(Tags.map((tag) => [tag.Key, tag.Value])), { team: "naïve 🎈", empty: "" });
  await world.sns.untagResource({ ResourceArn, TagKeys: ["team", "empty"] });
  assert.deepEqual((await world.sns.listTagsForResource({ ResourceArn })).Tags, []);
});

test("lists without anything in them are empty lists", async () => {
  const world = new World(fanlight);
  const { $metadata: one, ...topics } = await world.sns.listTopics({});
  const { $metadata: two, ...subscriptions } = await world.sns.listSubscriptions({});
  assert.deepEqual(topics, { Topics: [] });
  assert.deepEqual(subscriptions, { Subscriptions: [] });
});

test("the paginator walks over all topics, a hundred a page", async () => {
  const world = new World(fanlight);
  const arns = await Promise.all(Array.from({ length: 101 }, () => world.topic()));
  const found = await pages(paginateListTopics({ client: world.sns }, {}));
  assert.deepEqual(found.map((page) => page.Topics.length), [100, 1]);
  assert.deepEqual(found.flatMap((page) => page.Topics.map((topic) => topic.TopicArn)).sort(), arns.sort());
});

test("the paginators walk over all subscriptions, a hundred a page", async () => {
  const world = new World(fanlight);
  const topic = await world.topic();
  const subscribe = (_, n) => world.subscribe(topic, "sqs", world.arn("sqs", `queue-${n}`));
  const arns = (await Promise.all(Array.from({ length: 101 }, subscribe))).sort();
  for (const paginator of [
    paginateListSubscriptions({ client: world.sns }, {}),
    paginateListSubscriptionsByTopic({ client: world.sns }, { TopicArn: topic }),
  ]) {
    const found = await pages(paginator);
    assert.deepEqual(found.map((page) => page.Subscriptions.length), [100, 1]);
    const all = found.flatMap((page) => page.Subscriptions.map((subscription) => subscription.SubscriptionArn));
    assert.deepEqual(all.sort(), arns);
  }
});

test("a subscription is made once, changed, and ended", async () => {
  const world = new World(fanlight);
  const topic = await world.topic();
  const url = await world.queue();
  const SubscriptionArn = await world.subscribe(topic, "sqs", world.queueArn(url));
  assert.equal(await world.subscribe(topic, "sqs", world.queueArn(url)), SubscriptionArn);
  const asked = { SubscriptionArn, AttributeName: "FilterPolicy", AttributeValue: '{"k":["v"]}' };
  await world.sns.setSubscriptionAttributes(asked);
  const { Attributes: told } = await world.sns.getSubscriptionAttributes({ SubscriptionArn });
  assert.equal(told.FilterPolicy, '{"k":["v"]}');
  assert.equal(told.PendingConfirmation, "false");
  await world.sns.unsubscribe({ SubscriptionArn });
  await world.sns.publish({ TopicArn: topic, Message: "hello", MessageAttributes: { k: string("v") } });
  assert.deepEqual(await world.bodies(url), []);
});
