package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.recording.Decoded;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Servers in their own processes: killed, interrupted, restarted. */
@Execution(ExecutionMode.CONCURRENT)
class RestartIT {
    private final Path folder = Berth.temporaryFolder();
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void delete() throws InterruptedException {
        Berth.await(vertx.close());
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    @Test
    void sessionsOfAKilledServerCanBeReadAfterARestart() throws Exception {
        TestSite site = new TestSite(vertx);
        ServerProcess first = ServerProcess.start(folder);
        String session = first.api().open(site.url("/noisy"));
        String link = first.api().post(session + "/screenshot").json().getString("objectId");
        // Sealed after two seconds; from then on it survives a kill.
        first.api().await(session + "/console", a -> a.json().getInteger("total") == 9);
        Api.await(() -> sealedChunks(), chunks -> chunks >= 2);
        first.process.destroyForcibly().waitFor();
        Api.await(() -> chromesOf(folder), List::isEmpty);

        ServerProcess second = ServerProcess.start(folder);
        JsonObject lost = second.api().get(session).json();
        assertThat(lost.getString("status")).isEqualTo("failed");
        assertThat(lost.getString("endReason")).isEqualTo("node_lost");
        assertThat(lost.getString("title")).isEqualTo("Noisy");
        assertThat(second.api().get(session + "/console").json().getInteger("total"))
                .isEqualTo(9);
        assertThat(second.api().get(session + "/actions").json().getInteger("total"))
                .isEqualTo(2);
        JsonObject artifact =
                second.api().get(session + "/artifacts").list("artifacts").getJsonObject(0);
        assertThat(artifact.getString("objectId")).isEqualTo(link);
        assertThat(Api.fetch(artifact.getString("publicUrl")).status()).isEqualTo(200);
        String again = second.api().open(site.url("/plain"));
        // The session's profile and those of two warm Chromes.
        Api.await(this::profiles, profiles -> profiles.size() == 3);

        second.process.destroy(); // as Ctrl-C does
        assertThat(second.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(chromesOf(folder)).isEmpty();
        assertThat(folder.resolve("data/profiles")).doesNotExist();
        assertThat(ProcessHandle.allProcesses()
                        .filter(p -> p.info().commandLine().orElse("").contains(folder.toString())))
                .isEmpty();

        ServerProcess third = ServerProcess.start(folder);
        JsonObject drained = third.api().get(again).json();
        assertThat(drained.getString("status")).isEqualTo("cancelled");
        assertThat(drained.getString("endReason")).isEqualTo("node_drained");
        third.process.destroy();
        third.process.waitFor();
    }

    @Test
    void recordingsOfAKilledServerAreStoredByTheNext() throws Exception {
        TestSite site = new TestSite(vertx);
        String page = site.page("<body style='background:#f00'>");
        String postgres = "BERTH_POSTGRES_URI=" + Berth.newDatabase();
        ServerProcess first = ServerProcess.start(folder, postgres);
        List<String> sessions =
                List.of(seen(first.api(), page, "recording"), seen(first.api(), page, "flightRecorder"));
        first.process.destroyForcibly().waitFor();

        ServerProcess second = ServerProcess.start(folder, postgres);
        for (String session : sessions) {
            JsonObject artifact = second.api()
                    .await(session + "/artifacts", a -> a.text().contains("\"stored\""))
                    .list("artifacts")
                    .getJsonObject(0);
            byte[] bytes = Api.fetch(artifact.getString("publicUrl")).body();
            assertThat(bytes).hasSize(artifact.getInteger("size"));
            Path video = Files.write(folder.resolve("video.webm"), bytes);
            Decoded decoded = Decoded.of(RecordingIT.encoder(folder.resolve("data")), video);
            assertThat(RecordingIT.colours(decoded)).endsWith("r");
            assertThat(decoded.durationMillis()).isGreaterThan(500);
        }
        Api.await(() -> left("recordings") + left("flights"), left -> left == 0);
        second.process.destroy();
        second.process.waitFor();
    }

    /** A session with this option that has shown the page for a while. */
    private static String seen(Api api, String page, String option) {
        String session = api.newSession(new JsonObject().put("options", new JsonObject().put(option, true)));
        api.navigate(session, page);
        // A file without its end lasts until its last picture, so the page changes late.
        api.evaluate(session, """
                new Promise(shown => setTimeout(() => {
                  document.body.append('x');
                  setTimeout(shown, 1000);
                }, 1000))""");
        return session;
    }

    private long left(String name) {
        try (var files = Files.list(folder.resolve("data").resolve(name))) {
            return files.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aKilledServersSessionEndsAtItsLastSignOfLife() throws Exception {
        // Postgres is not killed with the server, and runs already.
        String postgres = "BERTH_POSTGRES_URI="
                + Berth.shared().server.config().postgres().uri().orElseThrow();
        ServerProcess first = ServerProcess.start(folder, postgres);
        String session = first.api().newSession();
        Thread busy = new Thread(() -> {
            while (first.process.isAlive()) {
                try {
                    first.api().evaluate(session, "1");
                } catch (AssertionError e) {
                    return; // it was killed
                }
            }
        });
        busy.start();
        first.api().await(session, a -> a.json().getInteger("actionCount") > 20);
        first.process.destroyForcibly().waitFor();
        Instant killed = Instant.now();
        busy.join();

        ServerProcess second = ServerProcess.start(folder, postgres);
        JsonObject lost = second.api().get(session).json();
        int actions = second.api().get(session + "/actions").json().getInteger("total");
        assertThat(lost.getInteger("actionCount")).isEqualTo(actions);
        JsonObject last = second.api()
                .get(session + "/actions?offset=" + (actions - 1))
                .list("actions")
                .getJsonObject(0);
        Instant ended = Instant.parse(lost.getString("endedAt"));
        assertThat(ended).isBetween(Instant.parse(last.getString("timestamp")), killed);
        long duration = Duration.between(Instant.parse(lost.getString("startedAt")), ended)
                .toMillis();
        // Times have whole milliseconds.
        assertThat(lost.getLong("duration")).isBetween(duration - 1, duration + 1);
        second.process.destroy();
        second.process.waitFor();
    }

    @Test
    void theNextProcessWritesWhatAnOutageLeftOnDisk() throws Exception {
        PostgresProxy postgres = new PostgresProxy(
                vertx, Berth.shared().server.config().postgres().uri().orElseThrow());
        ServerProcess first = ServerProcess.start(folder, "BERTH_POSTGRES_URI=" + postgres.uri());
        String ends = first.api().newSession();
        String runs = first.api().newSession();
        first.api().evaluate(runs, "1");
        postgres.cut();
        first.api().evaluate(runs, "console.log('in an outage')");
        assertThat(first.api().delete(ends).status()).isEqualTo(200);
        first.process.destroyForcibly().waitFor();
        postgres.mend();

        ServerProcess second = ServerProcess.start(folder, "BERTH_POSTGRES_URI=" + postgres.uri());
        assertThat(second.api().get(ends).json().getString("endReason")).isEqualTo("client");
        JsonObject lost = second.api().get(runs).json();
        assertThat(lost.getString("endReason")).isEqualTo("node_lost");
        assertThat(lost.getInteger("actionCount")).isEqualTo(2);
        assertThat(second.api().get(runs + "/actions").json().getInteger("total"))
                .isEqualTo(2);
        second.process.destroy();
        second.process.waitFor();
        postgres.close();
    }

    /** Neither processes nor files outside of the data directory are left, whether the server is killed or stopped. */
    @Test
    void aServerLeavesNothingHoweverItEnds() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        String settings = "JAVA_TOOL_OPTIONS=-XX:-UsePerfData -Djava.io.tmpdir=" + temporary;
        for (boolean killed : new boolean[] {true, false}) {
            ServerProcess server = ServerProcess.start(folder, settings);
            assertThat(server.api().newSession()).isNotEmpty();
            assertThat(processesOf(folder)).isNotEmpty();
            if (killed) {
                server.process.destroyForcibly();
            } else {
                server.process.destroy();
            }
            server.process.waitFor();
            Api.await(() -> processesOf(folder), List::isEmpty);
            try (var left = Files.list(temporary)) {
                assertThat(left).isEmpty();
            }
        }
    }

    private static List<String> processesOf(Path folder) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }

    private long sealedChunks() {
        try (var files = Files.walk(folder.resolve("data/objects"))) {
            return files.filter(file -> file.toString().endsWith(".ndjson.gz")).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<ProcessHandle> chromesOf(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains("--user-data-dir=" + folder))
                .toList();
    }

    private List<Path> profiles() {
        try (var files = Files.list(folder.resolve("data/profiles"))) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachMissingPartStopsTheStartWithOneLine() throws Exception {
        String taken =
                String.valueOf(java.net.URI.create(Berth.shared().server.url()).getPort());
        // All at the same time, each with its own data directory.
        Refusal port = launch("BERTH_HTTP_PORT=eighty");
        Refusal chrome = launch("BERTH_CHROME_PATH=/nowhere/chrome");
        Refusal postgres = launch("BERTH_POSTGRES_URI=postgresql://u:p@127.0.0.1:1/x");
        Refusal s3 = launch(
                "BERTH_POSTGRES_URI=" + Berth.newDatabase(),
                "BERTH_S3_ENDPOINT=http://127.0.0.1:1",
                "BERTH_S3_ACCESS_KEY=a",
                "BERTH_S3_SECRET_KEY=b");
        Refusal key = launch("BERTH_HTTP_HOST=0.0.0.0", "BERTH_API_KEY=");
        Refusal busy = launch("BERTH_POSTGRES_URI=" + Berth.newDatabase(), "BERTH_HTTP_PORT=" + taken);

        assertThat(port.line()).contains("http.port (BERTH_HTTP_PORT) must be a whole number");
        assertThat(chrome.line()).contains("BERTH_CHROME_PATH").contains("not an executable");
        assertThat(postgres.line())
                .contains("Postgres at 127.0.0.1:1 can't be used")
                .contains("BERTH_POSTGRES_URI");
        assertThat(s3.line())
                .contains("the object store at http://127.0.0.1:1 can't be used")
                .contains("BERTH_S3_ENDPOINT");
        assertThat(key.line()).contains("api-key");
        assertThat(busy.line()).contains("http.port (BERTH_HTTP_PORT): 127.0.0.1:" + taken);
    }

    private Refusal launch(String... settings) throws IOException {
        return new Refusal(ServerProcess.launch(Files.createTempDirectory(folder, "own"), settings));
    }

    private String refusal(String... settings) throws Exception {
        return new Refusal(ServerProcess.launch(folder, settings)).line();
    }

    /** A start that must fail. */
    private record Refusal(ServerProcess start) {
        String line() throws InterruptedException {
            assertThat(start.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(start.process.exitValue()).isEqualTo(1);
            List<String> lines = start.output();
            assertThat(lines).as(String.join("\n", lines)).hasSize(1);
            return lines.get(0);
        }
    }

    @Test
    void aDataDirectoryHasOneServer() throws Exception {
        String postgres = "BERTH_POSTGRES_URI=" + Berth.newDatabase();
        ServerProcess first = ServerProcess.start(folder, postgres);
        assertThat(refusal(postgres)).contains("in use by another Berth");
        assertThat(first.api().get("/api/sessions").status()).isEqualTo(200);
        first.process.destroy();
        first.process.waitFor();
    }

    /** First the port is taken, then free: a start that fails must not print a key that is lost. */
    @Test
    void theFirstKeyIsMadeByAStartThatSucceedsAndOthersAtAnyTime() throws Exception {
        String taken =
                String.valueOf(java.net.URI.create(Berth.shared().server.url()).getPort());
        assertThat(refusal("BERTH_API_KEY=", "BERTH_HTTP_PORT=" + taken)).contains("can't be listened on");
        Path kept = folder.resolve("data/api-key");
        assertThat(kept).doesNotExist();
        ServerProcess first = ServerProcess.start(folder, "BERTH_API_KEY=");
        String key = Files.readString(kept);
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(first.output()).anyMatch(line -> line.contains(key));
        Api api = new Api(first.url(), key);
        assertThat(api.get("/api/sessions").status()).isEqualTo(200);
        ServerProcess maker = ServerProcess.launch(folder, List.of("keys", "create", "another"));
        assertThat(maker.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(maker.output()).hasSize(1);
        Api another = new Api(first.url(), maker.output().get(0));
        assertThat(another.get("/api/sessions").status()).isEqualTo(200);
        first.process.destroy();
        first.process.waitFor();

        ServerProcess second = ServerProcess.start(folder, "BERTH_API_KEY=");
        assertThat(second.output())
                .noneMatch(line -> line.contains(key))
                .anyMatch(line -> line.contains("$(cat '" + kept + "')"));
        assertThat(new Api(second.url(), key).get("/api/sessions").status()).isEqualTo(200);
        second.process.destroy();
        second.process.waitFor();
    }

    @Test
    void anUnknownCommandGetsTheUsage() throws Exception {
        assertThat(exit("--help")).isZero();
        assertThat(exit("serve")).isEqualTo(2);
    }

    private int exit(String argument) throws Exception {
        Process process = ServerProcess.launch(folder, List.of(argument)).process;
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
