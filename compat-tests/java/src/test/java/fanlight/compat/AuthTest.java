package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fanlight.compat.support.Refused;
import fanlight.compat.support.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkGlobalTime;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** `--auth verify`: signatures as the SDK makes them, of all three protocols. */
class AuthTest {
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();
    private static final AwsCredentialsProvider RIGHT = credentials("AKIAEXAMPLE", "a secret");
    private static final AwsCredentialsProvider WRONG = credentials("AKIAEXAMPLE", "a guess");
    private static final AwsCredentialsProvider UNKNOWN = credentials("AKIANOBODY", "a secret");

    private static Server server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("fanlight.toml");
        Files.writeString(file, """
            [[credentials]]
            access_key = "AKIAEXAMPLE"
            secret_key = "a secret"
            account = "111122223333"
            """);
        server = Server.start("--auth", "verify", "--config", file.toString());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static AwsCredentialsProvider credentials(String key, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret));
    }

    private static <B extends AwsClientBuilder<B, ?>> B addressed(B builder, AwsCredentialsProvider credentials) {
        return builder.endpointOverride(server.url()).region(Region.EU_CENTRAL_1).credentialsProvider(credentials);
    }

    private static SqsClient sqs(AwsCredentialsProvider credentials) {
        return addressed(SqsClient.builder().httpClient(HTTP), credentials).build();
    }

    private static SnsClient sns(AwsCredentialsProvider credentials) {
        return addressed(SnsClient.builder().httpClient(HTTP), credentials).build();
    }

    private static EventBridgeClient events(AwsCredentialsProvider credentials) {
        return addressed(EventBridgeClient.builder().httpClient(HTTP), credentials).build();
    }

    @Test
    void theRightSecretIsAccepted() {
        String url = sqs(RIGHT).createQueue(b -> b.queueName("orders")).queueUrl();
        assertEquals(server.url() + "/111122223333/orders", url);
        sqs(RIGHT).sendMessage(b -> b.queueUrl(url).messageBody("grüße 🎈 " + "x".repeat(100_000)));
        assertEquals("arn:aws:sns:eu-central-1:111122223333:orders",
            sns(RIGHT).createTopic(b -> b.name("orders")).topicArn());
        sns(RIGHT).publish(b -> b.topicArn("arn:aws:sns:eu-central-1:111122223333:orders").message("a+b c~*ü%"));
        assertEquals("arn:aws:events:eu-central-1:111122223333:event-bus/orders",
            events(RIGHT).createEventBus(b -> b.name("orders")).eventBusArn());
    }

    @Test
    void aSessionTokenIsSignedAlong() {
        AwsCredentialsProvider session = StaticCredentialsProvider.create(
            AwsSessionCredentials.create("AKIAEXAMPLE", "a secret", "token/+=="));
        String url = sqs(session).createQueue(b -> b.queueName("of-a-session")).queueUrl();
        assertEquals(server.url() + "/111122223333/of-a-session", url);
        assertTrue(sns(session).listSubscriptions().subscriptions().isEmpty());
    }

    @Test
    void aWrongSecretIsRefused() {
        Refused.with(SqsException.class, () -> sqs(WRONG).listQueues()).status(403).code("SignatureDoesNotMatch");
        Refused.with(SnsException.class, () -> sns(WRONG).listTopics()).status(403).code("SignatureDoesNotMatch");
    }

    @Test
    void anUnknownKeyIsRefused() {
        Refused.with(SqsException.class, () -> sqs(UNKNOWN).listQueues()).status(403).code("InvalidClientTokenId");
        Refused.with(SnsException.class, () -> sns(UNKNOWN).listTopics()).status(403).code("InvalidClientTokenId");
    }

    /** AWS's JSON 1.1 services say 400 here, too: `InvalidSignatureException (HTTP 400)` at EventBridge, paws#426. */
    @Test
    void eventBridgeRefusesAWrongSecretWith400() {
        Refused.with(EventBridgeException.class, () -> events(WRONG).listRules(b -> b.limit(1)))
            .code("InvalidSignatureException").status(400);
    }

    /** Seen at other JSON 1.1 services (Kinesis, SageMaker) in aws-nuke#774. */
    @Test
    void eventBridgeRefusesAnUnknownKeyWith400() {
        Refused.with(EventBridgeException.class, () -> events(UNKNOWN).listRules(b -> b.limit(1)))
            .code("UnrecognizedClientException").status(400);
    }

    @Test
    void noSignatureIsRefused() {
        Refused.with(SqsException.class, () -> sqs(AnonymousCredentialsProvider.create()).listQueues()).status(403);
    }

    /** The SDK learns from the refusal's Date how wrong its own clock is, and signs again. */
    @ParameterizedTest
    @ValueSource(ints = {-10_000, 10_000})
    void aClientWhoseClockIsWrongCorrectsItself(int seconds) {
        int before = SdkGlobalTime.getGlobalTimeOffset();
        SdkGlobalTime.setGlobalTimeOffset(seconds);
        try {
            assertTrue(sqs(RIGHT).listQueues(b -> b.queueNamePrefix("none")).queueUrls().isEmpty());
            assertTrue(Math.abs(SdkGlobalTime.getGlobalTimeOffset()) < 60, "corrected");
        } finally {
            SdkGlobalTime.setGlobalTimeOffset(before);
        }
    }

    /** Signatures are judged by the server's clock, so that is the one its Date must tell. */
    @Test
    void aClientOfASteeredServerCorrectsItself(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("fanlight.toml");
        Files.writeString(file, "[[credentials]]\naccess_key = \"AKIAEXAMPLE\"\nsecret_key = \"a secret\"\n");
        try (Server ahead = Server.start("--auth", "verify", "--config", file.toString()).freeze()) {
            ahead.setClock(Instant.now().plus(Duration.ofHours(3)));
            SqsClient sqs = addressed(SqsClient.builder().httpClient(HTTP), RIGHT)
                .endpointOverride(ahead.url()).build();
            assertTrue(sqs.listQueues().queueUrls().isEmpty());
        } finally {
            SdkGlobalTime.setGlobalTimeOffset(0);
        }
    }
}
