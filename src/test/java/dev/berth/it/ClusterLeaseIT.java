package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real nodes that die, stand still and come back. */
@Execution(ExecutionMode.CONCURRENT)
class ClusterLeaseIT {
    private static final String SECRET = "a-secret-for-the-tests-of-clusters";

    private final Path folder = Berth.temporaryFolder();
    private final String database = Berth.newDatabase();
    /** Three for each of two nodes. */
    private final int firstPort = FreePorts.inARow(6);

    @AfterEach
    void stop() throws InterruptedException {
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    private ServerProcess launch(String name, int index) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        return ServerProcess.launch(own, settings(index));
    }

    private ServerProcess start(String name, int index) throws IOException {
        ServerProcess node = launch(name, index);
        awaitReady(node);
        return node;
    }

    private static void awaitReady(ServerProcess node) {
        Api.await(node::output, lines -> lines.stream().anyMatch(line -> line.startsWith("Berth is ready at")));
    }

    private String[] settings(int index) {
        var store = Berth.shared().server.config().objectStore();
        return new String[] {
            "BERTH_POSTGRES_URI=" + database,
            "BERTH_S3_ENDPOINT=" + store.endpoint().orElseThrow(),
            "BERTH_S3_ACCESS_KEY=" + store.accessKey(),
            "BERTH_S3_SECRET_KEY=" + store.secretKey(),
            "BERTH_CLUSTER_HOST=127.0.0.1",
            "BERTH_CLUSTER_PORT=" + (firstPort + 4 * index),
            "BERTH_CLUSTER_SECRET=" + SECRET,
            "BERTH_POOL_SIZE=0"
        };
    }

    private static void signal(ServerProcess node, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, node.process.pid() + "")
                .start()
                .waitFor();
    }

    private static List<ProcessHandle> chromesOf(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains("--user-data-dir=" + folder))
                .toList();
    }

    private static JsonObject session(Api api, String session) {
        return api.get(session).json();
    }

    private static String metrics(ServerProcess node) {
        return Api.fetch(node.url() + "/metrics").text();
    }

    private static JsonObject ready(ServerProcess node) {
        return Api.fetch(node.url() + "/health/ready").json();
    }

    private static String machineId(ServerProcess node) {
        return ready(node).getString("machineId");
    }

    private static List<String> states(Api api) {
        return api.get("/api/admin/nodes").list("nodes").stream()
                .map(node -> ((JsonObject) node).getString("state"))
                .toList();
    }

    @Test
    void aDeadNodesSessionsAreLostOnceAndAStoppedOneFindsOutAndComesBack() throws Exception {
        ServerProcess a = launch("a", 0);
        ServerProcess b = launch("b", 1);
        awaitReady(a);
        awaitReady(b);
        Api survivor = a.api();
        String kept = survivor.newSession();
        String lost = b.api().newSession();

        // Longer than b may hold a session without a word.
        signal(b, "STOP");
        long stopped = System.nanoTime();
        JsonObject told = Api.await(() -> session(survivor, lost), s -> s.getString("endReason") != null);
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - stopped)).isGreaterThanOrEqualTo(7);
        assertThat(told.getString("status")).isEqualTo("failed");
        assertThat(told.getString("endReason")).isEqualTo("node_lost");
        assertThat(told.getString("endDetail")).contains("another node declared it lost");
        assertThat(states(survivor)).containsExactlyInAnyOrder("alive", "lost");
        signal(b, "CONT");
        Api.await(() -> chromesOf(folder.resolve("b")), List::isEmpty);
        Api.await(() -> ready(b), now -> now.getString("status").equals("ready"));
        assertThat(session(b.api(), lost)).isEqualTo(session(survivor, lost));
        // The next renewal tells that it takes sessions again.
        Api.await(() -> states(b.api()), List.of("alive", "alive")::equals);
        // Some are placed on the other node, as long as that has as much room.
        String again = Api.await(
                b.api()::newSession,
                s -> session(b.api(), s).getString("machineId").equals(machineId(b)));
        Api.await(() -> metrics(a), text -> text.contains("berth_cluster_nodes 2\n"));
        assertThat(metrics(a)).contains("berth_cluster_nodes_lost_total 1\n");
        assertThat(metrics(b)).doesNotContain("berth_cluster_rejoins_total 0\n");

        // Its session is told lost by its next process, or, where that starts slowly, by the other node before.
        b.process.destroyForcibly().waitFor();
        ServerProcess next = start("b", 1);
        assertThat(session(next.api(), again).getString("endReason")).isEqualTo("node_lost");
        assertThat(session(survivor, kept).getString("status")).isEqualTo("running");
    }
}
