package fanlight.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fanlight.compat.support.Attempts;
import fanlight.compat.support.Probe;
import fanlight.compat.support.Refused;
import fanlight.compat.support.World;
import fanlight.compat.support.Worlds;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Where the SDK goes, as whom, and what the queue URLs it gets look like. */
@ExtendWith(Worlds.class)
class EndpointsTest {
    /** Nobody listens there, so whoever goes there fails. */
    private static final String NOWHERE = "http://127.0.0.1:1";

    private static Map<String, String> environment(World world, Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("AWS_ACCESS_KEY_ID", world.account);
        variables.put("AWS_SECRET_ACCESS_KEY", "any secret");
        variables.put("AWS_REGION", "eu-west-1");
        return variables;
    }

    private static List<String> expected(World world) {
        return List.of(
            world.server.url() + "/" + world.account + "/probe",
            "arn:aws:sns:eu-west-1:" + world.account + ":probe",
            "arn:aws:events:eu-west-1:" + world.account + ":event-bus/probe");
    }

    @Test
    void oneVariableIsEnoughForAllServices(World world) throws Exception {
        assertEquals(expected(world), Probe.run(environment(world,
            Map.of("AWS_ENDPOINT_URL", world.server.url().toString()))));
    }

    @Test
    void aVariableForEachService(World world) throws Exception {
        String url = world.server.url().toString();
        assertEquals(expected(world), Probe.run(environment(world, Map.of(
            "AWS_ENDPOINT_URL", NOWHERE, "AWS_ENDPOINT_URL_SQS", url, "AWS_ENDPOINT_URL_SNS", url,
            "AWS_ENDPOINT_URL_EVENTBRIDGE", url))));
    }

    @Test
    void aProfileWithServices(World world, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("config");
        Files.writeString(file, """
            [profile local]
            endpoint_url = %s
            services = local
            [services local]
            sqs =
              endpoint_url = %s
            """.formatted(world.server.url(), world.server.urlAs("localhost")));
        List<String> found = Probe.run(environment(world,
            Map.of("AWS_CONFIG_FILE", file.toString(), "AWS_PROFILE", "local")));
        assertEquals(world.server.urlAs("localhost") + "/" + world.account + "/probe", found.get(0));
        assertEquals(expected(world).subList(1, 3), found.subList(1, 3));
    }

    @Test
    void theQueueUrlHasTheHostThatTheClientUsed(World world) {
        URI endpoint = world.server.urlAs("localhost");
        SqsClient sqs = world.closing(world.sqsBuilder().endpointOverride(endpoint).build());
        String url = sqs.createQueue(b -> b.queueName("orders")).queueUrl();
        assertEquals(endpoint + "/" + world.account + "/orders", url);
        sqs.sendMessage(b -> b.queueUrl(url).messageBody("hello"));
        assertEquals(List.of("hello"), world.bodies(world.server.url() + "/" + world.account + "/orders"));
    }

    /** This SDK goes to its endpoint, whatever the origin of the queue URL; so foreign URLs arrive in requests. */
    @Test
    void queueUrlsOfOtherOriginsAreUnderstood(World world) {
        Attempts attempts = new Attempts();
        SqsClient sqs = world.closing(world.sqsBuilder()
            .overrideConfiguration(b -> b.addExecutionInterceptor(attempts)).build());
        sqs.createQueue(b -> b.queueName("orders"));
        String path = "/" + world.account + "/orders";
        for (String url : List.of("https://sqs.us-east-1.amazonaws.com" + path, "http://fanlight:4566" + path,
            "http://sqs.us-east-1.localhost.localstack.cloud:4566" + path, "orders")) {
            sqs.sendMessage(b -> b.queueUrl(url).messageBody("hello"));
        }
        assertTrue(attempts.requests().stream().allMatch(request -> request.port() == world.server.url().getPort()));
        assertEquals(4, world.receive("orders").size());
    }

    @Test
    void accountsAndRegionsSeeNothingOfEachOther(World world) {
        world.sqs.createQueue(b -> b.queueName("orders"));
        world.topic();
        World elsewhere = world.in("eu-west-1");
        World other = world.closing(new World(world.server, Worlds.newAccount(), world.region));
        for (World foreign : List.of(elsewhere, other)) {
            Refused.with(QueueDoesNotExistException.class, () -> foreign.sqs.getQueueUrl(b -> b.queueName("orders")));
            assertEquals(List.of(), foreign.sqs.listQueues().queueUrls());
            assertEquals(List.of(), foreign.sns.listTopics().topics());
        }
    }

    @Test
    void anyOtherAccessKeyIsTheDefaultAccount(World world) {
        World nobody = world.closing(new World(world.server, "AKIAIOSFODNN7EXAMPLE", world.region));
        String url = nobody.queue();
        assertTrue(url.startsWith(world.server.url() + "/000000000000/"), url);
    }
}
