package fanlight.compat;

import static fanlight.compat.support.World.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import fanlight.compat.support.Steered;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.eventbridge.model.DescribeReplayResponse;
import software.amazon.awssdk.services.eventbridge.model.ListRulesResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Tag;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** EventBridge, which this SDK speaks as JSON 1.1. */
@ExtendWith(Worlds.class)
class EventsTest {

    private static PutEventsRequestEntry entry(String detail) {
        return PutEventsRequestEntry.builder().source("shop").detailType("OrderCreated").detail(detail).build();
    }

    private static String put(World world, String detail) {
        return world.events.putEvents(b -> b.entries(entry(detail))).entries().get(0).eventId();
    }

    /** A queue that gets what a new rule lets through, shaped as this target says; gives its URL. */
    private static String listen(World world, String pattern, Target shape) {
        String queue = world.queue();
        String rule = World.name();
        world.events.putRule(b -> b.name(rule).eventPattern(pattern));
        PutTargetsResponse answer = world.events.putTargets(
            b -> b.rule(rule).targets(shape.toBuilder().id("queue").arn(world.arn(queue)).build()));
        assertEquals(0, answer.failedEntryCount());
        assertTrue(answer.hasFailedEntries(), "EventBridge sends the empty list");
        return queue;
    }

    private static String listen(World world, String pattern) {
        return listen(world, pattern, Target.builder().build());
    }

    @Test
    void anEventReachesTheQueueOfItsRule(World world) {
        String queue = listen(world, "{\"source\": [\"shop\"], \"detail\": {\"price\": [{\"numeric\": [\">\", 10]}]}}");
        Instant time = Instant.parse("2026-02-03T04:05:06Z");
        put(world, "{\"price\": 9}");
        PutEventsRequestEntry large = entry("{\"price\": 11.5, \"name\": \"größe 🎈\"}").toBuilder()
            .time(time).resources("arn:x", "arn:y").build();
        PutEventsResponse answer = world.events.putEvents(b -> b.entries(large));
        assertEquals(0, answer.failedEntryCount());
        JsonNode event = json(world.receiveOne(queue).body());
        assertEquals(answer.entries().get(0).eventId(), event.get("id").asText());
        assertEquals("2026-02-03T04:05:06Z", event.get("time").asText());
        assertEquals(world.account, event.get("account").asText());
        assertEquals("us-east-1", event.get("region").asText());
        assertEquals(json("[\"arn:x\", \"arn:y\"]"), event.get("resources"));
        assertEquals(json("{\"price\": 11.5, \"name\": \"größe 🎈\"}"), event.get("detail"));
    }

    @Test
    void aFailedEntryStandsAtItsPlace(World world) {
        PutEventsResponse answer = world.events.putEvents(
            b -> b.entries(entry("{}"), entry("no JSON"), entry("{\"n\": 1}")));
        assertEquals(1, answer.failedEntryCount());
        assertEquals(3, answer.entries().size());
        assertEquals("MalformedDetail", answer.entries().get(1).errorCode());
        assertEquals("Detail is malformed.", answer.entries().get(1).errorMessage());
        assertNull(answer.entries().get(1).eventId());
        assertFalse(answer.entries().get(2).eventId().isBlank());
    }

    @Test
    void patternsAreTested(World world) {
        String event = "{\"id\": \"1\", \"source\": \"shop\", \"detail-type\": \"t\", \"account\": \"1\","
            + " \"time\": \"2026-02-03T04:05:06Z\", \"region\": \"us-east-1\", \"resources\": [],"
            + " \"detail\": {\"a\": \"bcd\"}}";
        assertTrue(world.events.testEventPattern(
            b -> b.event(event).eventPattern("{\"detail\": {\"a\": [{\"prefix\": \"bc\"}]}}")).result());
        assertFalse(world.events.testEventPattern(
            b -> b.event(event).eventPattern("{\"detail\": {\"a\": [{\"suffix\": \"bc\"}]}}")).result());
    }

