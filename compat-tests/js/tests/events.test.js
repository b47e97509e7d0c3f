// EventBridge: events, patterns, targets, failed entries, rules and buses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { server } from "../support/server.js";
import { text, World } from "../support/world.js";

const fanlight = await server();
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ORDERS = { source: ["shop"] };
const EVENT = {
  id: "17793124-05d4-b198-2fde-7ededc63b103",
  account: "123456789012",
  source: "shop",
  time: "2026-11-20T20:40:00Z",
  region: "us-east-1",
  resources: [],
  "detail-type": "OrderCreated",
  detail: { total: 12.5, tags: ["new", "gift"] },
};

const entry = (detail = {}, more = {}) => {
  return { Source: "shop", DetailType: "OrderCreated", Detail: text(detail), ...more };
};

async function put(world, ...entries) {
  const answer = await world.events.putEvents({ Entries: entries });
  assert.equal(answer.FailedEntryCount, 0, JSON.stringify(answer));
  return answer.Entries.map((entry) => entry.EventId);
}

test("an event arrives with what was put and what EventBridge adds", async () => {
  const world = new World(fanlight);
  const url = await world.rule(ORDERS);
  const detail = { name: "grüße 🎈", total: 12.5, list: [1, null, true, { a: "\\\"" }] };
  const Resources = ["arn:aws:s3:::bucket"];
  const [id] = await put(world, entry(detail, { Resources, Time: new Date("2026-11-20T20:40:00.987Z") }));
  assert.match(id, UUID);
  assert.deepEqual(await world.document(url), {
    version: "0",
    id,
    "detail-type": "OrderCreated",
    source: "shop",
    account: world.account,
    time: "2026-11-20T20:40:00Z",
    region: "us-east-1",
    resources: Resources,
    detail,
  });
});

test("an event without a time gets the present one", async () => {
  const world = new World(fanlight);
  const url = await world.rule(ORDERS);
  const began = Math.floor(Date.now() / 1000) * 1000;
  await put(world, entry());
  const { time } = await world.document(url);
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(began <= new Date(time) && new Date(time) <= Date.now());
});

