// Refusals as the SDK tells them: which exception, which code and words, and that nothing refused is tried again.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as events from "@aws-sdk/client-eventbridge";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import { server } from "../support/server.js";
import { refusal, refused } from "../support/refusals.js";
import { World } from "../support/world.js";

const fanlight = await server();
const QUEUE_MISSING = "The specified queue does not exist.";
const BATCH_ID =
  "A batch entry id can only contain alphanumeric characters, hyphens and underscores. " +
  "It can be at most 80 letters long.";

// AWS tells SQS's errors by their shape, and by the older query code in a header. The SDK names an error by its shape,
// or by the query code where its model does not know the shape, and keeps the query code in `Error`.
const SQS = {
  "an unknown queue": {
    call: (world) => world.sqs.getQueueUrl({ QueueName: "missing" }),
    told: [sqs.QueueDoesNotExist, "QueueDoesNotExist", QUEUE_MISSING],
    code: "AWS.SimpleQueueService.NonExistentQueue",
  },
  "a message to an unknown queue": {
    call: (world) => world.send(`${fanlight.url}/${world.account}/missing`),
    told: [sqs.QueueDoesNotExist, "QueueDoesNotExist", QUEUE_MISSING],
    code: "AWS.SimpleQueueService.NonExistentQueue",
  },
  "a queue of that name with other attributes": {
    call: async (world) => world.queue({ DelaySeconds: "7" }, (await world.queue()).split("/").at(-1)),
    told: [
      sqs.QueueNameExists,
      "QueueNameExists",
      "A queue already exists with the same name and a different value for attribute DelaySeconds",
    ],
    code: "QueueAlreadyExists",
  },
  "an unknown attribute": {
    call: async (world) => world.sqs.getQueueAttributes({ QueueUrl: await world.queue(), AttributeNames: ["Foobar"] }),
    told: [sqs.InvalidAttributeName, "InvalidAttributeName", "Unknown Attribute Foobar."],
    code: "InvalidAttributeName",
  },
  "a batch of nothing": {
    call: async (world) => world.sqs.sendMessageBatch({ QueueUrl: await world.queue(), Entries: [] }),
    told: [
      sqs.EmptyBatchRequest,
      "EmptyBatchRequest",
      "There should be at least one SendMessageBatchRequestEntry in the request.",
    ],
    code: "AWS.SimpleQueueService.EmptyBatchRequest",
  },
  "a batch of eleven": {
    call: (world) => batch(world, Array.from({ length: 11 }, (_, n) => `${n}`)),
    told: [
      sqs.TooManyEntriesInBatchRequest,
      "TooManyEntriesInBatchRequest",
      "Maximum number of entries per request are 10. You have sent 11.",
    ],
    code: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  },
  "a batch with an id twice": {
    call: (world) => batch(world, ["a", "b", "a"]),
    told: [sqs.BatchEntryIdsNotDistinct, "BatchEntryIdsNotDistinct", "Id a repeated."],
    code: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  },
  "a batch with an impossible id": {
    call: (world) => batch(world, ["a:b"]),
    told: [sqs.InvalidBatchEntryId, "InvalidBatchEntryId", BATCH_ID],
    code: "AWS.SimpleQueueService.InvalidBatchEntryId",
  },
  "a batch of more than 1 MiB": {
    call: (world) => batch(world, ["a", "b"], "x".repeat(524_289)),
    told: [
      sqs.BatchRequestTooLong,
      "BatchRequestTooLong",
      "Batch requests cannot be longer than 1048576 bytes. You have sent 1048578 bytes.",
    ],
    code: "AWS.SimpleQueueService.BatchRequestTooLong",
  },
  "a message of more than 1 MiB": {
    call: async (world) => world.send(await world.queue(), "x".repeat(1_048_577)),
    told: [
      sqs.SQSServiceException,
      "InvalidParameterValue",
      "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
    ],
    code: "InvalidParameterValue",
  },
  "a wait of 21 seconds": {
    call: async (world) => world.receive(await world.queue(), { WaitTimeSeconds: 21 }),
    told: [
      sqs.SQSServiceException,
      "InvalidParameterValue",
      "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.",
    ],
    code: "InvalidParameterValue",
  },
  "a receipt handle that is none": {
    call: async (world) => world.sqs.deleteMessage({ QueueUrl: await world.queue(), ReceiptHandle: "none" }),
    told: [
      sqs.ReceiptHandleIsInvalid,
      "ReceiptHandleIsInvalid",
      'The input receipt handle "none" is not a valid receipt handle.',
      404,
    ],
    code: "ReceiptHandleIsInvalid",
  },
  "a move task of a queue that is nobody's dead-letter queue": {
    call: async (world) => world.sqs.startMessageMoveTask({ SourceArn: world.queueArn(await world.queue()) }),
    told: [
      sqs.SQSServiceException,
      "InvalidParameterValue",
      "Source queue must be configured as a Dead Letter Queue.",
    ],
    code: "InvalidParameterValue",
  },
  "a move task of a queue that is not there": {
    call: (world) => world.sqs.startMessageMoveTask({ SourceArn: world.arn("sqs", "missing") }),
    told: [
      sqs.ResourceNotFoundException,
      "ResourceNotFoundException",
      "The resource that you specified for the SourceArn parameter doesn't exist.",
      404,
    ],
    code: "ResourceNotFoundException",
  },
};

