package dev.berth.it;

import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Three nodes, each in a network namespace of its own, and the servers that they share, for tests that break them. */
final class FaultCluster {
    static final int NODES = FaultNetwork.NODES;

    final FaultNetwork network;
    final Gate postgres;
    final Gate store;
    private final Path folder = Berth.temporaryFolder();
    private final Vertx vertx = Vertx.vertx();
    private final List<List<ServerProcess>> nodes = IntStream.range(0, NODES)
            .<List<ServerProcess>>mapToObj(node -> new ArrayList<>())
            .toList();
    private final List<String> settings = new ArrayList<>();
    private ServerProcess services;

    FaultCluster() throws Exception {
        network = new FaultNetwork();
        postgres = new Gate(vertx, FaultNetwork.SERVICES);
        store = new Gate(vertx, FaultNetwork.SERVICES);
    }

    /** @param more settings of the nodes, as {@code NAME=value} */
    void start(String... more) throws Exception {
        Map<String, String> told = startServices();
        settings.addAll(List.of(
                "BERTH_POSTGRES_URI=" + at(told.get("BERTH_POSTGRES_URI"), postgres),
                "BERTH_S3_ENDPOINT=" + at(told.get("BERTH_S3_ENDPOINT"), store),
                "BERTH_S3_ACCESS_KEY=" + told.get("BERTH_S3_ACCESS_KEY"),
                "BERTH_S3_SECRET_KEY=" + told.get("BERTH_S3_SECRET_KEY"),
                "BERTH_S3_BUCKET=" + told.get("BERTH_S3_BUCKET"),
                "BERTH_CLUSTER_SECRET=a-secret-for-the-tests-of-clusters",
                "BERTH_DRAIN_SECONDS=3",
                "BERTH_POOL_SIZE=0"));
        settings.addAll(Arrays.asList(more));
        for (int node = 0; node < NODES; node++) {
            startNode(node);
        }
    }

    /** Starts Postgres and S3, and gives their settings. */
    Map<String, String> startServices() throws Exception {
        services = ServerProcess.services(Files.createDirectories(folder.resolve("services")));
        Map<String, String> told = new TreeMap<>();
        services.output().stream()
                .filter(line -> line.startsWith("BERTH_"))
                .map(line -> line.split("=", 2))
                .forEach(pair -> told.put(pair[0], pair[1].replace("'", "")));
        postgres.leadTo(URI.create(told.get("BERTH_POSTGRES_URI")).getPort());
        store.leadTo(URI.create(told.get("BERTH_S3_ENDPOINT")).getPort());
        return told;
    }

    private static String at(String address, Gate gate) {
        URI there = URI.create(address);
        return address.replace(there.getHost() + ":" + there.getPort(), FaultNetwork.SERVICES + ":" + gate.port());
    }

    /** The process that runs Postgres and S3. */
    Process services() {
        return services.process;
    }

    /** The process of a node. */
    Process node(int node) {
        List<ServerProcess> all = nodes.get(node);
        return all.get(all.size() - 1).process;
    }

    /** What all processes of a node printed. */
    List<String> output(int node) {
        return nodes.get(node).stream().flatMap(one -> one.output().stream()).toList();
    }

    void startNode(int node) throws Exception {
        Path own = Files.createDirectories(folder(node));
        List<String> all = new ArrayList<>(settings);
        all.add("BERTH_CLUSTER_HOST=" + FaultNetwork.clusterHost(node));
        all.add("BERTH_HTTP_HOST=" + FaultNetwork.host(node));
        all.add("BERTH_HTTP_PORT=8080");
        ServerProcess started = ServerProcess.launch(FaultNetwork.in(node), own, List.of(), all.toArray(String[]::new));
        nodes.get(node).add(started);
        Api.await(started::output, lines -> lines.stream().anyMatch(line -> line.startsWith("Berth is ready at")));
    }

    private Path folder(int node) {
        return folder.resolve("node" + node);
    }

    void stop() throws Exception {
        for (int node = 0; node < NODES; node++) {
            if (!nodes.get(node).isEmpty()) {
                node(node).destroy();
                node(node).waitFor();
            }
        }
        ServerProcess.killAll(folder);
        Berth.await(vertx.close());
        Berth.delete(folder);
    }

    static List<String> urls() {
        return IntStream.range(0, NODES).mapToObj(FaultCluster::url).toList();
    }

    static String url(int node) {
        return "http://" + FaultNetwork.host(node) + ":8080";
    }

    static Api api(int node) {
        return new Api(url(node), Berth.KEY);
    }

    static void awaitReady(int node) {
        Api.await(() -> Api.fetch(url(node) + "/health/ready"), answer -> answer.status() == 200);
    }

    static String machine(int node) {
        return Api.fetch(url(node) + "/health/ready").json().getString("machineId");
    }

    static void signal(String signal, ProcessHandle process) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** The processes of all Chromes that a node has started and that are still there. */
    List<ProcessHandle> chromesOf(int node) {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains("--user-data-dir=" + folder(node)))
                .toList();
    }
}
