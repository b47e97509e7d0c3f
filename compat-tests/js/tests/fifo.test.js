// FIFO queues: order, groups, deduplication, sequence numbers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { steeredServer } from "../support/server.js";
import { World } from "../support/world.js";

const fanlight = await steeredServer();
const group = (MessageGroupId, MessageDeduplicationId) => ({ MessageGroupId, MessageDeduplicationId });

test("sequence numbers have twenty digits, rise, and come back with the message", async () => {
  const world = new World(fanlight);
  const url = await world.fifo();
  const first = await world.send(url, "one", group("g", "1"));
  const second = await world.send(url, "two", group("g", "2"));
  assert.match(first.SequenceNumber, /^\d{20}$/);
  assert.ok(BigInt(first.SequenceNumber) < BigInt(second.SequenceNumber));
  const received = await world.receive(url);
  assert.deepEqual(received.map((message) => message.Body), ["one", "two"]);
  const { Attributes: told } = received[1];
  assert.equal(told.SequenceNumber, second.SequenceNumber);
  assert.equal(told.MessageGroupId, "g");
  assert.equal(told.MessageDeduplicationId, "2");
});

test("a message sent twice within five minutes is there once and answered alike", async () => {
  const world = new World(fanlight);
  const url = await world.fifo();
  const { $metadata: one, ...first } = await world.send(url, "hello", group("g", "same"));
  await fanlight.advance(299);
  const { $metadata: two, ...again } = await world.send(url, "hello", group("g", "same"));
  assert.deepEqual(again, first);
  assert.equal((await world.attributes(url)).ApproximateNumberOfMessages, "1");
  await fanlight.advance(2);
  const later = await world.send(url, "hello", group("g", "same"));
  assert.notEqual(later.MessageId, first.MessageId);
});

test("content-based deduplication needs no id", async () => {
  const world = new World(fanlight);
  const url = await world.fifo({ ContentBasedDeduplication: "true" });
  const sent = [];
  for (const body of ["a", "b", "a"]) sent.push(await world.send(url, body, group("g")));
  assert.equal(sent[2].MessageId, sent[0].MessageId);
  assert.deepEqual(await world.bodies(url), ["a", "b"]);
});

test("a group waits while one of its messages is in flight; other groups do not", async () => {
  const world = new World(fanlight);
  const url = await world.fifo({ ContentBasedDeduplication: "true" });
  for (const [body, name] of [["a1", "a"], ["a2", "a"], ["b1", "b"]]) await world.send(url, body, group(name));
  const one = { MaxNumberOfMessages: 1 };
  const { ReceiptHandle, Body } = await world.message(url, one);
  assert.equal(Body, "a1");
  assert.deepEqual(await world.bodies(url), ["b1"]);
  await world.sqs.deleteMessage({ QueueUrl: url, ReceiptHandle });
  assert.deepEqual(await world.bodies(url), ["a2"]);
});

test("a batch keeps its order and gives each entry a sequence number", async () => {
  const world = new World(fanlight);
  const QueueUrl = await world.fifo();
  const Entries = ["a", "b", "c"].map((Id) => ({ Id, MessageBody: Id, ...group("g", Id) }));
  const { Successful, Failed } = await world.sqs.sendMessageBatch({ QueueUrl, Entries });
  const numbers = Successful.map((entry) => entry.SequenceNumber);
  assert.equal(Failed, undefined);
  assert.deepEqual(numbers, [...new Set(numbers)].sort());
  assert.deepEqual(await world.bodies(QueueUrl), ["a", "b", "c"]);
});

test("a receive that is tried again with its attempt id gets the same messages", async () => {
  const world = new World(fanlight);
  const url = await world.fifo();
  await world.send(url, "hello", group("g", "1"));
  const attempt = { ReceiveRequestAttemptId: "attempt-1" };
  const first = await world.message(url, attempt);
  assert.equal((await world.message(url, attempt)).MessageId, first.MessageId);
  assert.deepEqual(await world.bodies(url), []);
});
