package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server whose process is stopped (SIGSTOP) for a while and continues. */
@Tag("full")
class StopIT {
    private static final long IDLE_MILLIS = 4_000;

    private final Path folder = Berth.temporaryFolder();
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void delete() throws InterruptedException {
        Berth.await(vertx.close());
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Test
    void inputOfAStopIsReadBeforeTimeoutsApply() throws Exception {
        TestSite site = new TestSite(vertx);
        ServerProcess server = ServerProcess.start(folder);
        Api api = server.api();
        JsonObject created = api.post(
                        "/api/sessions?wait=running",
                        new JsonObject()
                                .put(
                                        "initialPrompt",
                                        site.page("<script>let n = 0;"
                                                + "setInterval(() => console.log('tick ' + n++), 100)</script>"))
                                .put(
                                        "options",
                                        new JsonObject()
                                                .put(
                                                        "timeouts",
                                                        new JsonObject()
                                                                .put("idle", IDLE_MILLIS)
                                                                .put("reconnect", 0))))
                .json();
        String session = "/api/sessions/" + created.getString("sessionId");
        CdpClient client = CdpClient.connect(created.getString("connectUrl"));
        api.await(session + "/console", a -> a.text().contains("tick 0"));

        signal(server.process, "STOP");
        // Longer than the session's idle timeout and its client's lease.
        server.process.waitFor(20, TimeUnit.SECONDS);
        var waiting = CompletableFuture.supplyAsync(() -> api.evaluate(session, "n"));
        signal(server.process, "CONT");

        int ticks = (int) waiting.join();
        assertThat(ticks).isGreaterThan(100);
        assertThat(client.evaluate("1 + 1", client.attach())).isEqualTo(2);
        JsonObject now = api.get(session).json();
        assertThat(now.getString("status")).isEqualTo("running");
        JsonObject console = api.await(
                        session + "/console?limit=1000", a -> a.text().contains("tick " + (ticks - 1)))
                .json();
        for (int i = 0; i < ticks; i++) {
            assertThat(console.getJsonArray("logs").getJsonObject(i).getString("message"))
                    .isEqualTo("tick " + i);
        }
        client.leave();
    }
}
