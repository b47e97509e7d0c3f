package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fanlight.compat.support.Steered;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** Polls of the asynchronous client and the synchronous ones: woken, ended, and left by their client. */
@ExtendWith(Worlds.class)
class LongPollTest {
    private static final int DEADLINE_SECONDS = 15;

    private static CompletableFuture<ReceiveMessageResponse> poll(SqsAsyncClient client, String url) {
        return client.receiveMessage(b -> b.queueUrl(url).waitTimeSeconds(20));
    }

    private static ReceiveMessageResponse ended(CompletableFuture<ReceiveMessageResponse> poll) throws Exception {
        return poll.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aSendWakesThePoll(World world) throws Exception {
        String url = world.queue();
        CompletableFuture<ReceiveMessageResponse> poll = poll(world.sqsAsync(), url);
        world.roundTrips();
        assertFalse(poll.isDone());
        world.send(url, "hello");
        assertEquals("hello", ended(poll).messages().get(0).body());
    }

    @Test
    void theSynchronousClientIsWokenToo(World world) throws Exception {
        String url = world.queue(Map.of(QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "20"));
        SqsClient waiting = world.closing(world.sqsBuilder().build());
        CompletableFuture<ReceiveMessageResponse> poll = CompletableFuture.supplyAsync(
            () -> waiting.receiveMessage(b -> b.queueUrl(url)));
        world.roundTrips();
        assertFalse(poll.isDone());
        world.send(url, "hello");
        assertEquals("hello", ended(poll).messages().get(0).body());
    }

    @Test
    void aPollEndsEmptyWhenItsTimeIsUp(@Steered World world) throws Exception {
        String url = world.queue();
        CompletableFuture<ReceiveMessageResponse> poll = poll(world.sqsAsync(), url);
        world.roundTrips();
        assertFalse(poll.isDone());
        world.until(() -> {
            world.server.advance(Duration.ofSeconds(10));
            return poll.isDone();
        });
        assertFalse(ended(poll).hasMessages());
    }

    @Test
    void aCancelledPollTakesNothing(World world) {
        String url = world.queue();
        SqsAsyncClient leaving = world.sqsAsync();
        CompletableFuture<ReceiveMessageResponse> poll = poll(leaving, url);
        world.roundTrips();
        assertTrue(poll.cancel(true));
        world.roundTrips();
        world.send(url, "hello");
        assertEquals(List.of("hello"), world.bodies(url));
    }

    @Test
    void aPollThatItsClientGivesUpTakesNothing(World world) {
        String url = world.queue();
        SqsClient impatient = world.closing(world.sqsBuilder().httpClient(world.closing(Apache5HttpClient.create()))
            .overrideConfiguration(b -> b.apiCallTimeout(Duration.ofMillis(300))).build());
        assertThrows(ApiCallTimeoutException.class,
            () -> impatient.receiveMessage(b -> b.queueUrl(url).waitTimeSeconds(20)));
        world.roundTrips();
        world.send(url, "hello");
        assertEquals(List.of("hello"), world.bodies(url));
    }
}
