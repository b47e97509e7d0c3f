package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fanlight.compat.support.Attempts;
import fanlight.compat.support.Refused;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.batchmanager.SqsAsyncBatchManager;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchRequestTooLongException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** Batches by hand, and the batch manager of the asynchronous client, which gathers single calls into batches. */
@ExtendWith(Worlds.class)
class BatchesTest {

    private static SendMessageBatchRequestEntry entry(String id, String body) {
        return SendMessageBatchRequestEntry.builder().id(id).messageBody(body)
            .messageAttributes(Map.of("of", World.text(id))).build();
    }

    private static List<SendMessageBatchRequestEntry> entries(int count) {
        return IntStream.range(0, count).mapToObj(n -> entry("e" + n, "body " + n)).toList();
    }

    @Test
    void tenAreSentAndDeletedAtOnce(World world) {
        String url = world.queue();
        SendMessageBatchResponse sent = world.sqs.sendMessageBatch(b -> b.queueUrl(url).entries(entries(10)));
        assertEquals(10, sent.successful().size());
        assertFalse(sent.hasFailed(), "an empty list is absent");
        List<DeleteMessageBatchRequestEntry> deletions = new ArrayList<>();
        for (Message message : world.receive(url)) {
            deletions.add(DeleteMessageBatchRequestEntry.builder()
                .id("d" + deletions.size()).receiptHandle(message.receiptHandle()).build());
        }
        assertEquals(10, world.sqs.deleteMessageBatch(b -> b.queueUrl(url).entries(deletions)).successful().size());
    }

    @Test
    void oneBadEntryFailsAlone(World world) {
        String url = world.queue();
        SendMessageBatchResponse sent = world.sqs.sendMessageBatch(b -> b.queueUrl(url).entries(
            entry("good", "a"), entry("late", "b").toBuilder().delaySeconds(901).build(), entry("odd", "c\b")));
        assertEquals(List.of("good"), sent.successful().stream().map(SendMessageBatchResultEntry::id).toList());
        BatchResultErrorEntry late = sent.failed().get(0);
        assertEquals(
            BatchResultErrorEntry.builder().id("late").code("InvalidParameterValue").senderFault(true)
                .message("Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.").build(),
            late);
        assertEquals("InvalidMessageContents", sent.failed().get(1).code());
        assertEquals(List.of("a"), world.bodies(url));
    }

    @Test
    void wrongBatchesHaveTheirExceptions(World world) {
        String url = world.queue();
        Refused.with(BatchEntryIdsNotDistinctException.class,
                () -> world.sqs.sendMessageBatch(b -> b.queueUrl(url).entries(entry("x", "1"), entry("x", "2"))))
            .code("AWS.SimpleQueueService.BatchEntryIdsNotDistinct").status(400).message("Id x repeated.");
        Refused.with(TooManyEntriesInBatchRequestException.class,
                () -> world.sqs.sendMessageBatch(b -> b.queueUrl(url).entries(entries(11))))
            .code("AWS.SimpleQueueService.TooManyEntriesInBatchRequest").status(400)
            .message("Maximum number of entries per request are 10. You have sent 11.");
        Refused.with(EmptyBatchRequestException.class,
                () -> world.sqs.sendMessageBatch(b -> b.queueUrl(url).entries(List.of())))
            .code("AWS.SimpleQueueService.EmptyBatchRequest").status(400);
        Refused.with(BatchRequestTooLongException.class,
                () -> world.sqs.sendMessageBatch(b -> b.queueUrl(url).entries(
                    entry("a", "x".repeat(600_000)), entry("b", "x".repeat(600_000)))))
            .code("AWS.SimpleQueueService.BatchRequestTooLong").status(400);
    }

    @Test
    void theBatchManagerGathersSingleCalls(World world) {
        String url = world.queue();
        Attempts attempts = new Attempts();
        SqsAsyncClient client = world.closing(world.sqsAsyncBuilder()
            .overrideConfiguration(b -> b.addExecutionInterceptor(attempts)).build());
        SqsAsyncBatchManager manager = world.closing(client.batchManager());
        List<CompletableFuture<SendMessageResponse>> sent = IntStream.range(0, 25)
            .mapToObj(n -> manager.sendMessage(b -> b.queueUrl(url).messageBody("m" + n))).toList();
        assertEquals(25, sent.stream().map(future -> future.join().messageId()).distinct().count());
        assertTrue(attempts.requests().stream().allMatch(
            request -> request.firstMatchingHeader("X-Amz-Target").orElseThrow().equals("AmazonSQS.SendMessageBatch")));
        assertTrue(attempts.requests().size() < 25, () -> attempts.requests().toString());

        List<Message> received = new ArrayList<>();
        while (received.size() < 25) {
            received.addAll(manager.receiveMessage(b -> b.queueUrl(url)).join().messages());
        }
        received.stream().map(message -> manager.deleteMessage(
            b -> b.queueUrl(url).receiptHandle(message.receiptHandle()))).toList().forEach(CompletableFuture::join);
        assertEquals(25, received.stream().map(Message::body).distinct().count());
    }

    @Test
    void theBatchManagerFailsOnlyTheCallThatIsWrong(World world) {
        String url = world.queue();
        SqsAsyncBatchManager manager = world.closing(world.sqsAsync().batchManager());
        CompletableFuture<SendMessageResponse> good = manager.sendMessage(b -> b.queueUrl(url).messageBody("good"));
        CompletableFuture<SendMessageResponse> bad = manager.sendMessage(
            b -> b.queueUrl(url).messageBody("bad").delaySeconds(901));
        assertFalse(good.join().messageId().isBlank());
        String told = bad.handle((answer, problem) -> String.valueOf(problem)).join();
        assertTrue(told.contains("DelaySeconds must be >= 0 and <= 900"), told);
    }
}
