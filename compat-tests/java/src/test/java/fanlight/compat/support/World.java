package fanlight.compat.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** What a test sees: an account of its own on a running server, its clients, and short words for the usual steps. */
public final class World implements SdkAutoCloseable {
    private static final int ROUNDS_MAX = 500;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();
    private static final SdkAsyncHttpClient ASYNC_HTTP = NettyNioAsyncHttpClient.create();
    private static final AtomicInteger NAMES = new AtomicInteger();

    public final Server server;
    public final String account;
    public final String region;
    public final SqsClient sqs;
    public final SnsClient sns;
    public final EventBridgeClient events;
    private final List<SdkAutoCloseable> open = new ArrayList<>();

    public World(Server server, String account, String region) {
        this.server = server;
        this.account = account;
        this.region = region;
        this.sqs = closing(sqsBuilder().build());
        this.sns = closing(addressed(SnsClient.builder().httpClient(HTTP)).build());
        this.events = closing(addressed(EventBridgeClient.builder().httpClient(HTTP)).build());
    }

    // -- clients --------------------------------------------------------------------------------

    /** Endpoint, region and credentials; a twelve-digit access key is the account. */
    public <B extends AwsClientBuilder<B, ?>> B addressed(B builder) {
        return builder.endpointOverride(server.url()).region(Region.of(region)).credentialsProvider(credentials());
    }

    public AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "any secret"));
    }

    /** An SQS client as `sqs` is, for a test that changes something about it. */
    public SqsClientBuilder sqsBuilder() {
        return addressed(SqsClient.builder().httpClient(HTTP));
    }

    public SqsAsyncClient sqsAsync() {
        return closing(sqsAsyncBuilder().build());
    }

    public SqsAsyncClientBuilder sqsAsyncBuilder() {
        return addressed(SqsAsyncClient.builder().httpClient(ASYNC_HTTP));
    }

    /** Closes it at the end of the test. */
    public <C extends SdkAutoCloseable> C closing(C client) {
        open.add(client);
        return client;
    }

    /** The same account elsewhere. */
    public World in(String otherRegion) {
        return closing(new World(server, account, otherRegion));
    }

    @Override
    public void close() {
        open.forEach(SdkAutoCloseable::close);
    }

    // -- queues ---------------------------------------------------------------------------------

    public static String name() {
        return "name-" + NAMES.incrementAndGet();
    }

    public String queue() {
        return queue(Map.of());
    }

    /** Creates a queue and gives its URL. */
    public String queue(Map<QueueAttributeName, String> attributes) {
        return sqs.createQueue(b -> b.queueName(name()).attributes(attributes)).queueUrl();
    }

    /** A FIFO queue that needs no deduplication ids. */
    public String hashedFifo() {
        return sqs.createQueue(b -> b.queueName(name() + ".fifo").attributes(Map.of(
            QueueAttributeName.FIFO_QUEUE, "true", QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true"))).queueUrl();
    }

    /** Of a queue, by its URL or its name. */
    public String arn(String queue) {
        return "arn:aws:sqs:" + region + ":" + account + ":" + queue.substring(queue.lastIndexOf('/') + 1);
    }

    public void send(String queueUrl, String body) {
        sqs.sendMessage(b -> b.queueUrl(queueUrl).messageBody(body));
    }

    /** Up to ten messages, with all their attributes. */
    public List<Message> receive(String queueUrl) {
        return sqs.receiveMessage(b -> b.queueUrl(queueUrl).maxNumberOfMessages(10)
            .messageSystemAttributeNamesWithStrings("All").messageAttributeNames("All")).messages();
    }

    public Message receiveOne(String queueUrl) {
        List<Message> messages = receive(queueUrl);
        if (messages.size() != 1) {
            throw new AssertionError("one message expected: " + messages);
        }
        return messages.get(0);
    }

    public List<String> bodies(String queueUrl) {
        return receive(queueUrl).stream().map(Message::body).toList();
    }

    /** A few answered requests, so that a poll begun before is most likely parked, and a lost client noticed. */
    public void roundTrips() {
        for (int round = 0; round < 20; round++) {
            sqs.listQueues();
        }
    }

    /** Asks until it is so; for what works in the background. */
    public void until(BooleanSupplier so) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            if (so.getAsBoolean()) {
                return;
            }
            roundTrips();
        }
        throw new AssertionError("it does not come about");
    }

    // -- topics and documents -------------------------------------------------------------------

    public String topic() {
        return sns.createTopic(b -> b.name(name())).topicArn();
    }

    /** A new queue subscribed to the topic; gives its URL. */
    public String listen(String topicArn, Map<String, String> attributes) {
        String url = queue();
        sns.subscribe(b -> b.topicArn(topicArn).protocol("sqs").endpoint(arn(url)).attributes(attributes));
        return url;
    }

    public static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException problem) {
            throw new AssertionError("not JSON: " + text, problem);
        }
    }
}
