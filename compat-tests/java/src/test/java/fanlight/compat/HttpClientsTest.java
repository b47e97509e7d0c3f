package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fanlight.compat.support.Refused;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The SDK's HTTP clients differ on the wire: `Expect: 100-continue`, chunks, reuse of connections after a refusal. */
@ExtendWith(Worlds.class)
class HttpClientsTest {
    private static final String LARGE = "ü🎈".repeat(1024 * 1024 / 6);

    static Stream<SdkHttpClient> clients() {
        return Stream.of(
            UrlConnectionHttpClient.create(),
            Apache5HttpClient.builder().expectContinueEnabled(true).maxConnections(1).build(),
            Apache5HttpClient.builder().expectContinueEnabled(false).maxConnections(1).build());
    }

    @ParameterizedTest
    @MethodSource("clients")
    void largeMessagesAndRefusalsOnOneConnection(SdkHttpClient http, World world) {
        String url = world.queue();
        SqsClient sqs = world.closing(world.sqsBuilder().httpClient(world.closing(http)).build());
        for (int round = 0; round < 3; round++) {
            sqs.sendMessage(b -> b.queueUrl(url).messageBody(LARGE));
            Refused.with(SqsException.class, () -> sqs.sendMessage(b -> b.queueUrl(url).messageBody(LARGE + LARGE)))
                .code("InvalidParameterValue").status(400);
            Refused.with(QueueDoesNotExistException.class, () -> sqs.getQueueUrl(b -> b.queueName("nowhere")));
            Message message = sqs.receiveMessage(b -> b.queueUrl(url)).messages().get(0);
            assertEquals(LARGE, message.body());
            sqs.deleteMessage(b -> b.queueUrl(url).receiptHandle(message.receiptHandle()));
        }
    }

    @Test
    void manyCallsAtOnceOfTheAsynchronousClient(World world) {
        String url = world.queue();
        SqsAsyncClient sqs = world.sqsAsync();
        List<String> ids = IntStream.range(0, 200)
            .mapToObj(n -> sqs.sendMessage(b -> b.queueUrl(url).messageBody("message " + n)))
            .toList().stream().map(CompletableFuture::join).map(answer -> answer.messageId()).toList();
        assertEquals(200, ids.stream().distinct().count());
        sqs.sendMessage(b -> b.queueUrl(url).messageBody(LARGE)).join();
    }
}
