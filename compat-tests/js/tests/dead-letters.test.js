// Dead-letter queues and the tasks that move messages back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { server } from "../support/server.js";
import { refusal } from "../support/refusals.js";
import { until, World } from "../support/world.js";

const fanlight = await server();
const MessageAttributes = { k: { DataType: "Number", StringValue: "1" } };

/** A queue and its dead-letter queue, which holds these messages. */
async function deadLetters(world, ...bodies) {
  const dead = await world.queue();
  const RedrivePolicy = { deadLetterTargetArn: world.queueArn(dead), maxReceiveCount: 1 };
  const source = await world.queue({ RedrivePolicy });
  for (const body of bodies) await world.send(source, body, { MessageAttributes });
  await world.receive(source, { VisibilityTimeout: 0 });
  assert.deepEqual(await world.bodies(source), []);
  return { source, dead };
}

/** The newest task of this queue, once it has ended. */
function ended(world, SourceArn) {
  return until(async () => {
    const { Results } = await world.sqs.listMessageMoveTasks({ SourceArn });
    return Results[0].Status !== "RUNNING" && Results[0];
  }, "the task to end");
}

test("a message received too often is in the dead-letter queue, and says where it came from", async () => {
  const world = new World(fanlight);
  const { source, dead } = await deadLetters(world, "poison");
  const letter = await world.message(dead);
  assert.equal(letter.Body, "poison");
  assert.deepEqual(letter.MessageAttributes, MessageAttributes);
  assert.equal(letter.Attributes.DeadLetterQueueSourceArn, world.queueArn(source));
  assert.equal(letter.Attributes.ApproximateReceiveCount, "2");
});

test("a move task brings messages back where they came from", async () => {
  const world = new World(fanlight);
  const { source, dead } = await deadLetters(world, "a", "b", "c");
  const SourceArn = world.queueArn(dead);
  const { TaskHandle } = await world.sqs.startMessageMoveTask({ SourceArn });
  assert.equal(typeof TaskHandle, "string");
  const { StartedTimestamp, ...task } = await ended(world, SourceArn);
  assert.ok(StartedTimestamp <= Date.now() && StartedTimestamp > Date.now() - 60_000, "milliseconds since 1970");
  assert.deepEqual(task, {
    ApproximateNumberOfMessagesMoved: 3,
    ApproximateNumberOfMessagesToMove: 3,
    SourceArn,
    Status: "COMPLETED",
  });
  assert.deepEqual((await world.bodies(source)).sort(), ["a", "b", "c"]);
  assert.deepEqual(await world.bodies(dead), []);
});

test("a move task brings messages to a destination", async () => {
  const world = new World(fanlight);
  const { dead } = await deadLetters(world, "a");
  const destination = await world.queue();
  const [SourceArn, DestinationArn] = [world.queueArn(dead), world.queueArn(destination)];
  await world.sqs.startMessageMoveTask({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: 500 });
  const task = await ended(world, SourceArn);
  assert.equal(task.DestinationArn, DestinationArn);
  assert.equal(task.MaxNumberOfMessagesPerSecond, 500);
  assert.deepEqual(await world.bodies(destination), ["a"]);
});

test("a task that has ended cannot be cancelled", async () => {
  const world = new World(fanlight);
  const { dead } = await deadLetters(world, "a");
  const SourceArn = world.queueArn(dead);
  const { TaskHandle } = await world.sqs.startMessageMoveTask({ SourceArn });
  await ended(world, SourceArn);
  const error = await refusal(world.sqs.cancelMessageMoveTask({ TaskHandle }));
  assert.equal(error.$metadata.httpStatusCode, 400);
  assert.equal(error.$metadata.attempts, 1);
});