async function batch(world, ids, MessageBody = "hello") {
  const Entries = ids.map((Id) => ({ Id, MessageBody }));
  return world.sqs.sendMessageBatch({ QueueUrl: await world.queue(), Entries });
}

for (const [what, { call, told, code }] of Object.entries(SQS)) {
  test(`SQS: ${what}`, async () => {
    const error = await refused(call(new World(fanlight)), ...told);
    assert.equal(error.Error.Code, code);
    assert.equal(error.Error.Type, "Sender");
  });
}

const SNS = {
  "an unknown topic": {
    call: (world) => world.sns.publish({ TopicArn: world.arn("sns", "missing"), Message: "hello" }),
    told: [sns.NotFoundException, "NotFoundException", "Topic does not exist", 404],
  },
  "an unknown subscription": {
    call: (world) =>
      world.sns.getSubscriptionAttributes({ SubscriptionArn: world.arn("sns", `missing:${crypto.randomUUID()}`) }),
    told: [sns.NotFoundException, "NotFoundException", "Subscription does not exist", 404],
  },
  "an impossible topic name": {
    call: (world) => world.sns.createTopic({ Name: "no such name" }),
    told: [sns.InvalidParameterException, "InvalidParameterException", "Invalid parameter: Topic Name"],
  },
  "a topic of that name with other attributes": {
    call: async (world) => world.topic({ DisplayName: "other" }, (await world.topic()).split(":").at(-1)),
    told: [
      sns.InvalidParameterException,
      "InvalidParameterException",
      "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
    ],
  },
  "an empty message": {
    call: async (world) => world.sns.publish({ TopicArn: await world.topic(), Message: "" }),
    told: [sns.InvalidParameterException, "InvalidParameterException", "Invalid parameter: Empty message"],
  },
  "a batch with an id twice": {
    call: (world) => publish(world, ["a", "a"]),
    told: [
      sns.BatchEntryIdsNotDistinctException,
      "BatchEntryIdsNotDistinctException",
      "Two or more batch entries in the request have the same Id.",
    ],
  },
  "a batch of eleven": {
    call: (world) => publish(world, Array.from({ length: 11 }, (_, n) => `${n}`)),
    told: [
      sns.TooManyEntriesInBatchRequestException,
      "TooManyEntriesInBatchRequestException",
      "The batch request contains more entries than permissible.",
    ],
  },
  "a batch with an impossible id": {
    call: (world) => publish(world, ["a:b"]),
    told: [
      sns.InvalidBatchEntryIdException,
      "InvalidBatchEntryIdException",
      "The Id of a batch entry in the batch request contains an impermissible character: a:b",
    ],
  },
  "tags of an unknown topic": {
    call: (world) => world.sns.listTagsForResource({ ResourceArn: world.arn("sns", "missing") }),
    told: [sns.ResourceNotFoundException, "ResourceNotFoundException", "Resource does not exist", 404],
  },
};

async function publish(world, ids) {
  const PublishBatchRequestEntries = ids.map((Id) => ({ Id, Message: "hello" }));
  return world.sns.publishBatch({ TopicArn: await world.topic(), PublishBatchRequestEntries });
}

