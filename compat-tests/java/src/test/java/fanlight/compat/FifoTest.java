package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fanlight.compat.support.Refused;
import fanlight.compat.support.Steered;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** FIFO queues: order, groups, deduplication. */
@ExtendWith(Worlds.class)
class FifoTest {

    private static SendMessageResponse send(World world, String url, String group, String body) {
        return world.sqs.sendMessage(b -> b.queueUrl(url).messageGroupId(group).messageBody(body));
    }

    @Test
    void sequenceNumbersGrowAndAreReceived(World world) {
        String url = world.hashedFifo();
        BigInteger first = new BigInteger(send(world, url, "g", "1").sequenceNumber());
        BigInteger second = new BigInteger(send(world, url, "g", "2").sequenceNumber());
        assertTrue(first.compareTo(second) < 0);
        assertEquals(20, first.toString().length(), "AWS: 128 bits, twenty digits in practice");
        Message message = world.receive(url).get(0);
        assertEquals(first.toString(), message.attributes().get(MessageSystemAttributeName.SEQUENCE_NUMBER));
        assertEquals("g", message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID));
    }

    @Test
    void theSameContentWithinFiveMinutesIsOneMessage(@Steered World world) {
        String url = world.hashedFifo();
        SendMessageResponse first = send(world, url, "g", "same");
        assertEquals(first.messageId(), send(world, url, "g", "same").messageId());
        Message only = world.receiveOne(url);
        world.sqs.deleteMessage(b -> b.queueUrl(url).receiptHandle(only.receiptHandle()));
        world.server.advance(Duration.ofSeconds(299));
        send(world, url, "g", "same");
        assertEquals(List.of(), world.bodies(url));
        world.server.advance(Duration.ofSeconds(1));
        send(world, url, "g", "same");
        assertEquals(List.of("same"), world.bodies(url));
    }

    @Test
    void aGroupWaitsForItsFirstMessage(World world) {
        String url = world.hashedFifo();
        send(world, url, "a", "a1");
        List<Message> first = world.receive(url);
        send(world, url, "a", "a2");
        send(world, url, "b", "b1");
        assertEquals(List.of("b1"), world.bodies(url));
        world.sqs.deleteMessage(b -> b.queueUrl(url).receiptHandle(first.get(0).receiptHandle()));
        assertEquals(List.of("a2"), world.bodies(url));
    }

    @Test
    void aReceiveRepeatedByItsAttemptIdGetsTheSame(World world) {
        String url = world.hashedFifo();
        send(world, url, "a", "a1");
        Message first = world.sqs.receiveMessage(
            b -> b.queueUrl(url).receiveRequestAttemptId("try")).messages().get(0);
        Message again = world.sqs.receiveMessage(
            b -> b.queueUrl(url).receiveRequestAttemptId("try")).messages().get(0);
        assertEquals(first.messageId(), again.messageId());
    }

    @Test
    void aMessageNeedsAGroup(World world) {
        String url = world.hashedFifo();
        Refused.with(SqsException.class, () -> world.send(url, "alone"))
            .code("MissingParameter").status(400)
            .message("The request must contain the parameter MessageGroupId.");
    }
}
