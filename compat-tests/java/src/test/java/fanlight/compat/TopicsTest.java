package fanlight.compat;

import static fanlight.compat.support.World.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import fanlight.compat.support.Refused;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sns.model.ListTopicsResponse;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.Topic;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** SNS, which this SDK speaks as query/XML. */
@ExtendWith(Worlds.class)
class TopicsTest {
    private static final Map<String, String> RAW = Map.of("RawMessageDelivery", "true");

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }

    private static PublishBatchRequestEntry entry(String id, String message) {
        return PublishBatchRequestEntry.builder().id(id).message(message).build();
    }

    @Test
    void aQueueGetsTheEnvelope(World world) {
        String topic = world.topic();
        String queue = world.listen(topic, Map.of());
        String id = world.sns.publish(b -> b.topicArn(topic).subject("News").message("grüße 🎈 <&>\n+%")
            .messageAttributes(Map.of(
                "text", text("v"),
                "bytes", MessageAttributeValue.builder().dataType("Binary")
                    .binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1, 62, 63})).build()))).messageId();
        JsonNode envelope = json(world.receiveOne(queue).body());
        assertEquals("Notification", envelope.get("Type").asText());
        assertEquals(id, envelope.get("MessageId").asText());
        assertEquals(topic, envelope.get("TopicArn").asText());
        assertEquals("News", envelope.get("Subject").asText());
        assertEquals("grüße 🎈 <&>\n+%", envelope.get("Message").asText());
        assertEquals("v", envelope.at("/MessageAttributes/text/Value").asText());
        assertEquals(
            Base64.getEncoder().encodeToString(new byte[] {0, -1, 62, 63}),
            envelope.at("/MessageAttributes/bytes/Value").asText());
    }

    @Test
    void aRawSubscriberGetsTheMessageAndItsAttributes(World world) {
        String topic = world.topic();
        String queue = world.listen(topic, RAW);
        world.sns.publish(b -> b.topicArn(topic).message("grüße 🎈").messageAttributes(Map.of("k", text("v"))));
        // The SDK checks the MD5 of the body that SNS, not the SDK, has sent.
        Message message = world.receiveOne(queue);
        assertEquals("grüße 🎈", message.body());
        assertEquals(Map.of("k", World.text("v")), message.messageAttributes());
    }

    @Test
    void theFilterPolicyDecides(World world) {
        String topic = world.topic();
        String queue = world.listen(topic, Map.of("RawMessageDelivery", "true",
            "FilterPolicy", "{\"kind\": [\"order\"], \"price\": [{\"numeric\": [\">\", 10]}]}"));
        for (String price : List.of("9", "11")) {
            world.sns.publish(b -> b.topicArn(topic).message(price).messageAttributes(Map.of(
                "kind", text("order"),
                "price", MessageAttributeValue.builder().dataType("Number").stringValue(price).build())));
        }
        assertEquals(List.of("11"), world.bodies(queue));
    }

    @Test
    void aBatchTellsEachId(World world) {
        String topic = world.topic();
        String queue = world.listen(topic, RAW);
        PublishBatchResponse answer = world.sns.publishBatch(
            b -> b.topicArn(topic).publishBatchRequestEntries(entry("a", "one"), entry("b", "two")));
        assertEquals(List.of("a", "b"), answer.successful().stream().map(PublishBatchResultEntry::id).toList());
        assertTrue(answer.hasFailed(), "SNS sends the empty list");
        assertEquals(List.of(), answer.failed());
        assertEquals(List.of("one", "two"), world.bodies(queue).stream().sorted().toList());
    }

    @Test
    void aBatchOfEqualIdsIsRefused(World world) {
        String topic = world.topic();
        Refused.with(BatchEntryIdsNotDistinctException.class, () -> world.sns.publishBatch(
                b -> b.topicArn(topic).publishBatchRequestEntries(entry("a", "one"), entry("a", "two"))))
            .code("BatchEntryIdsNotDistinct").status(400);
    }

    @Test
    void thePaginatorListsAllTopics(World world) {
        ListTopicsResponse none = world.sns.listTopics();
        assertTrue(none.hasTopics(), "SNS sends the empty list");
        List<String> made = IntStream.range(0, 101).mapToObj(n -> world.topic()).sorted().toList();
        List<Integer> pages = new ArrayList<>();
        world.sns.listTopicsPaginator().forEach(page -> pages.add(page.topics().size()));
        assertEquals(List.of(100, 1), pages);
        assertEquals(made, world.sns.listTopicsPaginator().topics().stream().map(Topic::topicArn).sorted().toList());
    }

    @Test
    void thePaginatorListsAllSubscriptions(World world) {
        String topic = world.topic();
        List<String> endpoints = IntStream.range(100, 201).mapToObj(n -> world.arn("q" + n)).toList();
        endpoints.forEach(endpoint -> world.sns.subscribe(b -> b.topicArn(topic).protocol("sqs").endpoint(endpoint)));
        assertEquals(endpoints, world.sns.listSubscriptionsByTopicPaginator(b -> b.topicArn(topic)).subscriptions()
            .stream().map(Subscription::endpoint).sorted().toList());
        assertEquals(101, world.sns.listSubscriptionsPaginator().subscriptions().stream().count());
    }

    @Test
    void attributesAndTags(World world) {
        String topic = world.sns.createTopic(b -> b.name("orders")
            .attributes(Map.of("DisplayName", "Orders & more"))
            .tags(Tag.builder().key("team").value("größe").build())).topicArn();
        assertEquals("arn:aws:sns:us-east-1:" + world.account + ":orders", topic);
        Map<String, String> found = world.sns.getTopicAttributes(b -> b.topicArn(topic)).attributes();
        assertEquals("Orders & more", found.get("DisplayName"));
        assertEquals("0", found.get("SubscriptionsConfirmed"));
        assertEquals(
            List.of(Tag.builder().key("team").value("größe").build()),
            world.sns.listTagsForResource(b -> b.resourceArn(topic)).tags());
        world.sns.untagResource(b -> b.resourceArn(topic).tagKeys("team"));
        assertEquals(List.of(), world.sns.listTagsForResource(b -> b.resourceArn(topic)).tags());
    }

    @Test
    void aFifoTopicReachesAFifoQueue(World world) {
        String topic = world.sns.createTopic(b -> b.name(World.name() + ".fifo")
            .attributes(Map.of("FifoTopic", "true", "ContentBasedDeduplication", "true"))).topicArn();
        String queue = world.hashedFifo();
        world.sns.subscribe(b -> b.topicArn(topic).protocol("sqs").endpoint(world.arn(queue)).attributes(RAW));
        String sequence = world.sns.publish(b -> b.topicArn(topic).messageGroupId("g").message("1")).sequenceNumber();
        world.sns.publish(b -> b.topicArn(topic).messageGroupId("g").message("2"));
        assertTrue(sequence.matches("\\d{20}"), sequence);
        assertEquals(List.of("1", "2"), world.bodies(queue));
    }

    @Test
    void aSubscriptionHasItsOwnDeadLetters(World world) {
        String topic = world.topic();
        String dead = world.queue();
        String queue = world.listen(topic, Map.of("RawMessageDelivery", "true",
            "RedrivePolicy", "{\"deadLetterTargetArn\": \"" + world.arn(dead) + "\"}"));
        world.sqs.deleteQueue(b -> b.queueUrl(queue));
        world.sns.publish(b -> b.topicArn(topic).message("lost"));
        world.until(() -> world.sqs.getQueueAttributes(b -> b.queueUrl(dead)
                .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)).attributes()
            .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES).equals("1"));
        assertEquals(List.of("lost"), world.bodies(dead));
    }
}