for (const [what, { call, told }] of Object.entries(SNS)) {
  test(`SNS: ${what}`, async () => {
    const error = await refused(call(new World(fanlight)), ...told);
    assert.equal(error.Type, "Sender");
  });
}

const EVENTS = {
  "an unknown rule": {
    call: (world) => world.events.describeRule({ Name: "missing" }),
    told: [
      events.ResourceNotFoundException,
      "ResourceNotFoundException",
      "Rule missing does not exist on EventBus default.",
    ],
  },
  "a bus that is there already": {
    call: async (world) => world.events.createEventBus({ Name: await world.bus() }).catch((error) => {
      error.message = error.message.replace(/bus-\d+/, "NAME");
      throw error;
    }),
    told: [events.ResourceAlreadyExistsException, "ResourceAlreadyExistsException", "Event bus NAME already exists."],
  },
  "a pattern that is none": {
    call: (world) => world.rule({ resources: [] }),
    told: [
      events.InvalidEventPatternException,
      "InvalidEventPatternException",
      "Event pattern is not valid. Reason: Empty arrays are not allowed\n" +
        ' at [Source: (String)"{"resources":[]}"; line: 1, column: 16]',
    ],
  },
  "a schedule that is none": {
    call: (world) => world.events.putRule({ Name: "r", ScheduleExpression: "rate(1 minutes)" }),
    told: [events.EventBridgeServiceException, "ValidationException", "Parameter ScheduleExpression is not valid."],
  },
  "the default bus is not deleted": {
    call: (world) => world.events.deleteEventBus({ Name: "default" }),
    told: [events.EventBridgeServiceException, "ValidationException", "Cannot delete event bus default."],
  },
  "a name that does not fit": {
    call: (world) => world.events.createEventBus({ Name: "no such name" }),
    told: [
      events.EventBridgeServiceException,
      "ValidationException",
      "1 validation error detected: Value 'no such name' at 'name' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+",
    ],
  },
  "six targets": {
    // The SDK takes LimitExceededException for throttling and tries it again, on AWS as well.
    settings: { maxAttempts: 1 },
    call: async (world) => {
      await world.events.putRule({ Name: "r", EventPattern: '{"source":["a"]}' });
      const Targets = Array.from({ length: 6 }, (_, n) => ({ Id: `${n}`, Arn: world.arn("sqs", `q${n}`) }));
      return world.events.putTargets({ Rule: "r", Targets });
    },
    told: [
      events.LimitExceededException,
      "LimitExceededException",
      "The requested resource exceeds the maximum number allowed.",
    ],
  },
  "an unknown archive": {
    call: (world) => world.events.describeArchive({ ArchiveName: "missing" }),
    told: [events.ResourceNotFoundException, "ResourceNotFoundException", "Archive missing does not exist."],
  },
};

for (const [what, { call, told, settings }] of Object.entries(EVENTS)) {
  test(`EventBridge: ${what}`, async () => {
    await refused(call(new World(fanlight, settings)), ...told);
  });
}

test("SQS: with --strict-timing names of deleted queues rest for a minute, and so do purged queues", async () => {
  const world = new World(await server("--strict-timing"));
  const QueueUrl = await world.queue({}, "orders");
  await world.sqs.purgeQueue({ QueueUrl });
  await refused(
    world.sqs.purgeQueue({ QueueUrl }),
    sqs.PurgeQueueInProgress,
    "PurgeQueueInProgress",
    "Only one PurgeQueue operation on orders is allowed every 60 seconds.",
    403,
  );
  await world.sqs.deleteQueue({ QueueUrl });
  await refused(
    world.queue({}, "orders"),
    sqs.QueueDeletedRecently,
    "QueueDeletedRecently",
    "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
  );
});

test("a queue that is gone is told to a client that still sends to it", async () => {
  const world = new World(fanlight);
  const QueueUrl = await world.queue();
  await world.sqs.deleteQueue({ QueueUrl });
  for (const call of [() => world.send(QueueUrl), () => world.receive(QueueUrl), () => world.attributes(QueueUrl)]) {
    assert.ok((await refusal(call())) instanceof sqs.QueueDoesNotExist);
  }
});
