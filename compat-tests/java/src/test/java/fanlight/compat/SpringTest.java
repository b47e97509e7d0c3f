package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.config.SqsBootstrapConfiguration;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.operations.SendResult;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Spring Cloud AWS: its template and its listeners, which create the queues they do not find. */
@ExtendWith(Worlds.class)
class SpringTest {
    private static final int DEADLINE_SECONDS = 15;

    private static SqsTemplate template(World world) {
        return SqsTemplate.newTemplate(world.sqsAsync());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring", "spring.fifo"})
    void theTemplateMakesTheQueueAndReceives(String queue, World world) {
        SqsTemplate template = template(world);
        SendResult<String> sent = template.send(
            to -> to.queue(queue).payload("grüße 🎈").header("team", "shop"));
        Optional<Message<?>> received = template.receive(from -> from.queue(queue).pollTimeout(Duration.ofSeconds(5)));
        assertEquals("grüße 🎈", received.orElseThrow().getPayload());
        assertEquals("shop", received.get().getHeaders().get("team"));
        assertEquals(sent.messageId(), received.get().getHeaders().getId());
        assertTrue(template.receive(from -> from.queue(queue).pollTimeout(Duration.ZERO)).isEmpty(), "it acknowledges");
    }

    @Test
    void theTemplateSendsAndReceivesMany(World world) {
        SqsTemplate template = template(world);
        List<Message<String>> messages = IntStream.range(0, 10)
            .<Message<String>>mapToObj(n -> new GenericMessage<>("message " + n)).toList();
        assertEquals(10, template.sendMany("many", messages).successful().size());
        assertEquals(10, template.receiveMany(
            from -> from.queue("many").maxNumberOfMessages(10).pollTimeout(Duration.ofSeconds(5))).size());
    }

    @Import(SqsBootstrapConfiguration.class)
    static class Application {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Bean
        SqsMessageListenerContainerFactory<Object> defaultSqsListenerContainerFactory(SqsAsyncClient client) {
            return SqsMessageListenerContainerFactory.builder().sqsAsyncClient(client)
                .configure(options -> options.pollTimeout(Duration.ofSeconds(1))).build();
        }

        @SqsListener("listened")
        void standard(String body) {
            heard.add("standard " + body);
        }

        @SqsListener("listened.fifo")
        void ordered(List<String> bodies) {
            bodies.forEach(body -> heard.add("ordered " + body));
        }
    }

    @Test
    void listenersHearBothKindsOfQueues(World world) throws Exception {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(SqsAsyncClient.class, world::sqsAsync);
        context.register(Application.class);
        context.refresh();
        try (context) {
            SqsTemplate template = template(world);
            template.send("listened", "hello");
            BlockingQueue<String> heard = context.getBean(Application.class).heard;
            assertEquals("standard hello", heard.poll(DEADLINE_SECONDS, TimeUnit.SECONDS));
            for (String body : List.of("1", "2")) {
                template.send(to -> to.queue("listened.fifo").payload(body).messageGroupId("g"));
            }
            assertEquals("ordered 1", heard.poll(DEADLINE_SECONDS, TimeUnit.SECONDS));
            assertEquals("ordered 2", heard.poll(DEADLINE_SECONDS, TimeUnit.SECONDS));
        }
        for (String name : List.of("listened", "listened.fifo")) {
            String url = world.sqs.getQueueUrl(b -> b.queueName(name)).queueUrl();
            assertEquals("0", world.sqs.getQueueAttributes(b -> b.queueUrl(url)
                    .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)).attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE), "all are acknowledged");
        }
    }
}
