// `--auth verify`: the SDK's own signatures, right and wrong, and a client whose clock is wrong.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { server, steeredServer } from "../support/server.js";
import { refusal } from "../support/refusals.js";
import { World } from "../support/world.js";

const folder = await mkdtemp(join(tmpdir(), "fanlight-js-"));
after(() => rm(folder, { recursive: true }));
const config = join(folder, "fanlight.toml");
const KEY = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "a secret/with+signs=" };
await writeFile(config, `[[credentials]]
access_key = "${KEY.accessKeyId}"
secret_key = "${KEY.secretAccessKey}"
account = "111122223333"
`);
const VERIFY = ["--auth", "verify", "--config", config];
const fanlight = await server(...VERIFY);

const world = (credentials, more = {}) => new World(fanlight, { credentials, ...more });
const HOUR_MS = 3_600_000;
const UNKNOWN = { ...KEY, accessKeyId: "AKIASOMEBODYELSE" };
const WRONG = { ...KEY, secretAccessKey: "another secret" };
const CALLS = {
  SQS: (world) => world.sqs.createQueue({ QueueName: "orders", tags: { name: "grüße 🎈 +&=" } }),
  SNS: (world) => world.sns.createTopic({ Name: "news", Tags: [{ Key: "name", Value: "grüße 🎈 +&=~*" }] }),
  EventBridge: (world) => world.events.putRule({ Name: "r", EventPattern: '{"source":["grüße 🎈"]}' }),
};
// AWS: SNS and SQS say 403 (aws-sdk-js issue 1919, async-aws issue 1948), EventBridge 400 (paws issue 426).
const REFUSALS = {
  SQS: { wrong: ["SignatureDoesNotMatch", 403], unknown: ["InvalidClientTokenId", 403] },
  SNS: { wrong: ["SignatureDoesNotMatch", 403], unknown: ["InvalidClientTokenId", 403] },
  EventBridge: { wrong: ["InvalidSignatureException", 400], unknown: ["UnrecognizedClientException", 400] },
};

for (const [service, call] of Object.entries(CALLS)) {
  test(`${service} accepts the right signature`, async () => {
    const answer = await call(world(KEY));
    assert.match(answer.QueueUrl ?? answer.TopicArn ?? answer.RuleArn, /111122223333/);
    assert.equal(answer.$metadata.attempts, 1);
  });

  test(`${service} refuses a signature by the wrong secret`, async () => {
    const error = await refusal(call(world(WRONG)));
    assert.match(error.message, /^The request signature we calculated does not match the signature you provided\./);
    assert.deepEqual([error.name, error.$metadata.httpStatusCode], REFUSALS[service].wrong);
  });

  test(`${service} refuses a key that nobody has`, async () => {
    const error = await refusal(call(world(UNKNOWN)));
    assert.equal(error.message, "The security token included in the request is invalid.");
    assert.deepEqual([error.name, error.$metadata.httpStatusCode], REFUSALS[service].unknown);
    assert.equal(error.$metadata.attempts, 1);
  });

  for (const hours of [2, -1]) {
    test(`${service}: a client whose clock is off by ${hours} hours sets it by the refusal's Date`, async (context) => {
      const { now } = Date;
      context.mock.method(Date, "now", () => now() + hours * HOUR_MS);
      const client = world(KEY);
      assert.equal((await call(client)).$metadata.attempts, 2);
      assert.equal((await call(client)).$metadata.attempts, 1);
    });
  }
}

test("signatures are accepted when the server's clock is moved by a day", async () => {
  const steered = await steeredServer(...VERIFY);
  const { sqs } = new World(steered, { credentials: KEY });
  await steered.advance(86_400);
  assert.match((await sqs.createQueue({ QueueName: "orders" })).QueueUrl, /\/111122223333\/orders$/);
});

test("queue calls are signed for the host of the queue URL", async () => {
  const { sqs } = world(KEY, { endpoint: `http://localhost:${fanlight.port}` });
  const { QueueUrl } = await sqs.createQueue({ QueueName: "orders" });
  assert.equal(QueueUrl, `http://localhost:${fanlight.port}/111122223333/orders`);
  await sqs.sendMessage({ QueueUrl, MessageBody: '"grüße"\r\n' + "x".repeat(1_000_000) });
  assert.equal((await sqs.receiveMessage({ QueueUrl })).Messages.length, 1);
});
