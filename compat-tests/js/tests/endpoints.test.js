// How the SDK finds Fanlight: endpoints, the queue URL's origin, accounts and regions.
import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { server } from "../support/server.js";
import { World } from "../support/world.js";

const fanlight = await server();
const NOBODY = "http://127.0.0.1:1";

/** Programs that name nothing in their code get everything from the environment. */
function environment(context, settings) {
  const all = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "600000000000", AWS_SECRET_ACCESS_KEY: "s", ...settings };
  Object.assign(process.env, all);
  context.after(() => Object.keys(all).forEach((name) => delete process.env[name]));
}

test("a queue URL has the origin the client called", async () => {
  const world = new World(fanlight);
  const url = await world.queue({}, "orders");
  assert.equal(url, `${fanlight.url}/${world.account}/orders`);
  assert.equal((await world.sqs.getQueueUrl({ QueueName: "orders" })).QueueUrl, url);
  assert.deepEqual((await world.sqs.listQueues({})).QueueUrls, [url]);
});

test("a queue made through localhost has localhost in its URL", async () => {
  const world = new World(fanlight, { endpoint: `http://localhost:${fanlight.port}` });
  const url = await world.queue();
  assert.equal(new URL(url).origin, `http://localhost:${fanlight.port}`);
  await world.send(url);
  assert.deepEqual(await world.bodies(url), ["hello"]);
});

test("a queue made through a host name below localhost.localstack.cloud keeps that name", async () => {
  const lookup = (host, options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]);
  const endpoint = `http://sqs.us-east-1.localhost.localstack.cloud:${fanlight.port}`;
  const world = new World(fanlight, { endpoint, requestHandler: { httpAgent: new http.Agent({ lookup }) } });
  const url = await world.queue();
  assert.equal(new URL(url).origin, endpoint);
  await world.send(url);
  assert.deepEqual(await world.bodies(url), ["hello"]);
});

test("a client whose endpoint is not in its code follows the queue URL's origin", async (context) => {
  const url = await new World(fanlight, { account: "600000000000" }).queue();
  environment(context, { AWS_ENDPOINT_URL: NOBODY });
  const warnings = [];
  const sqs = new SQS({ logger: { ...console, debug() {}, info() {}, warn: (text) => warnings.push(text) } });
  const { MessageId } = await sqs.sendMessage({ QueueUrl: url, MessageBody: "hello" });
  const { Messages } = await sqs.receiveMessage({ QueueUrl: url });
  assert.equal(Messages[0].MessageId, MessageId);
  assert.match(warnings[0], /using QueueUrl host as endpoint/);
});

test("an endpoint in the code beats the queue URL's origin, so that AWS's own URLs work", async () => {
  const world = new World(fanlight);
  const own = await world.queue({}, "orders");
  const aws = `https://sqs.us-east-1.amazonaws.com/${world.account}/orders`;
  await world.send(aws);
  assert.deepEqual(await world.bodies(own), ["hello"]);
});

test("a queue's name will do for its URL", async () => {
  const world = new World(fanlight);
  const url = await world.queue({}, "orders");
  await world.send("orders");
  assert.deepEqual(await world.bodies(url), ["hello"]);
});

test("AWS_ENDPOINT_URL leads all three services here", async (context) => {
  environment(context, { AWS_ENDPOINT_URL: fanlight.url });
  const { QueueUrl } = await new SQS().createQueue({ QueueName: "from-environment" });
  assert.equal(QueueUrl, `${fanlight.url}/600000000000/from-environment`);
  const { TopicArn } = await new SNS().createTopic({ Name: "from-environment" });
  assert.equal(TopicArn, "arn:aws:sns:us-east-1:600000000000:from-environment");
  const { EventBuses } = await new EventBridge().listEventBuses();
  assert.equal(EventBuses[0].Arn, "arn:aws:events:us-east-1:600000000000:event-bus/default");
});

test("the endpoint of one service beats AWS_ENDPOINT_URL", async (context) => {
  const { url } = fanlight;
  const own = { AWS_ENDPOINT_URL_SQS: url, AWS_ENDPOINT_URL_SNS: url, AWS_ENDPOINT_URL_EVENTBRIDGE: url };
  environment(context, { AWS_ENDPOINT_URL: NOBODY, ...own });
  await new SQS().listQueues();
  await new SNS().listTopics();
  await new EventBridge().listRules();
});

test("a twelve-digit access key is the account, any other is 000000000000", async () => {
  const digits = new World(fanlight, { account: "123456789012" });
  assert.equal((await digits.attributes(await digits.queue({}, "q"))).QueueArn, "arn:aws:sqs:us-east-1:123456789012:q");
  const other = new World(fanlight, { account: "AKIAIOSFODNN7EXAMPLE" });
  assert.equal((await other.attributes(await other.queue({}, "q"))).QueueArn, "arn:aws:sqs:us-east-1:000000000000:q");
});

test("regions do not see each other", async () => {
  const here = new World(fanlight, { region: "eu-west-1" });
  const there = here.in("ap-southeast-2");
  await Promise.all([here.queue(), here.topic(), here.bus()]);
  assert.equal((await there.sqs.listQueues({})).QueueUrls, undefined);
  assert.deepEqual((await there.sns.listTopics()).Topics, []);
  const buses = (await there.events.listEventBuses()).EventBuses.map((bus) => bus.Arn);
  assert.deepEqual(buses, [there.arn("events", "event-bus/default")]);
});

test("queues of the same name in two regions are two queues", async () => {
  const here = new World(fanlight, { region: "eu-west-1" });
  const there = here.in("us-west-2");
  await here.send(await here.queue({}, "orders"), "here");
  const url = await there.queue({}, "orders");
  assert.deepEqual(await there.bodies(url), []);
  assert.deepEqual(await here.bodies("orders"), ["here"]);
});
