// Messages: the SDK's own MD5 check, attributes of every type, sizes, batches, visibility.
import assert from "node:assert/strict";
import { test } from "node:test";
import { server } from "../support/server.js";
import { refusal } from "../support/refusals.js";
import { md5, md5OfAttributes, World } from "../support/world.js";

const fanlight = await server();
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const WRONG = "0".repeat(32);
const BODIES = {
  unicode: "grüße 日本語 🎈 \u{10FFFF}",
  "JSON in JSON": JSON.stringify({ quoted: '"', back: "\\", slash: "/", nested: JSON.stringify(["\u2028"]) }),
  "markup and control characters": "<a href='x'>&amp;</a>\r\n\t ]]> ",
  "a number": "0012.50",
  "1 MiB": "x".repeat(1_048_576),
  "1 MiB of what JSON escapes": '"\n'.repeat(524_288),
};

/** Changes what the server answered before the SDK checks it. */
function altered(client, change) {
  const middleware = (next) => async (args) => {
    const result = await next(args);
    change(result.output);
    return result;
  };
  client.middlewareStack.add(middleware, { step: "serialize" });
}

for (const [kind, body] of Object.entries(BODIES)) {
  test(`a body comes back as it was sent, with its MD5: ${kind}`, async () => {
    const world = new World(fanlight);
    const url = await world.queue();
    const sent = await world.send(url, body);
    assert.match(sent.MessageId, UUID);
    assert.equal(sent.MD5OfMessageBody, md5(body));
    assert.equal(sent.MD5OfMessageAttributes, undefined);
    const received = await world.message(url);
    assert.equal(received.Body, body);
    assert.equal(received.MessageId, sent.MessageId);
    assert.equal(received.MD5OfBody, md5(body));
    assert.equal(received.MessageAttributes, undefined);
  });
}

test("the SDK does check MD5s: a wrong one throws at send, batch and receive", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  altered(world.sqs, (output) => {
    output.MD5OfMessageBody &&= WRONG;
    for (const entry of output.Successful ?? []) entry.MD5OfMessageBody = WRONG;
    for (const message of output.Messages ?? []) message.MD5OfBody = WRONG;
  });
  assert.match((await refusal(world.send(url))).message, /InvalidChecksumError/);
  const Entries = [{ Id: "a", MessageBody: "hello" }];
  assert.match((await refusal(world.sqs.sendMessageBatch({ QueueUrl: url, Entries }))).message, /Invalid MD5 checksum/);
  assert.match((await refusal(world.receive(url))).message, /Invalid MD5 checksum/);
});

test("attributes of every type come back with the documented MD5", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  const MessageAttributes = {
    text: { DataType: "String", StringValue: "naïve 🎈" },
    "custom.text": { DataType: "String.uuid", StringValue: "1-2" },
    number: { DataType: "Number", StringValue: "-1.50e3" },
    float: { DataType: "Number.float", StringValue: "3.14" },
    bytes: { DataType: "Binary", BinaryValue: Uint8Array.from({ length: 256 }, (_, at) => at) },
    "picture.png": { DataType: "Binary.png", BinaryValue: Uint8Array.of(0) },
  };
  const sent = await world.send(url, "hello", { MessageAttributes });
  assert.equal(sent.MD5OfMessageAttributes, md5OfAttributes(MessageAttributes));
  const received = await world.message(url);
  assert.equal(received.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
  assert.deepEqual(received.MessageAttributes, MessageAttributes);
  assert.ok(received.MessageAttributes.bytes.BinaryValue instanceof Uint8Array);
});

test("only the attributes that are asked for come, and the MD5 is of those", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  const one = { DataType: "String", StringValue: "1" };
  await world.send(url, "hello", { MessageAttributes: { "a.x": one, "a.y": one, b: one } });
  const asked = { VisibilityTimeout: 0, MessageSystemAttributeNames: undefined };
  const some = await world.message(url, { ...asked, MessageAttributeNames: ["a.*"] });
  assert.deepEqual(Object.keys(some.MessageAttributes).sort(), ["a.x", "a.y"]);
  assert.equal(some.MD5OfMessageAttributes, md5OfAttributes(some.MessageAttributes));
  const none = await world.message(url, { ...asked, MessageAttributeNames: undefined });
  const members = ["Body", "MD5OfBody", "MessageId", "ReceiptHandle"];
  assert.deepEqual(Object.keys(none).filter((member) => none[member] !== undefined).sort(), members);
});

