package fanlight.compat.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A program without a word about endpoints, regions and credentials: it takes them from its environment, as programs
 * of users do. It prints the addresses of what it has created in each service.
 */
public final class Probe {
    private Probe() {
    }

    public static void main(String[] arguments) {
        try (SqsClient sqs = SqsClient.create(); SnsClient sns = SnsClient.create();
                EventBridgeClient events = EventBridgeClient.create()) {
            String url = sqs.createQueue(b -> b.queueName("probe")).queueUrl();
            sqs.sendMessage(b -> b.queueUrl(url).messageBody("hello"));
            System.out.println(url);
            System.out.println(sns.createTopic(b -> b.name("probe")).topicArn());
            System.out.println(events.createEventBus(b -> b.name("probe")).eventBusArn());
        }
    }

    /** Runs it as a process of its own, with nothing of AWS in its environment but these variables. */
    public static List<String> run(Map<String, String> variables) throws IOException, InterruptedException {
        Path output = Files.createTempFile("fanlight-probe-", ".log");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1",
            "-cp", System.getProperty("java.class.path"), Probe.class.getName());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().putAll(variables);
        int code = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        if (code != 0) {
            throw new AssertionError("the probe ended with " + code + ":\n" + text);
        }
        return text.lines().toList();
    }
}
