package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fanlight.compat.support.Attempts;
import fanlight.compat.support.Refused;
import fanlight.compat.support.Server;
import fanlight.compat.support.Steered;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeNameException;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.OverLimitException;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Each refusal is the SDK's own exception class, with AWS's code, status and sentence. */
@ExtendWith(Worlds.class)
class ErrorsTest {

    // -- SQS: the SDK knows the class by `__type`, the code by the header x-amzn-query-error ------------

    @Test
    void queueDoesNotExist(World world) {
        Refused.with(QueueDoesNotExistException.class, () -> world.sqs.getQueueUrl(b -> b.queueName("nowhere")))
            .code("AWS.SimpleQueueService.NonExistentQueue").status(400)
            .message("The specified queue does not exist.");
    }

    @Test
    void receiptHandleIsInvalid(World world) {
        String url = world.queue();
        Refused.with(ReceiptHandleIsInvalidException.class,
                () -> world.sqs.deleteMessage(b -> b.queueUrl(url).receiptHandle("no handle")))
            .code("ReceiptHandleIsInvalid").status(404)
            .message("The input receipt handle \"no handle\" is not a valid receipt handle.");
    }

    @Test
    void anExpiredReceiptHandle(@Steered World world) {
        String url = world.hashedFifo();
        world.sqs.sendMessage(b -> b.queueUrl(url).messageBody("hello").messageGroupId("g"));
        String handle = world.receiveOne(url).receiptHandle();
        world.server.advance(Duration.ofSeconds(31));
        Refused.with(SqsException.class, () -> world.sqs.deleteMessage(b -> b.queueUrl(url).receiptHandle(handle)))
            .code("InvalidParameterValue").status(400).message(
                "Value " + handle + " for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.");
    }

    @Test
    void unknownAttributesAndContents(World world) {
        String url = world.queue();
        Refused.with(InvalidAttributeNameException.class, () -> world.sqs.setQueueAttributes(
                b -> b.queueUrl(url).attributesWithStrings(Map.of("Nonsense", "1"))))
            .code("InvalidAttributeName").status(400).message("Unknown Attribute Nonsense.");
        Refused.with(InvalidMessageContentsException.class, () -> world.send(url, "\u0001"))
            .code("InvalidMessageContents").status(400);
    }

    @Test
    void whatHasNoClassOfItsOwnIsAnSqsException(World world) {
        String url = world.queue();
        Refused.with(SqsException.class, () -> world.sqs.receiveMessage(b -> b.queueUrl(url).maxNumberOfMessages(11)))
            .code("InvalidParameterValue").status(400)
            .message("Value 11 for parameter MaxNumberOfMessages is invalid."
                + " Reason: Must be between 1 and 10, if provided.");
        Refused.with(SqsException.class, () -> world.sqs.sendMessage(b -> b.queueUrl(url)))
            .code("MissingParameter").status(400)
            .message("The request must contain the parameter MessageBody.");
    }

    @Test
    void waitingPeriodsOfAMinute() throws Exception {
        try (Server strict = Server.start("--strict-timing").freeze();
                World world = new World(strict, Worlds.newAccount(), "us-east-1")) {
            String url = world.sqs.createQueue(b -> b.queueName("orders")).queueUrl();
            world.sqs.purgeQueue(b -> b.queueUrl(url));
            Refused.with(PurgeQueueInProgressException.class, () -> world.sqs.purgeQueue(b -> b.queueUrl(url)))
                .code("AWS.SimpleQueueService.PurgeQueueInProgress").status(403)
                .message("Only one PurgeQueue operation on orders is allowed every 60 seconds.");
            world.sqs.deleteQueue(b -> b.queueUrl(url));
            Refused.with(QueueDeletedRecentlyException.class, () -> world.sqs.createQueue(b -> b.queueName("orders")))
                .code("AWS.SimpleQueueService.QueueDeletedRecently").status(400)
                .message("You must wait 60 seconds after deleting a queue before you can create another"
                    + " with the same name.");
        }
    }

