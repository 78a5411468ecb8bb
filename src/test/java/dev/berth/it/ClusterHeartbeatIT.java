package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real nodes, one of which stands still for longer than the others wait for a sign of life. */
@Execution(ExecutionMode.CONCURRENT)
class ClusterHeartbeatIT {
    private static final int LOST = 70;
    private static final long TOLD_SECONDS = 20;

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

    /** Empty where the process ends instead. */
    private static Optional<String> status(Api api, String session) {
        try {
            return Optional.ofNullable(api.get(session).json().getString("status"));
        } catch (RuntimeException | AssertionError e) {
            return Optional.empty();
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

        signal(b, "CONT");
        assertThat(Stream.generate(() -> status(stopped, lost))
                        .takeWhile(answer -> b.process.isAlive())
                        .flatMap(Optional::stream))
                .doesNotContain("running");
        assertThat(b.process.waitFor()).isEqualTo(LOST);
        assertThat(chromes("second")).isEmpty();
        assertThat(survivor.get(lost).json().getString("endReason")).isEqualTo("node_lost");
        assertThat(Api.fetch(a.url() + "/metrics").text()).contains("berth_cluster_nodes_lost_total 1\n");
    }
}