test("system attributes are strings, times in milliseconds", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  const began = Date.now();
  const AWSTraceHeader = { DataType: "String", StringValue: "Root=1-5759e988-bd862e3fe1be46a994272793" };
  const sent = await world.send(url, "hello", { MessageSystemAttributes: { AWSTraceHeader } });
  assert.equal(sent.MD5OfMessageSystemAttributes, md5OfAttributes({ AWSTraceHeader }));
  const { Attributes: told } = await world.message(url);
  assert.equal(told.AWSTraceHeader, AWSTraceHeader.StringValue);
  assert.equal(told.ApproximateReceiveCount, "1");
  assert.ok(began <= told.SentTimestamp && told.SentTimestamp <= told.ApproximateFirstReceiveTimestamp);
  assert.ok(told.ApproximateFirstReceiveTimestamp <= Date.now());
});

test("an empty receive has no Messages", async () => {
  const world = new World(fanlight);
  const { $metadata, ...answer } = await world.sqs.receiveMessage({ QueueUrl: await world.queue() });
  assert.deepEqual(answer, {});
});

test("a batch tells what was sent and what was not", async () => {
  const world = new World(fanlight);
  const QueueUrl = await world.queue();
  const note = { DataType: "Number", StringValue: "1" };
  const Entries = [
    { Id: "good", MessageBody: "hello", MessageAttributes: { note } },
    { Id: "control", MessageBody: "\u0000" },
    { Id: "late", MessageBody: "hello", DelaySeconds: 901 },
  ];
  const { Successful, Failed } = await world.sqs.sendMessageBatch({ QueueUrl, Entries });
  assert.deepEqual(Successful.map(({ MessageId, ...entry }) => entry), [
    { Id: "good", MD5OfMessageBody: md5("hello"), MD5OfMessageAttributes: md5OfAttributes({ note }) },
  ]);
  assert.deepEqual(Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]), [
    ["control", "InvalidMessageContents", true],
    ["late", "InvalidParameterValue", true],
  ]);
  assert.deepEqual(await world.bodies(QueueUrl), ["hello"]);
});

test("a batch that wholly succeeds has no Failed", async () => {
  const world = new World(fanlight);
  const QueueUrl = await world.queue();
  const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: "x".repeat(104_857) }));
  const answer = await world.sqs.sendMessageBatch({ QueueUrl, Entries });
  assert.deepEqual(answer.Successful.map((entry) => entry.Id), Entries.map((entry) => entry.Id));
  assert.equal(answer.Failed, undefined);
});

test("batches that delete and change visibility tell what failed", async () => {
  const world = new World(fanlight);
  const QueueUrl = await world.queue();
  await world.send(QueueUrl);
  const { ReceiptHandle } = await world.message(QueueUrl);
  const Entries = [{ Id: "good", ReceiptHandle }, { Id: "bad", ReceiptHandle: "no handle" }];
  const timed = Entries.map((entry) => ({ ...entry, VisibilityTimeout: 60 }));
  const changed = await world.sqs.changeMessageVisibilityBatch({ QueueUrl, Entries: timed });
  const deleted = await world.sqs.deleteMessageBatch({ QueueUrl, Entries });
  for (const { Successful, Failed } of [changed, deleted]) {
    assert.deepEqual(Successful, [{ Id: "good" }]);
    assert.deepEqual(Failed.map(({ Id, Code }) => [Id, Code]), [["bad", "ReceiptHandleIsInvalid"]]);
  }
});

test("a message whose visibility is ended comes again, one that is deleted does not", async () => {
  const world = new World(fanlight);
  const QueueUrl = await world.queue();
  await world.send(QueueUrl);
  const { ReceiptHandle: first } = await world.message(QueueUrl);
  assert.deepEqual(await world.bodies(QueueUrl), []);
  await world.sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: first, VisibilityTimeout: 0 });
  const again = await world.message(QueueUrl, { VisibilityTimeout: 0 });
  assert.equal(again.Attributes.ApproximateReceiveCount, "2");
  await world.sqs.deleteMessage({ QueueUrl, ReceiptHandle: again.ReceiptHandle });
  assert.deepEqual(await world.bodies(QueueUrl), []);
});

test("two hundred calls at once over the SDK's connections are all answered", async () => {
  const world = new World(fanlight);
  const url = await world.queue();
  const sent = await Promise.all(Array.from({ length: 200 }, (_, n) => world.send(url, `${n}`)));
  assert.equal(new Set(sent.map((answer) => answer.MessageId)).size, 200);
  assert.equal((await world.attributes(url)).ApproximateNumberOfMessages, "200");
});
