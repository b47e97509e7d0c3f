package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fanlight.compat.support.Refused;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ResourceNotFoundException;

/** Dead letters and the way back. */
@ExtendWith(Worlds.class)
class RedriveTest {

    private static String withDeadLetters(World world, String dead) {
        return world.queue(Map.of(QueueAttributeName.REDRIVE_POLICY,
            "{\"deadLetterTargetArn\":\"" + world.arn(dead) + "\",\"maxReceiveCount\":\"1\"}"));
    }

    private static void die(World world, String source, String body) {
        world.send(source, body);
        world.sqs.receiveMessage(b -> b.queueUrl(source).visibilityTimeout(0));
        assertEquals(List.of(), world.bodies(source));
    }

    @Test
    void aDeadLetterNamesItsSource(World world) {
        String dead = world.queue();
        String source = withDeadLetters(world, dead);
        die(world, source, "poison");
        Message message = world.receiveOne(dead);
        assertEquals("poison", message.body());
        assertEquals(world.arn(source),
            message.attributes().get(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN));
    }

    @Test
    void thePaginatorFindsTheSources(World world) {
        String dead = world.queue();
        List<String> sources = List.of(
            withDeadLetters(world, dead), withDeadLetters(world, dead), withDeadLetters(world, dead));
        List<String> found = world.sqs.listDeadLetterSourceQueuesPaginator(b -> b.queueUrl(dead).maxResults(2))
            .queueUrls().stream().toList();
        assertEquals(sources.stream().sorted().toList(), found.stream().sorted().toList());
    }

    @Test
    void aMoveTaskBringsThemBack(World world) {
        String dead = world.queue();
        String source = withDeadLetters(world, dead);
        die(world, source, "a");
        die(world, source, "b");
        long before = System.currentTimeMillis();
        world.sqs.startMessageMoveTask(b -> b.sourceArn(world.arn(dead)));
        world.until(() -> task(world, dead).status().equals("COMPLETED"));
        ListMessageMoveTasksResultEntry task = task(world, dead);
        assertEquals(2L, task.approximateNumberOfMessagesMoved());
        assertEquals(world.arn(dead), task.sourceArn());
        assertEquals(before, task.startedTimestamp(), 60_000, "milliseconds since 1970");
        assertEquals(List.of("a", "b"), world.bodies(source).stream().sorted().toList());
    }

    private static ListMessageMoveTasksResultEntry task(World world, String dead) {
        return world.sqs.listMessageMoveTasks(b -> b.sourceArn(world.arn(dead))).results().get(0);
    }

    @Test
    void aMoveFromNowhereIsRefused(World world) {
        Refused.with(ResourceNotFoundException.class,
                () -> world.sqs.startMessageMoveTask(b -> b.sourceArn(world.arn("nowhere"))))
            .code("ResourceNotFoundException").status(404)
            .message("The resource that you specified for the SourceArn parameter doesn't exist.");
    }
}