test("entries that fail are told in their places, the others are delivered", async () => {
  const world = new World(fanlight);
  const url = await world.rule(ORDERS);
  const Entries = [entry({ n: 1 }), entry("no JSON"), entry({ n: 3 })];
  const { $metadata, ...answer } = await world.events.putEvents({ Entries });
  assert.equal($metadata.httpStatusCode, 200);
  assert.equal(answer.FailedEntryCount, 1);
  assert.match(answer.Entries[0].EventId, UUID);
  assert.deepEqual(answer.Entries[1], { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." });
  assert.match(answer.Entries[2].EventId, UUID);
  const details = (await world.bodies(url)).map((body) => JSON.parse(body).detail.n);
  assert.deepEqual(details.sort(), [1, 3]);
});

test("an entry that lacks a member fails by itself", async () => {
  const { Entries } = await new World(fanlight).events.putEvents({ Entries: [{ Source: "shop", Detail: "{}" }] });
  assert.equal(Entries[0].EventId, undefined);
  assert.equal(Entries[0].ErrorCode, "InvalidArgument");
});

const PATTERNS = {
  "a value": [{ source: ["shop", "other"] }, true],
  "another value": [{ source: ["other"] }, false],
  "a prefix": [{ "detail-type": [{ prefix: "Order" }] }, true],
  "a range": [{ detail: { total: [{ numeric: [">", 10, "<=", 12.5] }] } }, true],
  "anything but": [{ detail: { tags: [{ "anything-but": ["sold"] }] } }, true],
  "what is not there": [{ detail: { coupon: [{ exists: false }] } }, true],
  "one or the other": [{ $or: [{ source: ["other"] }, { detail: { tags: ["gift"] } }] }, true],
  "a wildcard": [{ "detail-type": [{ wildcard: "Order*ted" }] }, true],
  "two at once": [{ source: ["shop"], detail: { total: [12] } }, false],
};

for (const [kind, [pattern, Result]] of Object.entries(PATTERNS)) {
  test(`TestEventPattern ${Result ? "matches" : "does not match"}: ${kind}`, async () => {
    const asked = { EventPattern: text(pattern), Event: text(EVENT) };
    assert.equal((await new World(fanlight).events.testEventPattern(asked)).Result, Result);
  });
}

test("a rule lets through only what its pattern describes, on its own bus only", async () => {
  const world = new World(fanlight);
  const bus = await world.bus();
  const url = await world.rule({ detail: { total: [{ numeric: [">=", 100] }] } }, { bus });
  const there = { EventBusName: bus };
  const [id] = await put(world, entry({ total: 100 }, there), entry({ total: 99 }, there), entry({ total: 100 }));
  assert.equal((await world.document(url)).id, id);
});

test("an input transformer makes a new text of the event", async () => {
  const world = new World(fanlight);
  const InputTransformer = {
    InputPathsMap: { total: "$.detail.total", who: "$.detail.who" },
    InputTemplate:
      '{"text": "<who> pays <total>", "total": <total>, "rule": <aws.events.rule-name>, ' +
      '"event": <aws.events.event.json>}',
  };
  const url = await world.rule(ORDERS, { InputTransformer });
  const [id] = await put(world, entry({ total: 12.5, who: "Zoë" }));
  const { text: told, total, rule, event } = await world.document(url);
  assert.equal(told, "Zoë pays 12.5");
  assert.equal(total, 12.5);
  assert.match(rule, /^rule-\d+$/);
  assert.equal(event.id, id);
});

test("an input path takes a part of the event, a fixed input replaces it", async () => {
  const world = new World(fanlight);
  const part = await world.rule(ORDERS, { InputPath: "$.detail" });
  const fixed = await world.rule(ORDERS, { Input: '{"fixed":true}' });
  await put(world, entry({ total: 1 }));
  assert.deepEqual(await world.document(part), { total: 1 });
  assert.deepEqual(await world.document(fixed), { fixed: true });
});

test("a FIFO queue gets events in the group its target names", async () => {
  const world = new World(fanlight);
  const [url, Rule] = [await world.fifo({ ContentBasedDeduplication: "true" }), "to-fifo"];
  await world.events.putRule({ Name: Rule, EventPattern: text(ORDERS) });
  const SqsParameters = { MessageGroupId: "orders" };
  await world.events.putTargets({ Rule, Targets: [{ Id: "fifo", Arn: world.queueArn(url), SqsParameters }] });
  await put(world, entry());
  assert.equal((await world.message(url)).Attributes.MessageGroupId, "orders");
});

test("an event reaches a queue through a topic", async () => {
  const world = new World(fanlight);
  const topic = await world.topic();
  const url = await world.listen(topic, { RawMessageDelivery: "true" });
  await world.events.putRule({ Name: "to-topic", EventPattern: text(ORDERS) });
  await world.events.putTargets({ Rule: "to-topic", Targets: [{ Id: "topic", Arn: topic }] });
  const [id] = await put(world, entry({ n: 1 }));
  const event = await world.document(url);
  assert.deepEqual([event.id, event.detail], [id, { n: 1 }]);
});

test("a rule is described as it was put, and members that were not are absent", async () => {
  const world = new World(fanlight);
  const { RuleArn } = await world.events.putRule({ Name: "orders", EventPattern: text(ORDERS), Description: "Grüße" });
  assert.equal(RuleArn, world.arn("events", "rule/orders"));
  const { $metadata, ...rule } = await world.events.describeRule({ Name: "orders" });
  assert.deepEqual(rule, {
    Arn: RuleArn,
    CreatedBy: world.account,
    Description: "Grüße",
    EventBusName: "default",
    EventPattern: text(ORDERS),
    Name: "orders",
    State: "ENABLED",
  });
});

test("a disabled rule is silent until it is enabled again", async () => {
  const world = new World(fanlight);
  const url = await world.rule(ORDERS);
  const { Rules } = await world.events.listRules({});
  await world.events.disableRule({ Name: Rules[0].Name });
  await put(world, entry());
  assert.deepEqual(await world.bodies(url), []);
  await world.events.enableRule({ Name: Rules[0].Name });
  const [id] = await put(world, entry());
  assert.equal((await world.document(url)).id, id);
});

test("lists come in pages by Limit and NextToken; without anything they are empty lists", async () => {
  const world = new World(fanlight);
  const { $metadata, ...none } = await world.events.listRules({});
  assert.deepEqual(none, { Rules: [] });
  for (const Name of ["a", "b", "c"]) await world.events.putRule({ Name, EventPattern: text(ORDERS) });
  assert.deepEqual((await world.events.listTargetsByRule({ Rule: "a" })).Targets, []);
  const first = await world.events.listRules({ Limit: 2 });
  const second = await world.events.listRules({ Limit: 2, NextToken: first.NextToken });
  const names = [first, second].map((page) => page.Rules.map((rule) => rule.Name));
  assert.deepEqual(names, [["a", "b"], ["c"]]);
  assert.equal(second.NextToken, undefined);
});

test("targets that are removed but were never there are no failure", async () => {
  const world = new World(fanlight);
  const url = await world.rule(ORDERS);
  const [{ Name: Rule }] = (await world.events.listRules({})).Rules;
  const { Targets } = await world.events.listTargetsByRule({ Rule });
  assert.deepEqual(Targets, [{ Id: "queue", Arn: world.queueArn(url) }]);
  const { $metadata, ...answer } = await world.events.removeTargets({ Rule, Ids: ["queue"] });
  assert.deepEqual(answer, { FailedEntries: [], FailedEntryCount: 0 });
});

test("dates of buses are dates; tags come back as they were given", async () => {
  const world = new World(fanlight);
  const began = Math.floor(Date.now() / 1000) * 1000;
  const Tags = [{ Key: "team", Value: "naïve 🎈" }];
  const { EventBusArn: ResourceARN } = await world.events.createEventBus({ Name: "orders", Tags });
  const { CreationTime, LastModifiedTime } = await world.events.describeEventBus({ Name: "orders" });
  for (const time of [CreationTime, LastModifiedTime]) {
    assert.ok(time instanceof Date);
    assert.ok(began <= time && time <= Date.now());
  }
  assert.deepEqual((await world.events.listTagsForResource({ ResourceARN })).Tags, Tags);
  await world.events.untagResource({ ResourceARN, TagKeys: ["team"] });
  assert.deepEqual((await world.events.listTagsForResource({ ResourceARN })).Tags, []);
});
