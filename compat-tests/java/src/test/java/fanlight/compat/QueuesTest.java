package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fanlight.compat.support.Refused;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/** Queues, as the typed client of the SDK sees them. */
@ExtendWith(Worlds.class)
class QueuesTest {

    @Test
    void aQueueIsFoundByItsName(World world) {
        String url = world.sqs.createQueue(b -> b.queueName("orders")).queueUrl();
        assertEquals(world.server.url() + "/" + world.account + "/orders", url);
        assertEquals(url, world.sqs.getQueueUrl(b -> b.queueName("orders")).queueUrl());
        assertEquals(url, world.sqs.getQueueUrl(
            b -> b.queueName("orders").queueOwnerAWSAccountId(world.account)).queueUrl());
    }

    @Test
    void everyAttributeHasAConstantOfTheSdk(World world) {
        String url = world.queue(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "17"));
        GetQueueAttributesResponse answer = world.sqs.getQueueAttributes(
            b -> b.queueUrl(url).attributeNames(QueueAttributeName.ALL));
        Map<QueueAttributeName, String> found = answer.attributes();
        assertFalse(
            found.containsKey(QueueAttributeName.UNKNOWN_TO_SDK_VERSION), answer.attributesAsStrings()::toString);
        assertEquals("17", found.get(QueueAttributeName.VISIBILITY_TIMEOUT));
        assertEquals("1048576", found.get(QueueAttributeName.MAXIMUM_MESSAGE_SIZE));
        assertEquals(world.arn(url), found.get(QueueAttributeName.QUEUE_ARN));
        assertFalse(found.containsKey(QueueAttributeName.REDRIVE_POLICY), "what is not set is left out");
    }

    @Test
    void makingItAgainIsFineUnlessItDiffers(World world) {
        Map<QueueAttributeName, String> attributes = Map.of(QueueAttributeName.DELAY_SECONDS, "5");
        String url = world.sqs.createQueue(b -> b.queueName("orders").attributes(attributes)).queueUrl();
        assertEquals(url, world.sqs.createQueue(b -> b.queueName("orders").attributes(attributes)).queueUrl());
        Refused.with(QueueNameExistsException.class, () -> world.sqs.createQueue(
                b -> b.queueName("orders").attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "6"))))
            .code("QueueAlreadyExists").status(400)
            .message("A queue already exists with the same name and a different value for attribute DelaySeconds");
    }

    @Test
    void setAttributesAreRead(World world) {
        String url = world.queue();
        world.sqs.setQueueAttributes(b -> b.queueUrl(url).attributes(
            Map.of(QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "20")));
        assertEquals(
            Map.of(QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, "20"),
            world.sqs.getQueueAttributes(b -> b.queueUrl(url)
                .attributeNames(QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS)).attributes());
    }

    @Test
    void anEmptyListIsAbsent(World world) {
        ListQueuesResponse none = world.sqs.listQueues();
        assertFalse(none.hasQueueUrls());
        assertEquals(List.of(), none.queueUrls());
        world.queue();
        assertTrue(world.sqs.listQueues().hasQueueUrls());
    }

    @Test
    void thePaginatorFollowsEachToken(World world) {
        List<String> made = IntStream.range(0, 5).mapToObj(n -> world.queue()).sorted().toList();
        List<Integer> pages = new ArrayList<>();
        world.sqs.listQueuesPaginator(b -> b.maxResults(2)).forEach(page -> pages.add(page.queueUrls().size()));
        assertEquals(List.of(2, 2, 1), pages);
        List<String> listed = world.sqs.listQueuesPaginator(b -> b.maxResults(2)).queueUrls()
            .stream().sorted().toList();
        assertEquals(made, listed);
    }

    @Test
    void tagsComeAndGo(World world) {
        Map<String, String> tags = Map.of("team", "shop", "größe", "");
        String url = world.sqs.createQueue(b -> b.queueName("q").tags(tags)).queueUrl();
        assertEquals(tags, world.sqs.listQueueTags(b -> b.queueUrl(url)).tags());
        world.sqs.untagQueue(b -> b.queueUrl(url).tagKeys("team", "größe"));
        assertFalse(world.sqs.listQueueTags(b -> b.queueUrl(url)).hasTags());
    }

    @Test
    void aDeletedQueueDoesNotExist(World world) {
        String url = world.queue();
        world.sqs.deleteQueue(b -> b.queueUrl(url));
        Refused.with(QueueDoesNotExistException.class, () -> world.send(url, "too late"));
    }
}
