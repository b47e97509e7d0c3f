package fanlight.compat;

import static fanlight.compat.support.World.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fanlight.compat.support.Forger;
import fanlight.compat.support.Refused;
import fanlight.compat.support.Steered;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Messages there and back; the SDK computes the MD5 of bodies and of sent attributes and throws where it differs. */
@ExtendWith(Worlds.class)
class MessagesTest {
    private static final int MEBIBYTE = 1024 * 1024;

    @ParameterizedTest
    @ValueSource(strings = {
        "hello", "grüße 🎈 𝄞", "<&>\"'\\/", "one\r\ntwo\n\tthree", " ", "{\"a\": [1, null]}", "\u007f\u0085\ufffd"})
    void bodiesComeBackAsTheyWere(String body, World world) {
        String url = world.queue();
        world.send(url, body);
        assertEquals(body, world.receiveOne(url).body());
    }

    private static MessageAttributeValue bytes(String type, byte[] value) {
        return MessageAttributeValue.builder().dataType(type).binaryValue(SdkBytes.fromByteArray(value)).build();
    }

    @Test
    void attributesOfEachTypeComeBack(World world) {
        String url = world.queue();
        byte[] everyByte = new byte[256];
        for (int value = 0; value < everyByte.length; value++) {
            everyByte[value] = (byte) value;
        }
        Map<String, MessageAttributeValue> attributes = Map.of(
            "text", text("grüße 🎈"),
            "number", text("-12.50").toBuilder().dataType("Number").build(),
            "custom", text("7").toBuilder().dataType("Number.int").build(),
            "bytes", bytes("Binary", everyByte),
            "picture", bytes("Binary.png", new byte[] {0}));
        world.sqs.sendMessage(b -> b.queueUrl(url).messageBody("hello").messageAttributes(attributes));
        assertEquals(attributes, world.receiveOne(url).messageAttributes());
    }

    @Test
    void theSdkReallyChecksTheBody(World world) {
        String url = world.queue();
        SqsClient forged = world.closing(world.sqsBuilder().overrideConfiguration(
            b -> b.addExecutionInterceptor(new Forger("\"MD5OfMessageBody\":\"."))).build());
        String told = assertThrows(SdkClientException.class,
            () -> forged.sendMessage(b -> b.queueUrl(url).messageBody("hello"))).getMessage();
        assertTrue(told.contains("MD5 calculated by the message body"), told);
    }

    @Test
    void theSdkReallyChecksTheAttributes(World world) {
        String url = world.queue();
        SqsClient forged = world.closing(world.sqsBuilder().overrideConfiguration(
            b -> b.addExecutionInterceptor(new Forger("\"MD5OfMessageAttributes\":\"."))).build());
        String told = assertThrows(SdkClientException.class, () -> forged.sendMessage(
            b -> b.queueUrl(url).messageBody("hello").messageAttributes(Map.of("k", text("v"))))).getMessage();
        assertTrue(told.contains("MD5 calculated by the message attributes"), told);
    }

    @Test
    void systemAttributesHaveTheSdksNames(@Steered World world) {
        String url = world.queue();
        String trace = "Root=1-5759e988-bd862e3fe1be46a994272793";
        world.sqs.sendMessage(b -> b.queueUrl(url).messageBody("hello").messageSystemAttributes(Map.of(
            MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
            MessageSystemAttributeValue.builder().dataType("String").stringValue(trace).build())));
        Map<MessageSystemAttributeName, String> found = world.receiveOne(url).attributes();
        assertEquals(trace, found.get(MessageSystemAttributeName.AWS_TRACE_HEADER));
        assertEquals(world.account, found.get(MessageSystemAttributeName.SENDER_ID));
        assertEquals("1", found.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
        Instant sent = Instant.ofEpochMilli(Long.parseLong(found.get(MessageSystemAttributeName.SENT_TIMESTAMP)));
        assertEquals(world.server.now(), sent);
        assertFalse(found.containsKey(MessageSystemAttributeName.UNKNOWN_TO_SDK_VERSION));
    }

    @Test
    void nothingToReceiveIsAbsent(World world) {
        String url = world.queue();
        ReceiveMessageResponse none = world.sqs.receiveMessage(b -> b.queueUrl(url));
        assertFalse(none.hasMessages());
        world.send(url, "hello");
        Message message = world.sqs.receiveMessage(b -> b.queueUrl(url)).messages().get(0);
        assertFalse(message.hasAttributes());
        assertFalse(message.hasMessageAttributes());
    }

    @Test
    void oneMebibyteIsTheMost(World world) {
        String url = world.queue();
        String largest = "ü".repeat(MEBIBYTE / 2);
        world.send(url, largest);
        assertEquals(largest, world.receiveOne(url).body());
        Refused.with(SqsException.class, () -> world.send(url, largest + "x"))
            .code("InvalidParameterValue").status(400)
            .message("One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.");
    }

    @Test
    void aDelayedMessageComesWhenItsTimeHasPassed(@Steered World world) {
        String url = world.queue();
        world.sqs.sendMessage(b -> b.queueUrl(url).messageBody("later").delaySeconds(900));
        assertEquals(List.of(), world.bodies(url));
        world.server.advance(Duration.ofSeconds(900));
        assertEquals(List.of("later"), world.bodies(url));
    }

    @Test
    void aMessageNotDeletedComesAgainAfterItsVisibilityTimeout(@Steered World world) {
        String url = world.queue();
        world.send(url, "hello");
        Message first = world.receiveOne(url);
        world.sqs.changeMessageVisibility(
            b -> b.queueUrl(url).receiptHandle(first.receiptHandle()).visibilityTimeout(60));
        world.server.advance(Duration.ofSeconds(59));
        assertEquals(List.of(), world.bodies(url));
        world.server.advance(Duration.ofSeconds(1));
        Message again = world.receiveOne(url);
        assertEquals(first.messageId(), again.messageId());
        world.sqs.deleteMessage(b -> b.queueUrl(url).receiptHandle(again.receiptHandle()));
        world.server.advance(Duration.ofMinutes(1));
        assertEquals(List.of(), world.bodies(url));
    }
}
