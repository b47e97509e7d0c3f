package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazon.sqs.javamessaging.ProviderConfiguration;
import com.amazon.sqs.javamessaging.SQSConnection;
import com.amazon.sqs.javamessaging.SQSConnectionFactory;
import com.amazon.sqs.javamessaging.SQSMessagingClientConstants;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import jakarta.jms.BytesMessage;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** `amazon-sqs-java-messaging-lib`: JMS on SQS. */
@ExtendWith(Worlds.class)
class JmsTest {
    private static final int DEADLINE_MS = 5000;

    private static SQSConnection connect(World world, int prefetch) throws Exception {
        return new SQSConnectionFactory(
            new ProviderConfiguration().withNumberOfMessagesToPrefetch(prefetch), world.sqs).createConnection();
    }

    private static String left(World world, String url) {
        Map<QueueAttributeName, String> found = world.sqs.getQueueAttributes(b -> b.queueUrl(url).attributeNames(
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)).attributes();
        return found.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES) + " and "
            + found.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
    }

    @Test
    void textBytesAndObjectsWithProperties(World world) throws Exception {
        String url = world.sqs.createQueue(b -> b.queueName("jms")).queueUrl();
        SQSConnection connection = connect(world, 0);
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(session.createQueue("jms"));
        MessageConsumer consumer = session.createConsumer(session.createQueue("jms"));
        connection.start();

        TextMessage text = session.createTextMessage("grüße 🎈");
        text.setStringProperty("name", "größe");
        text.setIntProperty("count", 7);
        text.setDoubleProperty("price", 1.5);
        text.setBooleanProperty("rush", true);
        text.setJMSCorrelationID("c-1");
        producer.send(text);
        TextMessage told = (TextMessage) consumer.receive(DEADLINE_MS);
        assertEquals("grüße 🎈", told.getText());
        assertEquals(text.getJMSMessageID(), told.getJMSMessageID());
        assertEquals("größe", told.getStringProperty("name"));
        assertEquals(7, told.getIntProperty("count"));
        assertEquals(1.5, told.getDoubleProperty("price"));
        assertTrue(told.getBooleanProperty("rush"));
        assertEquals("c-1", told.getJMSCorrelationID());
        assertEquals(1, told.getIntProperty("JMSXDeliveryCount"));

        byte[] bytes = {0, 1, -1, 127, -128};
        BytesMessage sent = session.createBytesMessage();
        sent.writeBytes(bytes);
        producer.send(sent);
        BytesMessage received = (BytesMessage) consumer.receive(DEADLINE_MS);
        byte[] read = new byte[(int) received.getBodyLength()];
        received.readBytes(read);
        assertArrayEquals(bytes, read);

        producer.send(session.createObjectMessage(new ArrayList<>(List.of("a", 1))));
        assertEquals(List.of("a", 1), ((ObjectMessage) consumer.receive(DEADLINE_MS)).getObject());
        assertNull(consumer.receiveNoWait());
        connection.close();
        assertEquals("0 and 0", left(world, url), "acknowledged is deleted");
    }

    @Test
    void aListenerIsCalled(World world) throws Exception {
        String url = world.sqs.createQueue(b -> b.queueName("jms")).queueUrl();
        SQSConnection connection = connect(world, 0);
        Session session = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
        CompletableFuture<String> heard = new CompletableFuture<>();
        session.createConsumer(session.createQueue("jms")).setMessageListener(message -> {
            try {
                message.acknowledge();
                heard.complete(((TextMessage) message).getText());
            } catch (Exception problem) {
                heard.completeExceptionally(problem);
            }
        });
        connection.start();
        session.createProducer(session.createQueue("jms")).send(session.createTextMessage("hello"));
        assertEquals("hello", heard.get(DEADLINE_MS, TimeUnit.MILLISECONDS));
        assertEquals("0 and 0", left(world, url));
        world.sqs.deleteQueue(b -> b.queueUrl(url));
        connection.close();
    }

    @Test
    void whatIsNotAcknowledgedComesAgain(World world) throws Exception {
        world.sqs.createQueue(b -> b.queueName("jms"));
        world.send(world.sqs.getQueueUrl(b -> b.queueName("jms")).queueUrl(), "from elsewhere");
        SQSConnection connection = connect(world, 0);
        Session session = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(session.createQueue("jms"));
        connection.start();
        assertFalse(consumer.receive(DEADLINE_MS).getJMSRedelivered());
        session.recover();
        Message again = consumer.receive(DEADLINE_MS);
        assertEquals("from elsewhere", ((TextMessage) again).getText());
        assertTrue(again.getJMSRedelivered());
        again.acknowledge();
        connection.close();
    }

    @Test
    void aFifoQueueKeepsOrder(World world) throws Exception {
        String url = world.hashedFifo();
        String name = url.substring(url.lastIndexOf('/') + 1);
        SQSConnection connection = connect(world, 0);
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(session.createQueue(name));
        for (String body : List.of("1", "2", "3")) {
            TextMessage message = session.createTextMessage(body);
            message.setStringProperty(SQSMessagingClientConstants.JMSX_GROUP_ID, "g");
            producer.send(message);
            String sequence = message.getStringProperty(SQSMessagingClientConstants.JMS_SQS_SEQUENCE_NUMBER);
            assertTrue(sequence.matches("\\d{20}"), sequence);
        }
        MessageConsumer consumer = session.createConsumer(session.createQueue(name));
        connection.start();
        for (String body : List.of("1", "2", "3")) {
            TextMessage message = (TextMessage) consumer.receive(DEADLINE_MS);
            assertEquals(body, message.getText());
            assertEquals("g", message.getStringProperty(SQSMessagingClientConstants.JMSX_GROUP_ID));
        }
        connection.close();
    }

    @Test
    void aQueueNobodyMadeIsAnInvalidDestination(World world) throws Exception {
        SQSConnection connection = connect(world, 0);
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        assertThrows(InvalidDestinationException.class, () -> session.createQueue("nowhere"));
        assertFalse(connection.getWrappedAmazonSQSClient().queueExists("nowhere"));
        connection.close();
    }
}