    @Test
    void theInputTransformerShapesWhatTheQueueGets(World world) {
        String queue = listen(world, "{\"source\": [\"shop\"]}", Target.builder().inputTransformer(b -> b
            .inputPathsMap(Map.of("id", "$.detail.id", "all", "$.detail"))
            .inputTemplate("{\"order\": <id>, \"text\": \"order <id>\", \"all\": <all>}")).build());
        put(world, "{\"id\": \"x-1\", \"n\": [1, null]}");
        assertEquals(
            json("{\"order\": \"x-1\", \"text\": \"order x-1\", \"all\": {\"id\": \"x-1\", \"n\": [1, null]}}"),
            json(world.receiveOne(queue).body()));
    }

    @Test
    void aConstantAndAPathShapeIt(World world) {
        String constant = listen(world, "{\"source\": [\"shop\"]}", Target.builder().input("{\"always\": 1}").build());
        String path = listen(world, "{\"source\": [\"shop\"]}", Target.builder().inputPath("$.detail.name").build());
        put(world, "{\"name\": \"größe\"}");
        assertEquals(List.of("{\"always\": 1}"), world.bodies(constant));
        assertEquals(List.of("\"größe\""), world.bodies(path));
    }

    @Test
    void rulesAreDescribedAndListedInPages(World world) {
        for (int number = 0; number < 5; number++) {
            String name = "rule-" + number;
            world.events.putRule(b -> b.name(name).scheduleExpression("rate(5 minutes)").state(RuleState.DISABLED)
                .description("größe").tags(Tag.builder().key("team").value("shop").build()));
        }
        assertEquals(RuleState.DISABLED, world.events.describeRule(b -> b.name("rule-0")).state());
        List<String> names = new ArrayList<>();
        List<Integer> pages = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            ListRulesResponse page = world.events.listRules(b -> b.namePrefix("rule-").limit(2).nextToken(from));
            page.rules().stream().map(Rule::name).forEach(names::add);
            pages.add(page.rules().size());
            token = page.nextToken();
        } while (token != null);
        assertEquals(List.of(2, 2, 1), pages);
        assertEquals(List.of("rule-0", "rule-1", "rule-2", "rule-3", "rule-4"), names);
        String arn = world.events.describeRule(b -> b.name("rule-0")).arn();
        assertEquals(
            List.of(Tag.builder().key("team").value("shop").build()),
            world.events.listTagsForResource(b -> b.resourceARN(arn)).tags());
    }

    @Test
    void anArchiveIsReplayedBetweenTwoInstants(@Steered World world) {
        String bus = "arn:aws:events:us-east-1:" + world.account + ":event-bus/default";
        String archive = world.events.createArchive(b -> b.archiveName("all").eventSourceArn(bus)).archiveArn();
        assertEquals(
            seconds(world.server.now()),
            seconds(world.events.describeArchive(b -> b.archiveName("all")).creationTime()));
        String queue = listen(world, "{\"source\": [\"shop\"]}");
        put(world, "{\"n\": 1}");
        world.server.advance(Duration.ofMinutes(10));
        Instant middle = world.server.now();
        world.server.advance(Duration.ofMinutes(10));
        put(world, "{\"n\": 2}");
        world.server.advance(Duration.ofMinutes(10));
        Instant end = world.server.now();
        assertEquals(2, world.receive(queue).size());
        world.events.startReplay(b -> b.replayName("again").eventSourceArn(archive)
            .eventStartTime(middle).eventEndTime(end).destination(d -> d.arn(bus)));
        world.until(() -> {
            world.server.advance(Duration.ofSeconds(1));
            return replay(world).state() == ReplayState.COMPLETED;
        });
        assertEquals(seconds(middle), seconds(replay(world).eventStartTime()));
        assertEquals(seconds(end), seconds(replay(world).eventEndTime()));
        List<JsonNode> again = world.bodies(queue).stream().map(World::json)
            .filter(event -> event.has("replay-name")).toList();
        assertEquals(List.of("again"), again.stream().map(event -> event.get("replay-name").asText()).toList());
        assertEquals(2, again.get(0).at("/detail/n").asInt());
    }

    /** AWS may round times to seconds. */
    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static DescribeReplayResponse replay(World world) {
        return world.events.describeReplay(b -> b.replayName("again"));
    }
}
