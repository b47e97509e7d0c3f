// Delays and long polls, on a clock that stands still: what is woken is woken by what the test does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { steeredServer } from "../support/server.js";
import { refusal } from "../support/refusals.js";
import { World } from "../support/world.js";

const fanlight = await steeredServer();
const LONG = { WaitTimeSeconds: 20 };

test("a delayed message comes when its time has come", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  await world.send(url, "later", { DelaySeconds: 60 });
  await fanlight.advance(59);
  assert.deepEqual(await world.bodies(url), []);
  await fanlight.advance(1);
  assert.deepEqual(await world.bodies(url), ["later"]);
});

test("a message comes again when its visibility timeout has passed", async () => {
  const world = new World(fanlight);
  const url = await world.queue({ VisibilityTimeout: "30" });
  await world.send(url);
  await world.message(url);
  await fanlight.advance(29);
  assert.deepEqual(await world.bodies(url), []);
  await fanlight.advance(1);
  assert.deepEqual(await world.bodies(url), ["hello"]);
});

test("a long poll is woken by a message", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  const poll = world.bodies(url, LONG);
  await world.roundTrips(url);
  await world.send(url);
  assert.deepEqual(await poll, ["hello"]);
});

test("a long poll ends empty when its time is up", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  let ended = false;
  const poll = world.bodies(url, LONG).finally(() => (ended = true));
  await world.roundTrips(url);
  await fanlight.advance(19);
  await world.roundTrips(url);
  assert.equal(ended, false);
  await fanlight.advance(20);
  assert.deepEqual(await poll, []);
});

test("the wait of the queue holds when the call names none", async () => {
  const world = new World(fanlight);
  const url = await world.queue({ ReceiveMessageWaitTimeSeconds: "20" });
  const poll = world.bodies(url);
  await world.roundTrips(url);
  await world.send(url);
  assert.deepEqual(await poll, ["hello"]);
});

test("a long poll the client aborts takes no message with it", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  const abort = new AbortController();
  const poll = refusal(world.receive(url, LONG, { abortSignal: abort.signal }));
  await world.roundTrips(url);
  abort.abort();
  assert.equal((await poll).name, "AbortError");
  await world.roundTrips(url);
  await world.send(url);
  const { Attributes } = await world.message(url);
  assert.equal(Attributes.ApproximateReceiveCount, "1");
});

test("a client that gives up waiting for the answer takes no message with it", async () => {
  const requestHandler = { requestTimeout: 100, throwOnRequestTimeout: true };
  const impatient = new World(fanlight, { maxAttempts: 1, requestHandler });
  const world = new World(fanlight, { account: impatient.account });
  const url = await world.queue();
  assert.equal((await refusal(impatient.receive(url, LONG))).name, "TimeoutError");
  await world.roundTrips(url);
  await world.send(url);
  assert.equal((await world.message(url)).Attributes.ApproximateReceiveCount, "1");
});

test("long polls on many connections get one message each", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  const polls = Array.from({ length: 20 }, () => world.bodies(url, { ...LONG, MaxNumberOfMessages: 1 }));
  await world.roundTrips(url);
  await Promise.all(polls.map((_, n) => world.send(url, `${n}`)));
  const bodies = (await Promise.all(polls)).flat();
  assert.deepEqual(bodies.map(Number).sort((a, b) => a - b), polls.map((_, n) => n));
});
