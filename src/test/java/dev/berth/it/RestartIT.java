package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.recording.Decoded;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Lives of data directories: their servers, each in a process of its own, are killed, interrupted and started again. */
@Order(1)
class RestartIT {
    private final Path folder = Berth.temporaryFolder();
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void delete() throws InterruptedException {
        Berth.await(vertx.close());
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    /**
     * A server that is killed, the next one, which is interrupted, and a third. None leaves a process, or a file outside
     * of the data directory.
     */
    @Test
    void whatAKilledServerHeldIsToldByTheNextAndAnInterruptedOneEndsItsSessions() throws Exception {
        TestSite site = new TestSite(vertx);
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        String[] settings = {"JAVA_TOOL_OPTIONS=-XX:-UsePerfData -Djava.io.tmpdir=" + temporary, "BERTH_POOL_SIZE=2"};
        ServerProcess first = ServerProcess.start(folder, settings);
        String red = site.page("<body style='background:#f00'>");
        List<String> recorded = List.of(seen(first.api(), red, "recording"), seen(first.api(), red, "flightRecorder"));
        String noisy = first.api().open(site.url("/noisy"));
        String picture = first.api().post(noisy + "/screenshot").json().getString("objectId");
        first.api().await(noisy + "/console", a -> a.json().getInteger("total") == 9);
        // From then on they survive a kill.
        Api.await(() -> linesOnDisk(noisy), lines -> lines == 9);
        String busy = first.api().newSession();
        Thread client = keepBusy(first, busy);
        first.process.destroyForcibly().waitFor();
        Instant killed = Instant.now();
        client.join();
        assertNothingRuns(temporary);

        ServerProcess second = ServerProcess.start(folder, settings);
        assertLost(second.api(), noisy, picture);
        assertEndedAtItsLastSignOfLife(second.api(), busy, killed);
        for (String session : recorded) {
            assertRecorded(second.api(), session);
        }
        Api.await(() -> files("recordings").size() + files("flights").size(), left -> left == 0);
        assertAnotherKeyIsMade(second);
        String again = second.api().open(site.url("/plain"));
        // The session's profile and those of two warm Chromes.
        Api.await(() -> files("profiles"), profiles -> profiles.size() == 3);
        second.process.destroy(); // as Ctrl-C does
        assertThat(second.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("data/profiles")).doesNotExist();
        assertNothingRuns(temporary);

        ServerProcess third = ServerProcess.start(folder, settings);
        JsonObject drained = third.api().get(again).json();
        assertThat(drained.getString("status")).isEqualTo("cancelled");
        assertThat(drained.getString("endReason")).isEqualTo("node_drained");
        stop(third);
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

    /** @return what asks a session for actions until its server is killed */
    private static Thread keepBusy(ServerProcess server, String session) {
        Thread busy = new Thread(() -> {
            while (server.process.isAlive()) {
                try {
                    server.api().evaluate(session, "1");
                } catch (AssertionError e) {
                    return; // it was killed
                }
            }
        });
        busy.start();
        server.api().await(session, a -> a.json().getInteger("actionCount") > 20);
        return busy;
    }

    private void assertNothingRuns(Path temporary) {
        Api.await(() -> processes(), List::isEmpty);
        assertThat(temporary).isEmptyDirectory();
    }

    private List<String> processes() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }

    private static void assertLost(Api api, String session, String picture) {
        JsonObject lost = api.get(session).json();
        assertThat(lost.getString("status")).isEqualTo("failed");
        assertThat(lost.getString("endReason")).isEqualTo("node_lost");
        assertThat(lost.getString("title")).isEqualTo("Noisy");
        assertThat(api.get(session + "/console").json().getInteger("total")).isEqualTo(9);
        assertThat(api.get(session + "/actions").json().getInteger("total")).isEqualTo(2);
        JsonObject artifact = api.get(session + "/artifacts").list("artifacts").getJsonObject(0);
        assertThat(artifact.getString("objectId")).isEqualTo(picture);
        assertThat(Api.fetch(artifact.getString("publicUrl")).status()).isEqualTo(200);
    }

    private static void assertEndedAtItsLastSignOfLife(Api api, String session, Instant killed) {
        JsonObject lost = api.get(session).json();
        int actions = api.get(session + "/actions").json().getInteger("total");
        assertThat(lost.getInteger("actionCount")).isEqualTo(actions);
        JsonObject last = api.get(session + "/actions?offset=" + (actions - 1))
                .list("actions")
                .getJsonObject(0);
        Instant ended = Instant.parse(lost.getString("endedAt"));
        assertThat(ended).isBetween(Instant.parse(last.getString("timestamp")), killed);
        long duration = Duration.between(Instant.parse(lost.getString("startedAt")), ended)
                .toMillis();
        // Times have whole milliseconds.
        assertThat(lost.getLong("duration")).isBetween(duration - 1, duration + 1);
    }

    private void assertRecorded(Api api, String session) throws Exception {
        JsonObject artifact = api.await(session + "/artifacts", a -> a.text().contains("\"stored\""))
                .list("artifacts")
                .getJsonObject(0);
        byte[] bytes = Api.fetch(artifact.getString("publicUrl")).body();
        assertThat(bytes).hasSize(artifact.getInteger("size"));
        Path video = Files.write(folder.resolve("video.webm"), bytes);
        Decoded decoded = Decoded.of(RecordingIT.encoder(folder.resolve("data")), video);
        assertThat(RecordingIT.colours(decoded)).endsWith("r");
        assertThat(decoded.durationMillis()).isGreaterThan(500);
    }

    private void assertAnotherKeyIsMade(ServerProcess server) throws Exception {
        ServerProcess maker = ServerProcess.launch(folder, List.of("keys", "create", "another"));
        assertThat(maker.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(maker.output()).hasSize(1);
        Api another = new Api(server.url(), maker.output().get(0));
        assertThat(another.get("/api/sessions").status()).isEqualTo(200);
    }

    private List<String> files(String of) {
        return List.of(folder.resolve("data").resolve(of).toFile().list());
    }

    private static void stop(ServerProcess server) throws InterruptedException {
        server.process.destroy();
        server.process.waitFor();
    }

    @Test
    void theNextProcessWritesWhatAnOutageLeftOnDisk() throws Exception {
        URI database = URI.create(Berth.newDatabase());
        FaultyProxy postgres = new FaultyProxy(vertx, database);
        String settings = "BERTH_POSTGRES_URI=" + postgres.inPlaceOf(database);
        ServerProcess first = ServerProcess.start(folder, settings);
        assertThat(refusal(settings)).contains("in use by another Berth");
        String ends = first.api().newSession();
        String runs = first.api().newSession();
        first.api().evaluate(runs, "1");
        postgres.cut();
        first.api().evaluate(runs, "console.log('in an outage')");
        assertThat(first.api().delete(ends).status()).isEqualTo(200);
        first.process.destroyForcibly().waitFor();
        postgres.mend();

        ServerProcess second = ServerProcess.start(folder, settings);
        assertThat(second.api().get(ends).json().getString("endReason")).isEqualTo("client");
        JsonObject lost = second.api().get(runs).json();
        assertThat(lost.getString("endReason")).isEqualTo("node_lost");
        assertThat(lost.getInteger("actionCount")).isEqualTo(2);
        assertThat(second.api().get(runs + "/actions").json().getInteger("total"))
                .isEqualTo(2);
        stop(second);
        postgres.close();
    }

    private long linesOnDisk(String session) {
        try (var files = Files.list(folder.resolve("data/logs"))) {
            long lines = 0;
            for (Path file : files.filter(file ->
                            file.toString().contains(session.substring(session.lastIndexOf('/') + 1) + ".console."))
                    .toList()) {
                lines += Files.readAllLines(file).size();
            }
            return lines;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A start that must fail. */
    private String refusal(String... settings) throws Exception {
        ServerProcess start = ServerProcess.launch(folder, settings);
        assertThat(start.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(start.process.exitValue()).isEqualTo(1);
        List<String> lines = start.output();
        assertThat(lines).as(String.join("\n", lines)).hasSize(1);
        return lines.get(0);
    }

    /** First the port is taken, then free: a start that fails must not print a key that is lost. */
    @Test
    void theFirstKeyIsMadeByAStartThatSucceeds() throws Exception {
        String postgres = "BERTH_POSTGRES_URI=" + Berth.newDatabase();
        String taken = String.valueOf(URI.create(Berth.shared().server.url()).getPort());
        assertThat(refusal(postgres, "BERTH_API_KEY=", "BERTH_HTTP_PORT=" + taken))
                .contains("http.port (BERTH_HTTP_PORT): 127.0.0.1:" + taken + " can't be listened on");
        Path kept = folder.resolve("data/api-key");
        assertThat(kept).doesNotExist();
        ServerProcess first = ServerProcess.start(folder, postgres, "BERTH_API_KEY=");
        String key = Files.readString(kept);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(first.output()).anyMatch(line -> line.contains(key));
        assertThat(new Api(first.url(), key).get("/api/sessions").status()).isEqualTo(200);
        stop(first);

        ServerProcess second = ServerProcess.start(folder, postgres, "BERTH_API_KEY=");
        assertThat(second.output())
                .noneMatch(line -> line.contains(key))
                .anyMatch(line -> line.contains("$(cat '" + kept + "')"));
        assertThat(new Api(second.url(), key).get("/api/sessions").status()).isEqualTo(200);
        stop(second);
    }

    @Test
    void aMissingPartStopsTheStartWithOneLine() throws Exception {
        assertThat(refusal("BERTH_POSTGRES_URI=postgresql://u:p@127.0.0.1:1/x"))
                .contains("Postgres at 127.0.0.1:1 can't be used")
                .contains("BERTH_POSTGRES_URI");
        assertRefused(Map.of("BERTH_HTTP_PORT", "eighty"), "http.port (BERTH_HTTP_PORT) must be a whole number");
        assertRefused(Map.of("BERTH_CHROME_PATH", "/nowhere/chrome"), "BERTH_CHROME_PATH", "not an executable");
        assertRefused(Map.of("BERTH_HTTP_HOST", "0.0.0.0", "BERTH_API_KEY", ""), "api-key");
        assertRefused(
                Map.of(
                        "BERTH_S3_ENDPOINT", "http://127.0.0.1:1",
                        "BERTH_S3_ACCESS_KEY", "a",
                        "BERTH_S3_SECRET_KEY", "b"),
                "the object store at http://127.0.0.1:1 can't be used",
                "BERTH_S3_ENDPOINT");
    }

    private void assertRefused(Map<String, String> settings, String... why) {
        assertThatThrownBy(() -> Berth.start(folder.resolve("data"), settings)).hasMessageContainingAll(why);
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
