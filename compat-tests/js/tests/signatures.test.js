// Signatures of SNS, checked by sns-validator as it is published. The certificate is fetched from the running server:
// the host that validators insist on is mapped to it, as an entry in /etc/hosts would do it. Nothing else about the
// package is changed. It knows no Token in an UnsubscribeConfirmation, so it refuses even AWS's; none is checked here.
import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import { before, test } from "node:test";
import { promisify } from "node:util";
import MessageValidator from "sns-validator";
import { Receiver } from "../support/receiver.js";
import { refusal } from "../support/refusals.js";
import { server } from "../support/server.js";
import { World } from "../support/world.js";

const fanlight = await server();
const validator = new MessageValidator();
const validate = promisify(validator.validate.bind(validator));
const fetched = new Set();

before(() => {
  https.get = (url, done) => {
    fetched.add(url);
    return http.get(fanlight.url + new URL(url).pathname, done);
  };
});

async function notification(SignatureVersion, more = {}) {
  const world = new World(fanlight);
  const topic = await world.topic({ SignatureVersion });
  const url = await world.listen(topic);
  await world.sns.publish({ TopicArn: topic, Message: "hello", ...more });
  return world.document(url);
}

for (const version of ["1", "2"]) {
  test(`a notification is signed, version ${version}`, async () => {
    const envelope = await notification(version, { Subject: "News & more", Message: 'grüße 🎈\r\n<&> "quoted" \\' });
    assert.equal(envelope.SignatureVersion, version);
    assert.deepEqual(await validate(JSON.stringify(envelope)), envelope);
    assert.ok(fetched.has(envelope.SigningCertURL));
  });

  test(`a notification without a subject is signed, version ${version}`, async () => {
    const envelope = await notification(version);
    assert.equal(envelope.Subject, undefined);
    await validate(envelope);
  });

  test(`a notification that was changed is refused, version ${version}`, async () => {
    const envelope = await notification(version, { Subject: "News" });
    for (const member of ["Message", "MessageId", "Subject", "Timestamp", "TopicArn"]) {
      const changed = { ...envelope, [member]: `${envelope[member]}.` };
      assert.equal((await refusal(validate(changed))).message, "The message signature is invalid.", member);
    }
  });

  test(`an HTTP endpoint gets a signed question and notification, version ${version}`, async () => {
    const world = new World(fanlight);
    const receiver = await new Receiver().listen();
    const topic = await world.topic({ SignatureVersion: version });
    await world.subscribe(topic, "http", receiver.url);
    const question = await receiver.next("SubscriptionConfirmation");
    await validate(question);
    assert.equal((await fetch(question.SubscribeURL)).status, 200);
    await world.sns.publish({ TopicArn: topic, Message: "hello" });
    await validate(await receiver.next("Notification"));
  });
}

test("a certificate of another host is refused by the validator", async () => {
  const envelope = await notification("2");
  const elsewhere = { ...envelope, SigningCertURL: "https://example.com/SimpleNotificationService.pem" };
  assert.match((await refusal(validate(elsewhere))).message, /invalid domain/);
});
