package fanlight.compat;

import static fanlight.compat.support.World.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fanlight.compat.support.Receiver;
import fanlight.compat.support.Rerouting;
import fanlight.compat.support.Steered;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.messagemanager.sns.SnsMessageManager;
import software.amazon.awssdk.messagemanager.sns.model.SignatureVersion;
import software.amazon.awssdk.messagemanager.sns.model.SnsMessage;
import software.amazon.awssdk.messagemanager.sns.model.SnsNotification;
import software.amazon.awssdk.messagemanager.sns.model.SnsSubscriptionConfirmation;
import software.amazon.awssdk.messagemanager.sns.model.SnsUnsubscribeConfirmation;
import software.amazon.awssdk.regions.Region;

/**
 * AWS's own validator, `sns-message-manager`. It checks the host of the certificate's URL, the certificate's dates and
 * name, and the signature. Only where the certificate is fetched is changed: Amazon's host is mapped to Fanlight.
 */
@ExtendWith(Worlds.class)
class SignaturesTest {

    private static SnsMessageManager validator(World world) {
        return world.closing(SnsMessageManager.builder()
            .region(Region.of(world.region)).httpClient(new Rerouting(world.server)).build());
    }

    private static String topic(World world, String version) {
        return world.sns.createTopic(
            b -> b.name(World.name()).attributes(Map.of("SignatureVersion", version))).topicArn();
    }

    /** The body of a notification, as a queue gets it. */
    private static String notification(World world, String version, String message, String subject) {
        String topic = topic(world, version);
        String queue = world.listen(topic, Map.of());
        world.sns.publish(b -> b.topicArn(topic).message(message).subject(subject));
        return world.receiveOne(queue).body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void notificationsAreGenuine(String version, World world) {
        String body = notification(world, version, "grüße 🎈 <&>\r\nMessageId\n", "News & more");
        SnsNotification told = assertInstanceOf(SnsNotification.class, validator(world).parseMessage(body));
        assertEquals("grüße 🎈 <&>\r\nMessageId\n", told.message());
        assertEquals("News & more", told.subject());
        assertEquals(
            version.equals("1") ? SignatureVersion.VERSION_1 : SignatureVersion.VERSION_2, told.signatureVersion());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Message", "MessageId", "Subject", "TopicArn"})
    void aChangedMemberIsNoticed(String member, World world) {
        ObjectNode body = (ObjectNode) json(notification(world, "2", "hello", "News"));
        body.put(member, body.get(member).asText() + "x");
        assertThrows(SdkClientException.class, () -> validator(world).parseMessage(body.toString()));
    }

    @Test
    void theVersionsAreNotInterchangeable(World world) {
        ObjectNode body = (ObjectNode) json(notification(world, "1", "hello", null));
        body.put("SignatureVersion", "2");
        assertThrows(SdkClientException.class, () -> validator(world).parseMessage(body.toString()));
    }

    /** The validator writes the timestamp anew, so its text must be just what was signed. */
    @ParameterizedTest
    @ValueSource(strings = {".000Z", ".100Z", ".120Z", ".123Z"})
    void timestampsOfAnyMillisecondAreGenuine(String ending, @Steered World world) {
        Instant moment = Instant.parse(world.server.now().plusSeconds(1).toString().substring(0, 19) + ending);
        world.server.setClock(moment);
        SnsMessage told = validator(world).parseMessage(notification(world, "1", "hello", null));
        assertEquals(moment, told.timestamp());
    }

    /** Regions that are opt-in, or of another partition, sign with certificates of other names. */
    @ParameterizedTest
    @ValueSource(strings = {"eu-central-1", "af-south-1", "me-central-1", "us-gov-west-1", "cn-north-1"})
    void everyRegionHasTheCertificateThatIsExpected(String region, World world) {
        World there = world.in(region);
        String topic = topic(there, "2");
        String partition = topic.split(":")[1];
        String queue = there.queue();
        there.sns.subscribe(b -> b.topicArn(topic).protocol("sqs")
            .endpoint(there.arn(queue).replaceFirst("arn:aws:", "arn:" + partition + ":")));
        there.sns.publish(b -> b.topicArn(topic).message("hello"));
        assertEquals("hello", validator(there).parseMessage(there.receiveOne(queue).body()).message());
    }

    @Test
    void anotherRegionsMessageIsRefused(World world) {
        String body = notification(world, "1", "hello", null);
        assertThrows(SdkClientException.class, () -> validator(world.in("eu-west-1")).parseMessage(body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void allThreeKindsAreGenuine(String version, World world) throws Exception {
        String topic = topic(world, version);
        SnsMessageManager validator = validator(world);
        try (Receiver receiver = new Receiver()) {
            world.sns.subscribe(b -> b.topicArn(topic).protocol("http").endpoint(receiver.url()));
            JsonNode asked = json(receiver.next());
            assertInstanceOf(SnsSubscriptionConfirmation.class, validator.parseMessage(asked.toString()));
            String subscription = world.sns.confirmSubscription(
                b -> b.topicArn(topic).token(asked.get("Token").asText())).subscriptionArn();
            world.sns.publish(b -> b.topicArn(topic).message("hello"));
            assertInstanceOf(SnsNotification.class, validator.parseMessage(receiver.next()));
            world.sns.unsubscribe(b -> b.subscriptionArn(subscription));
            assertInstanceOf(SnsUnsubscribeConfirmation.class, validator.parseMessage(receiver.next()));
        }
    }
}
