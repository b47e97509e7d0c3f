// Libraries that programs use on top of the SDK.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Consumer } from "sqs-consumer";
import { Producer } from "sqs-producer";
import { server } from "../support/server.js";
import { refusal } from "../support/refusals.js";
import { World } from "../support/world.js";

const fanlight = await server();

/** A consumer that is stopped when the test ends, however it ends. */
function consumer(context, settings) {
  const made = Consumer.create(settings);
  made.on("error", () => {});
  context.after(() => made.stop({ abort: true }));
  return made;
}

/** Starts the consumer and waits until so many messages are processed, which is after they were deleted. */
function processed(consumer, count) {
  return new Promise((told, failed) => {
    let seen = 0;
    consumer.on("message_processed", () => ++seen === count && told());
    for (const event of ["error", "processing_error"]) consumer.on(event, failed);
    consumer.start();
  });
}

async function left(world, url) {
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = await world.attributes(url);
  return [Number(ApproximateNumberOfMessages), Number(ApproximateNumberOfMessagesNotVisible)];
}

test("sqs-producer sends batches, sqs-consumer handles each message and deletes it", async (context) => {
  const world = new World(fanlight);
  const queueUrl = await world.queue();
  const producer = Producer.create({ queueUrl, sqs: world.sqs });
  const note = { DataType: "String", StringValue: "naïve 🎈" };
  const attributes = { messageAttributes: { note } };
  const messages = Array.from({ length: 12 }, (_, n) => ({ id: `${n}`, body: `body ${n}`, ...attributes }));
  const sent = await producer.send(messages);
  assert.equal(sent.length, 12);
  assert.equal(await producer.queueSize(), 12);

  const handled = new Map();
  const handleMessage = async (message) => {
    handled.set(message.MessageId, message);
    return message;
  };
  const asked = { messageAttributeNames: ["All"], messageSystemAttributeNames: ["All"], batchSize: 5 };
  await processed(consumer(context, { queueUrl, sqs: world.sqs, handleMessage, ...asked }), 12);
  assert.deepEqual([...handled.keys()].sort(), sent.map((message) => message.MessageId).sort());
  for (const message of handled.values()) {
    assert.deepEqual(message.MessageAttributes, { note });
    assert.equal(message.Attributes.ApproximateReceiveCount, "1");
  }
  assert.deepEqual(await left(world, queueUrl), [0, 0]);
});

test("sqs-consumer handles whole batches and deletes those that were taken", async (context) => {
  const world = new World(fanlight);
  const queueUrl = await world.queue();
  await Producer.create({ queueUrl, sqs: world.sqs }).send(["good", "bad", "fine"]);
  const seen = [];
  const handleMessageBatch = async (messages) => {
    seen.push(...messages.map((message) => message.Body));
    return messages.filter((message) => message.Body !== "bad");
  };
  await processed(consumer(context, { queueUrl, sqs: world.sqs, handleMessageBatch, batchSize: 10 }), 2);
  assert.deepEqual(seen.sort(), ["bad", "fine", "good"]);
  assert.deepEqual(await left(world, queueUrl), [0, 1]);
});

test("sqs-consumer is woken from its long poll; stopped in the next one, it takes no message along", async (context) => {
  const world = new World(fanlight);
  const queueUrl = await world.queue();
  const handleMessage = async (message) => message;
  const polling = consumer(context, { queueUrl, sqs: world.sqs, handleMessage, waitTimeSeconds: 20 });
  const woken = processed(polling, 1);
  await world.roundTrips(queueUrl);
  await world.send(queueUrl);
  await woken;
  await world.roundTrips(queueUrl);
  const stopped = once(polling, "stopped");
  polling.stop({ abort: true });
  await stopped;
  await world.roundTrips(queueUrl);
  await world.send(queueUrl, "next");
  assert.equal((await world.message(queueUrl)).Attributes.ApproximateReceiveCount, "1");
});

test("sqs-consumer gives a message back at once when its handler fails", async (context) => {
  const world = new World(fanlight);
  const queueUrl = await world.queue();
  await world.send(queueUrl, "hard");
  let tries = 0;
  const handleMessage = async (message) => {
    if (++tries === 1) throw new Error("not now");
    return message;
  };
  const settings = { queueUrl, sqs: world.sqs, handleMessage, terminateVisibilityTimeout: true };
  const trying = consumer(context, settings);
  const failed = once(trying, "processing_error");
  const done = once(trying, "message_processed");
  trying.start();
  assert.match((await failed)[0].message, /not now/);
  await done;
  assert.equal(tries, 2);
  assert.deepEqual(await left(world, queueUrl), [0, 0]);
});

test("sqs-consumer tells that its queue does not exist", async (context) => {
  const world = new World(fanlight);
  const queueUrl = `${fanlight.url}/${world.account}/missing`;
  const refusing = consumer(context, { queueUrl, sqs: world.sqs, handleMessage: async () => {} });
  const failed = new Promise((told) => refusing.on("error", told));
  refusing.start();
  const error = await failed;
  assert.equal(error.name, "SQSError");
  assert.equal(error.code, "QueueDoesNotExist");
  assert.equal(error.statusCode, 400);
  assert.equal(error.fault, "client");
});

test("sqs-producer feeds a FIFO queue in order, and tells which messages failed", async () => {
  const world = new World(fanlight);
  const queueUrl = await world.fifo();
  const producer = Producer.create({ queueUrl, sqs: world.sqs });
  const message = (id) => ({ id, body: id, groupId: "g", deduplicationId: id });
  await producer.send(["a", "b", "c"].map(message));
  assert.deepEqual(await world.bodies(queueUrl), ["a", "b", "c"]);
  const error = await refusal(producer.send([message("d"), { ...message("e"), body: "\u0000" }]));
  assert.equal(error.message, "Failed to send messages: e");
  assert.deepEqual(error.failedMessages, ["e"]);
});
