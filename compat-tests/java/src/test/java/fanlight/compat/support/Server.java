package fanlight.compat.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One Fanlight process: started, found by the URL it prints, ended by its own handle. */
public final class Server implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 30;
    private static final Pattern URL = Pattern.compile("http://\\S+");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;
    private final URI url;

    private Server(Process process, Path log, URI url) {
        this.process = process;
        this.log = log;
        this.url = url;
    }

    /** Starts the program that FANLIGHT_BIN names, on a free port. */
    public static Server start(String... flags) {
        try {
            Path log = Files.createTempFile("fanlight-compat-", ".log");
            Process process = spawn(log, flags);
            return new Server(process, log, awaitReady(process, log));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static Process spawn(Path log, String... flags) throws IOException {
        String program = System.getenv("FANLIGHT_BIN");
        if (program == null) {
            throw new IllegalStateException("FANLIGHT_BIN must name the program under test");
        }
        List<String> command = new ArrayList<>(List.of(program, "--listen", "127.0.0.1:0"));
        command.addAll(List.of(flags));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        // The caller's own settings must not change what is tested.
        builder.environment().keySet().removeIf(name -> name.startsWith("FANLIGHT_"));
        Process process = builder.start();
        // However this JVM ends, nothing stays behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    private static URI awaitReady(Process process, Path log) throws IOException {
        CompletableFuture<Void> watchdog = CompletableFuture.runAsync(
            process::destroyForcibly, CompletableFuture.delayedExecutor(DEADLINE_SECONDS, TimeUnit.SECONDS));
        BufferedReader output = process.inputReader();
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.strip().equals("Ready.")) {
                break;
            }
        }
        watchdog.cancel(false);
        Matcher found = URL.matcher(lines.isEmpty() ? "" : lines.get(0));
        if (lines.isEmpty() || !lines.get(lines.size() - 1).strip().equals("Ready.") || !found.find()) {
            process.destroyForcibly();
            throw new IllegalStateException("Fanlight did not start: " + lines + "\n" + Files.readString(log));
        }
        return URI.create(found.group().replaceAll("/$", ""));
    }

    public URI url() {
        return url;
    }

    /** The same server by another name of this machine, such as `localhost`. */
    public URI urlAs(String host) {
        return URI.create("http://" + host + ":" + url.getPort());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("Fanlight did not end when asked to");
        }
        String text = Files.readString(log);
        Files.delete(log);
        if (process.exitValue() != 0 || text.contains("panicked at")) {
            throw new IllegalStateException("Fanlight ended with " + process.exitValue() + ":\n" + text);
        }
    }

    // -- its clock ------------------------------------------------------------------------------

    public Server freeze() {
        admin("POST", "/_fanlight/clock", Map.of("freeze", true));
        return this;
    }

    public void advance(Duration time) {
        admin("POST", "/_fanlight/clock", Map.of("advanceMs", time.toMillis()));
    }

    /** Its clock stands still at this moment. */
    public void setClock(Instant moment) {
        admin("POST", "/_fanlight/clock", Map.of("freeze", true, "setMs", moment.toEpochMilli()));
    }

    public Instant now() {
        return Instant.ofEpochMilli(admin("GET", "/_fanlight/clock", null).get("nowMs").asLong());
    }

    private JsonNode admin(String method, String path, Map<String, ?> body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(20));
            request.method(method, body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
            request.header("Content-Type", "application/json");
            HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (InterruptedException problem) {
            throw new IllegalStateException(problem);
        }
    }
}
