package dev.berth.it;

import dev.berth.config.ClusterConfig;
import dev.berth.config.ObjectStoreConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster of two nodes in processes of their own, with a secret, which have heard of each other.
 *
 * @param secondsPort where the second one takes the requests that the first passes on
 */
record TwoNodes(ServerProcess first, ServerProcess second, int secondsPort) {
    private static final int PORTS = ClusterConfig.PORTS;
    /** Below the ports that the system gives to connections. */
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(17_800);

    /**
     * @param places of each node
     * @param more settings of both, as {@code NAME=value}
     */
    static TwoNodes start(Path folder, int places, String... more) throws IOException {
        int firstPort = freePorts();
        int secondPort = freePorts();
        String database = Berth.newDatabase();
        String[] settings = Stream.concat(
                        Stream.of("BERTH_POSTGRES_URI=" + database, "BERTH_SESSIONS_MAX=" + places),
                        Arrays.stream(more))
                .toArray(String[]::new);
        TwoNodes nodes = new TwoNodes(
                launch(folder.resolve("first"), firstPort, settings),
                launch(folder.resolve("second"), secondPort, settings),
                secondPort + 2);
        nodes.awaitEachOther("\"capacity\":" + places);
        return nodes;
    }

    /** The first of a node's ports, which were free a moment ago; none is given twice. */
    private static int freePorts() {
        int first = NEXT_PORT.getAndAdd(PORTS);
        return IntStream.range(first, first + PORTS).allMatch(TwoNodes::isFree) ? first : freePorts();
    }

    private static boolean isFree(int port) {
        try (ServerSocket tried = new ServerSocket(port)) {
            return tried.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static ServerProcess launch(Path folder, int port, String... more) throws IOException {
        ObjectStoreConfig store = Berth.shared().server.config().objectStore();
        Stream<String> own = Stream.of(
                "BERTH_S3_ENDPOINT=" + store.endpoint().orElseThrow(),
                "BERTH_S3_ACCESS_KEY=" + store.accessKey(),
                "BERTH_S3_SECRET_KEY=" + store.secretKey(),
                "BERTH_S3_BUCKET=" + store.bucket(),
                "BERTH_CLUSTER_HOST=127.0.0.1",
                "BERTH_CLUSTER_PORT=" + port,
                "BERTH_CLUSTER_SECRET=the secret of this test",
                "BERTH_POOL_SIZE=0");
        return ServerProcess.launch(
                Files.createDirectories(folder),
                Stream.concat(own, Arrays.stream(more)).toArray(String[]::new));
    }

    private void awaitEachOther(String told) {
        for (ServerProcess node : both()) {
            Api.await(node::output, lines -> lines.stream().anyMatch(line -> line.startsWith("Berth is ready at")));
        }
        for (ServerProcess node : both()) {
            node.api()
                    .await(
                            "/api/admin/nodes",
                            answer -> answer.list("nodes").size() == 2
                                    && answer.text().split(told).length == 3);
        }
    }

    private List<ServerProcess> both() {
        return List.of(first, second);
    }

    /** Ends both in good order. */
    void stop() throws InterruptedException {
        for (ServerProcess node : both()) {
            node.process.destroy();
            node.process.waitFor();
        }
    }
}
