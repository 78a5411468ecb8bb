package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.recording.Decoded;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
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

    /** A server that is killed, and the next one, which is interrupted. Neither leaves a process, or a file outside of the data directory. */
    @Test
    void whatAKilledServerHeldIsToldByTheNextAndNeitherLeavesAnything() throws Exception {
        TestSite site = new TestSite(vertx);
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        String[] settings = {"JAVA_TOOL_OPTIONS=-XX:-UsePerfData -Djava.io.tmpdir=" + temporary, "BERTH_POOL_SIZE=1"};
        ServerProcess first = ServerProcess.start(folder, settings);
        String red = site.page("<body style='background:#f00'>");
        List<CompletableFuture<String>> seen = Stream.of("recording", "flightRecorder")
                .map(option -> CompletableFuture.supplyAsync(() -> seen(first.api(), red, option)))
                .toList();
        List<String> recorded = seen.stream().map(CompletableFuture::join).toList();
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
        second.api().newSession();
        // The session's profile and that of a warm Chrome.
        Api.await(() -> files("profiles"), profiles -> profiles.size() == 2);
        second.interrupt();
        assertThat(folder.resolve("data/profiles")).doesNotExist();
        assertNothingRuns(temporary);
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
    void theNextProcessWritesWhatAnOutageLeftOnDiskAndTellsWebhooksOfIt() throws Exception {
        URI database = URI.create(Berth.newDatabase());
        FaultyProxy postgres = new FaultyProxy(vertx, database);
        String settings = "BERTH_POSTGRES_URI=" + postgres.inPlaceOf(database);
        ServerProcess first = ServerProcess.start(folder, settings);
        assertThat(ServerProcess.refusal(folder, settings)).contains("in use by another Berth");
        int port = freePort();
        JsonObject webhook =
                WebhookReceiver.make(first.api(), WebhookReceiver.request(port, "session.created", "session.ended"));
        String ends = first.api().newSession();
        String runs = first.api().newSession();
        first.api().evaluate(runs, "1");
        // A kill during an attempt would leave the delivery claimed for a minute.
        awaitDeliveries(first.api(), webhook, 2, one -> one.getInteger("attempts") > 0);
        postgres.cut();
        first.api().evaluate(runs, "console.log('in an outage')");
        assertThat(first.api().delete(ends).status()).isEqualTo(200);
        first.process.destroyForcibly().waitFor();
        postgres.mend();

        WebhookReceiver receiver = new WebhookReceiver(vertx);
        receiver.listen(port);
        ServerProcess second = ServerProcess.start(folder, settings);
        assertThat(second.api().get(ends).json().getString("endReason")).isEqualTo("client");
        JsonObject lost = second.api().get(runs).json();
        assertThat(lost.getString("endReason")).isEqualTo("node_lost");
        assertThat(lost.getInteger("actionCount")).isEqualTo(2);
        assertThat(second.api().get(runs + "/actions").json().getInteger("total"))
                .isEqualTo(2);
        // Nobody listened to the first deliveries; the kill or the next start made the others.
        assertThat(receiver.await("session.created", runs).isSigned(webhook.getString("secret")))
                .isTrue();
        for (String session : List.of(ends, runs)) {
            JsonObject told = receiver.await("session.ended", session).json().getJsonObject("session");
            assertThat(told.getString("endReason")).isEqualTo(session.equals(ends) ? "client" : "node_lost");
        }
        awaitDeliveries(second.api(), webhook, 4, one -> one.getString("state").equals("delivered"));
        stop(second);
        postgres.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static void awaitDeliveries(Api api, JsonObject webhook, int count, Predicate<JsonObject> each) {
        api.await("/api/webhooks/" + webhook.getString("webhookId") + "/deliveries", answer -> {
            List<JsonObject> deliveries = answer.list("deliveries").stream()
                    .map(JsonObject.class::cast)
                    .toList();
            return deliveries.size() == count && deliveries.stream().allMatch(each);
        });
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
}
