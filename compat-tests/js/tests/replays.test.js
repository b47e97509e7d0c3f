// Archives and replays: the SDK's dates, on a clock that stands still.
import assert from "node:assert/strict";
import { test } from "node:test";
import { steeredServer } from "../support/server.js";
import { text, until, World } from "../support/world.js";

const fanlight = await steeredServer();
const MINUTE_MS = 60_000;

/** A bus with an archive of three events, a minute apart, and the times they were put at. */
async function story(world) {
  const bus = await world.bus();
  const EventSourceArn = world.arn("events", `event-bus/${bus}`);
  const { ArchiveArn } = await world.events.createArchive({ ArchiveName: bus, EventSourceArn });
  const put = [];
  for (let n = 0; n < 3; n++) {
    const Entries = [{ EventBusName: bus, Source: "shop", DetailType: "n", Detail: text({ n }) }];
    const answer = await world.events.putEvents({ Entries });
    put.push({ id: answer.Entries[0].EventId, time: await fanlight.now() });
    await fanlight.advance(60);
  }
  return { bus, ArchiveArn, EventSourceArn, put };
}

/** Replays these events, and describes the replay once it is completed. */
async function replay(world, { ArchiveArn, EventSourceArn, put }, first, last) {
  const EventStartTime = new Date(put[first].time - MINUTE_MS / 2);
  const EventEndTime = new Date(+put[last].time + MINUTE_MS / 2);
  const asked = { EventSourceArn: ArchiveArn, EventStartTime, EventEndTime, Destination: { Arn: EventSourceArn } };
  const started = await world.events.startReplay({ ReplayName: "again", ...asked });
  const described = await until(async () => {
    await fanlight.advance(60);
    const found = await world.events.describeReplay({ ReplayName: "again" });
    return found.State === "COMPLETED" && found;
  }, "the replay to be completed");
  return { started, described, asked };
}

const seconds = (date) => Math.floor(date / 1000);

test("an archive tells its dates, its bus and what it keeps", async () => {
  const world = new World(fanlight);
  const { bus, ArchiveArn, EventSourceArn, put } = await story(world);
  const { CreationTime, $metadata, ...archive } = await world.events.describeArchive({ ArchiveName: bus });
  assert.equal(seconds(CreationTime), seconds(put[0].time));
  assert.ok(archive.SizeBytes > 0);
  assert.deepEqual({ ...archive, SizeBytes: 0 }, {
    ArchiveArn,
    ArchiveName: bus,
    EventCount: 3,
    EventSourceArn,
    RetentionDays: 0,
    SizeBytes: 0,
    State: "ENABLED",
  });
});

test("a replay sends what was put between two dates again, and tells its own dates", async () => {
  const world = new World(fanlight);
  const told = await story(world);
  const url = await world.rule({ source: ["shop"] }, { bus: told.bus });
  const { started, described, asked } = await replay(world, told, 1, 2);
  assert.equal(started.State, "STARTING");
  assert.ok(started.ReplayStartTime instanceof Date);
  assert.equal(seconds(described.EventStartTime), seconds(asked.EventStartTime));
  assert.equal(seconds(described.EventEndTime), seconds(asked.EventEndTime));
  assert.equal(seconds(described.EventLastReplayedTime), seconds(told.put[2].time));
  assert.ok(described.ReplayStartTime <= described.ReplayEndTime);
  const events = (await world.bodies(url)).map((body) => JSON.parse(body));
  const again = events.map(({ id, time, "replay-name": name }) => ({ id, time, name }));
  again.sort((a, b) => (a.time < b.time ? -1 : 1));
  const iso = (time) => time.toISOString().replace(/\.\d+Z/, "Z");
  assert.deepEqual(again, told.put.slice(1).map(({ id, time }) => ({ id, time: iso(time), name: "again" })));
});

test("lists of archives and replays have dates, and are empty lists without any", async () => {
  const world = new World(fanlight);
  const { $metadata: one, ...archives } = await world.events.listArchives({});
  const { $metadata: two, ...replays } = await world.events.listReplays({});
  assert.deepEqual([archives, replays], [{ Archives: [] }, { Replays: [] }]);
  await replay(world, await story(world), 0, 0);
  const [found] = (await world.events.listReplays({})).Replays;
  assert.equal(found.State, "COMPLETED");
  for (const member of ["EventStartTime", "EventEndTime", "ReplayStartTime", "ReplayEndTime"]) {
    assert.ok(found[member] instanceof Date, member);
  }
});

test("a scheduled rule fires when its time has come", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  const { RuleArn } = await world.events.putRule({ Name: "each-minute", ScheduleExpression: "rate(1 minute)" });
  await world.events.putTargets({ Rule: "each-minute", Targets: [{ Id: "queue", Arn: world.queueArn(url) }] });
  await fanlight.advance(60);
  const event = JSON.parse(await until(async () => (await world.bodies(url))[0], "the event"));
  assert.equal(event.source, "aws.events");
  assert.equal(event["detail-type"], "Scheduled Event");
  assert.deepEqual(event.resources, [RuleArn]);
});
