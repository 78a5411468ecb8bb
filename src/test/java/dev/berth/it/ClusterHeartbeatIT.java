package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real nodes, one of which stands still for longer than the others wait for a sign of life. */
@Tag("full")
class ClusterHeartbeatIT {
    private static final int LOST = 70;
    private static final long TOLD_SECONDS = 20;
    private static final int REQUESTS = 20;

    private final Path folder = Berth.temporaryFolder();

    @AfterEach
    void stop() throws InterruptedException {
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    private static void signal(ServerProcess node, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(node.process.pid()))
                .start()
                .waitFor();
    }

    private List<ProcessHandle> chromes(String node) {
        return ProcessHandle.allProcesses()
                .filter(process ->
                        process.info().commandLine().orElse("").contains("--user-data-dir=" + folder.resolve(node)))
                .toList();
    }

    private static List<String> states(Api api) {
        return api.get("/api/admin/nodes").list("nodes").stream()
                .map(node -> ((JsonObject) node).getString("state"))
                .toList();
    }

    /** Its kernel takes the request while the process stands still. */
    private static Socket ask(ServerProcess node, String session) throws IOException {
        URI server = URI.create(node.url());
        Socket client = new Socket(server.getHost(), server.getPort());
        client.getOutputStream()
                .write(("GET " + session + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-API-Key: "
                                + Berth.KEY + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    /** Empty where the process ends instead. */
    private static String answer(Socket client) {
        try (client) {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void aNodeThatStoodStillIsLostTellsNothingAnyMoreAndEnds() throws Exception {
        TwoNodes nodes = TwoNodes.start(folder, 4);
        ServerProcess a = nodes.first();
        ServerProcess b = nodes.second();
        Api survivor = a.api();
        Api stopped = b.api();
        String machineOfB = Api.fetch(b.url() + "/health/ready").json().getString("machineId");
        String lost = Api.await(
                stopped::newSession,
                session -> stopped.get(session).json().getString("machineId").equals(machineOfB));
        String id = lost.substring(lost.lastIndexOf('/') + 1);

        try (EventClient events = EventClient.open(survivor.request("/api/events"))) {
            signal(b, "STOP");
            long since = System.nanoTime();
            EventClient.Event end = events
                    .until(event -> event.data().getString("sessionId", "").equals(id)
                            && event.data().containsKey("endReason"))
                    .stream()
                    .reduce((before, last) -> last)
                    .orElseThrow();
            // The promise of the documentation.
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since))
                    .isLessThan(TOLD_SECONDS);
            assertThat(end.data().getString("endReason")).isEqualTo("node_lost");
        }
        // A request for it that was passed on to its node just before is answered once that is not linked any more.
        Api.Answer row = survivor.await(lost, answer -> answer.status() == 200);
        assertThat(row.json().getString("endDetail")).contains("another node declared it lost");
        assertThat(states(survivor)).containsExactlyInAnyOrder("alive", "lost");

        List<Socket> asked = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            asked.add(ask(b, lost));
        }
        signal(b, "CONT");
        List<String> answers = new ArrayList<>();
        for (Socket client : asked) {
            answers.add(answer(client));
        }
        // It has read them when Postgres tells it that it is lost, and may end before it answers.
        assertThat(answers).noneMatch(answer -> answer.contains("\"running\""));
        assertThat(b.process.waitFor()).isEqualTo(LOST);
        // They exit with their pipes.
        Api.await(() -> chromes("second"), List::isEmpty);
        assertThat(survivor.get(lost).json().getString("endReason")).isEqualTo("node_lost");
        assertThat(Api.fetch(a.url() + "/metrics").text()).contains("berth_cluster_nodes_lost_total 1.0\n");
    }
}