    @Test
    void tooManyMessagesInFlight(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("fanlight.toml");
        Files.writeString(file, "[limits.sqs]\nstandard_in_flight = 1\n");
        try (Server small = Server.start("--config", file.toString());
                World world = new World(small, Worlds.newAccount(), "us-east-1")) {
            String url = world.queue();
            world.send(url, "1");
            world.send(url, "2");
            world.sqs.receiveMessage(b -> b.queueUrl(url));
            Refused.with(OverLimitException.class, () -> world.sqs.receiveMessage(b -> b.queueUrl(url)))
                .code("OverLimit").status(403);
        }
    }

    // -- SNS: XML ---------------------------------------------------------------------------------------

    @Test
    void topicNotFound(World world) {
        String nowhere = "arn:aws:sns:us-east-1:" + world.account + ":nowhere";
        Refused.with(NotFoundException.class, () -> world.sns.publish(b -> b.topicArn(nowhere).message("hello")))
            .code("NotFound").status(404).message("Topic does not exist");
    }

    @Test
    void invalidParameter(World world) {
        Refused.with(InvalidParameterException.class, () -> world.sns.createTopic(b -> b.name("not a name")))
            .code("InvalidParameter").status(400).message("Invalid parameter: Topic Name");
        String topic = world.topic();
        Refused.with(InvalidParameterException.class, () -> world.sns.publish(b -> b.topicArn(topic).message("")))
            .code("InvalidParameter").status(400).message("Invalid parameter: Empty message");
    }

    // -- EventBridge: JSON 1.1 --------------------------------------------------------------------------

    @Test
    void resourceNotFound(World world) {
        Refused.with(ResourceNotFoundException.class,
                () -> world.events.describeRule(b -> b.name("nowhere")))
            .code("ResourceNotFoundException").status(400)
            .message("Rule nowhere does not exist on EventBus default.");
    }

    @Test
    void resourceAlreadyExists(World world) {
        world.events.createEventBus(b -> b.name("orders"));
        Refused.with(ResourceAlreadyExistsException.class, () -> world.events.createEventBus(b -> b.name("orders")))
            .code("ResourceAlreadyExistsException").status(400).message("Event bus orders already exists.");
    }

    @Test
    void invalidEventPattern(World world) {
        String pattern = "{\"resources\": []}";
        Refused.with(InvalidEventPatternException.class,
                () -> world.events.putRule(b -> b.name("r").eventPattern(pattern)))
            .code("InvalidEventPatternException").status(400)
            .message("Event pattern is not valid. Reason: Empty arrays are not allowed\n"
                + " at [Source: (String)\"{\"resources\": []}\"; line: 1, column: 17]");
    }

    @Test
    void validationHasNoClassOfItsOwn(World world) {
        Refused.with(EventBridgeException.class, () -> world.events.putEvents(b -> b.entries(List.of())))
            .code("ValidationException").status(400)
            .message("1 validation error detected: Value '[]' at 'entries' failed to satisfy constraint:"
                + " Member must have length greater than or equal to 1");
    }

    // -- what the client does with them -----------------------------------------------------------------

    @Test
    void aRefusalIsNotTriedAgain(World world) {
        Attempts attempts = new Attempts();
        SqsClient sqs = world.closing(world.sqsBuilder()
            .overrideConfiguration(b -> b.addExecutionInterceptor(attempts)).build());
        Refused.with(QueueDoesNotExistException.class, () -> sqs.getQueueUrl(b -> b.queueName("nowhere")));
        Refused.with(ReceiptHandleIsInvalidException.class,
            () -> sqs.deleteMessage(b -> b.queueUrl(world.queue()).receiptHandle("x")));
        EventBridgeClient events = world.closing(world.addressed(EventBridgeClient.builder())
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(b -> b.addExecutionInterceptor(attempts)).build());
        Refused.with(EventBridgeException.class, () -> events.putEvents(b -> b.entries(List.of())));
        assertEquals(3, attempts.requests().size());
    }

    @Test
    void everyAnswerNamesItsRequest(World world) {
        String url = world.queue();
        String topic = world.topic();
        List<String> ids = List.of(
            world.sqs.sendMessage(b -> b.queueUrl(url).messageBody("m")).responseMetadata().requestId(),
            world.sns.publish(b -> b.topicArn(topic).message("m")).responseMetadata().requestId(),
            world.events.listRules(b -> b.limit(1)).responseMetadata().requestId());
        ids.forEach(id -> assertTrue(id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), id));
        assertEquals(3, ids.stream().distinct().count());
    }
}
