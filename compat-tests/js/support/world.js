// What a test sees: an account of its own and the SDK's clients in it, set up as programs do, retries included.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";

const LOOK_AGAIN_MS = 10;
const WAIT_MS = 10_000;
let made = 0;

const name = (kind) => `${kind}-${++made}`;
export const text = (document) => (typeof document === "string" ? document : JSON.stringify(document));

/** Attributes as SQS and SNS take them: strings, with documents as JSON. */
const strings = (attributes) =>
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, text(value)]));

export class World {
  constructor(server, { account = String(500_000_000_000 + ++made), region = "us-east-1", ...more } = {}) {
    const credentials = { accessKeyId: account, secretAccessKey: "secret" };
    const settings = { endpoint: server.url, region, credentials, ...more };
    Object.assign(this, { server, account, region });
    this.sqs = new SQS(settings);
    this.sns = new SNS(settings);
    this.events = new EventBridge(settings);
  }

  /** The same account elsewhere. */
  in(region) {
    return new World(this.server, { account: this.account, region });
  }

  arn(service, resource) {
    return `arn:aws:${service}:${this.region}:${this.account}:${resource}`;
  }

  // -- queues ---------------------------------------------------------------------------------

  async queue(attributes = {}, QueueName = name("queue")) {
    return (await this.sqs.createQueue({ QueueName, Attributes: strings(attributes) })).QueueUrl;
  }

  fifo(attributes = {}) {
    return this.queue({ FifoQueue: "true", ...attributes }, `${name("queue")}.fifo`);
  }

  queueArn(url) {
    return this.arn("sqs", url.split("/").at(-1));
  }

  async attributes(QueueUrl) {
    return (await this.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] })).Attributes;
  }

  send(QueueUrl, MessageBody = "hello", more = {}) {
    return this.sqs.sendMessage({ QueueUrl, MessageBody, ...more });
  }

  /** Receives up to ten messages; none is an empty array. */
  async receive(QueueUrl, more = {}, options = {}) {
    const everything = { MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] };
    const asked = { QueueUrl, MaxNumberOfMessages: 10, ...everything, ...more };
    return (await this.sqs.receiveMessage(asked, options)).Messages ?? [];
  }

  /** The one message of a queue. */
  async message(url, more) {
    const found = await this.receive(url, more);
    assert.equal(found.length, 1, JSON.stringify(found));
    return found[0];
  }

  /** The body of the one message of a queue, as the document it is. */
  async document(url) {
    return JSON.parse((await this.message(url)).Body);
  }

  async bodies(url, more) {
    return (await this.receive(url, more)).map((message) => message.Body);
  }

  /** A few round trips: what was asked before them has most likely arrived, as a long poll that is to be parked. */
  async roundTrips(url) {
    for (let trip = 0; trip < 10; trip++) await this.attributes(url);
  }

  // -- topics ---------------------------------------------------------------------------------

  async topic(attributes = {}, Name = name("topic")) {
    return (await this.sns.createTopic({ Name, Attributes: strings(attributes) })).TopicArn;
  }

  async subscribe(TopicArn, Protocol, Endpoint, attributes = {}) {
    const asked = { TopicArn, Protocol, Endpoint, Attributes: strings(attributes), ReturnSubscriptionArn: true };
    return (await this.sns.subscribe(asked)).SubscriptionArn;
  }

  /** A new queue that listens to the topic. What is published is in it when Publish is answered. */
  async listen(topic, attributes) {
    const url = topic.endsWith(".fifo") ? await this.fifo() : await this.queue();
    await this.subscribe(topic, "sqs", this.queueArn(url), attributes);
    return url;
  }

  // -- buses and rules ------------------------------------------------------------------------

  async bus() {
    const Name = name("bus");
    await this.events.createEventBus({ Name });
    return Name;
  }

  /** A new queue that gets what a new rule lets through. */
  async rule(pattern, { bus, ...target } = {}) {
    const [url, Name] = [await this.queue(), name("rule")];
    await this.events.putRule({ Name, EventBusName: bus, EventPattern: text(pattern) });
    const Targets = [{ Id: "queue", Arn: this.queueArn(url), ...target }];
    const answer = await this.events.putTargets({ Rule: Name, EventBusName: bus, Targets });
    assert.equal(answer.FailedEntryCount, 0, JSON.stringify(answer));
    return url;
  }
}

/** Looks again and again until there is something to see: for what the server does by itself, as a replay. */
export async function until(look, what) {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < deadline, `waited ${WAIT_MS} ms for ${what}`);
    await pause(LOOK_AGAIN_MS);
  }
}

export const md5 = (value) => createHash("md5").update(value).digest("hex");

/** AWS: Amazon SQS message metadata, "Calculating the MD5 message digest for message attributes". */
export function md5OfAttributes(attributes) {
  const hash = createHash("md5");
  const add = (value) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const [key, value] of Object.entries(attributes).sort()) {
    add(key);
    add(value.DataType);
    hash.update(Buffer.from([value.BinaryValue ? 2 : 1]));
    add(value.BinaryValue ?? value.StringValue);
  }
  return hash.digest("hex");
}
