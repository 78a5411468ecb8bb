package dev.berth.it;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Three nodes, each in a network namespace of its own, with a clock and a supervisor of its own, and the servers that they share,
 * for tests that break them. What the nodes log is in {@code target/faults}.
 */
final class FaultCluster {
    static final int NODES = FaultNetwork.NODES;
    private static final Path LOGS = Path.of("target", "faults");
    private static final Path CLOCK = Path.of("src", "test", "resources", "clock.c");
    private static final Executor IN_A_SECOND = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    final FaultNetwork network = new FaultNetwork();
    final FaultyProxy store;
    /** Each node's way to Postgres. */
    private final List<FaultyProxy> postgres;

    private final Path folder = Berth.temporaryFolder();
    private final Vertx vertx = Vertx.vertx();
    private final List<String> settings = new ArrayList<>();
    private final ServerProcess[] nodes = new ServerProcess[NODES];
    private final boolean[] supervised = new boolean[NODES];
    private ServerProcess services;
    private URI database;

    FaultCluster() throws Exception {
        store = new FaultyProxy(vertx, FaultNetwork.SERVICES, "127.0.0.1", 0);
        postgres = IntStream.range(0, NODES)
                .mapToObj(node -> new FaultyProxy(vertx, FaultNetwork.SERVICES, "127.0.0.1", 0))
                .toList();
    }

    /** @param more settings of the nodes, as {@code NAME=value} */
    void start(String... more) throws Exception {
        Files.createDirectories(LOGS);
        FaultNetwork.run(List.of(
                "cc",
                "-O2",
                "-shared",
                "-fPIC",
                "-o",
                folder.resolve("clock.so").toString(),
                CLOCK.toString()));
        setClock("postgres", 0);
        services = ServerProcess.services(
                Files.createDirectories(folder.resolve("services")),
                clock("postgres").toArray(String[]::new));
        Map<String, String> told = new TreeMap<>();
        services.output().stream()
                .filter(line -> line.startsWith("BERTH_"))
                .map(line -> line.split("=", 2))
                .forEach(pair -> told.put(pair[0], pair[1].replace("'", "")));
        database = URI.create(told.remove("BERTH_POSTGRES_URI"));
        leadToPostgres(ClusterFaults.ALL, true);
        store.leadTo(URI.create(told.remove("BERTH_S3_ENDPOINT")).getPort());
        told.forEach((name, value) -> settings.add(name + "=" + value));
        settings.addAll(List.of(
                "BERTH_S3_ENDPOINT=http://" + FaultNetwork.SERVICES + ":" + store.port(),
                "BERTH_HTTP_PORT=8080",
                "BERTH_CLUSTER_SECRET=a-secret-for-the-tests-of-clusters",
                "BERTH_DRAIN_SECONDS=3",
                "BERTH_POOL_SIZE=0"));
        settings.addAll(List.of(more));
        for (int node = 0; node < NODES; node++) {
            Files.createDirectories(folder(node));
            Files.deleteIfExists(log(node));
            setClock("node" + node, 0);
            startNode(node);
        }
    }

    void leadToPostgres(Set<Integer> of, boolean up) {
        of.forEach(node -> postgres.get(node).leadTo(up ? database.getPort() : 0));
    }

    void signalPostgres(String signal) throws Exception {
        for (ProcessHandle process : services.process.descendants().toList()) {
            signal(signal, process);
        }
    }

    /** The settings by which a process, and those that it starts, have the clock of this name. */
    private List<String> clock(String name) {
        return List.of("LD_PRELOAD=" + folder.resolve("clock.so"), "CLOCK_AHEAD=" + folder.resolve(name + ".clock"));
    }

    /** @param name {@code postgres}, or a node's such as {@code node1} */
    void setClock(String name, long secondsAhead) throws IOException {
        // Processes have the file mapped.
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve(name + ".clock").toFile(), "rw")) {
            file.writeLong(Long.reverseBytes(secondsAhead));
        }
    }

    /** Starts a node, and starts it again whenever it exits. */
    void startNode(int node) {
        supervised[node] = true;
        List<String> all = new ArrayList<>(settings);
        all.addAll(clock("node" + node));
        all.add("BERTH_POSTGRES_URI=" + at(postgres.get(node)));
        all.add("BERTH_CLUSTER_HOST=" + FaultNetwork.clusterHost(node));
        all.add("BERTH_HTTP_HOST=" + FaultNetwork.host(node));
        List<String> by = Stream.concat(
                        FaultNetwork.in(node).stream(), Stream.of("sh", "-c", "exec \"$@\" 2>>" + log(node), "sh"))
                .toList();
        try {
            nodes[node] = ServerProcess.launch(by, folder(node), List.of(), all.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        nodes[node].process.onExit().thenAcceptAsync(ended -> exited(node, ended.exitValue()), IN_A_SECOND);
    }

    private void exited(int node, int status) {
        System.out.println("node " + node + " exited with " + status);
        if (supervised[node]) {
            startNode(node);
        }
    }

    private String at(FaultyProxy proxy) {
        return database.toString()
                .replace(database.getHost() + ":" + database.getPort(), FaultNetwork.SERVICES + ":" + proxy.port());
    }

    /** The process of a node. */
    Process node(int node) {
        return nodes[node].process;
    }

    /** Ends a node's process for good: its supervisor does not start it. */
    void kill(int node) throws InterruptedException {
        supervised[node] = false;
        node(node).destroyForcibly().waitFor();
    }

    private static Path log(int node) {
        return LOGS.resolve("node" + node + ".log").toAbsolutePath();
    }

    private Path folder(int node) {
        return folder.resolve("node" + node);
    }

    /** Gives the processes that outlive it all. */
    List<String> stop() throws Exception {
        for (int node = 0; node < NODES; node++) {
            supervised[node] = false;
            if (nodes[node] != null) {
                node(node).destroy();
                node(node).waitFor();
            }
        }
        List<ProcessHandle> postgresLeft = services.process.descendants().toList();
        services.process.destroy();
        services.process.waitFor();
        List<String> left = Stream.concat(
                        processes(line -> line.contains(folder.toString())).stream(),
                        postgresLeft.stream().filter(ProcessHandle::isAlive))
                .map(process -> process.info().commandLine().orElse("?"))
                .toList();
        ServerProcess.killAll(folder);
        Berth.await(vertx.close());
        Berth.delete(folder);
        return left;
    }

    static Api api(int node) {
        return new Api(url(node), Berth.KEY);
    }

    static String url(int node) {
        return "http://" + FaultNetwork.host(node) + ":8080";
    }

    static void awaitReady(int node) {
        Api.await(() -> isReady(node), ready -> ready);
    }

    private static boolean isReady(int node) {
        try {
            return Api.fetch(url(node) + "/health/ready").status() == 200;
        } catch (AssertionError e) {
            return false;
        }
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
        return processes(line -> line.contains("--user-data-dir=" + folder(node)));
    }

    private static List<ProcessHandle> processes(Predicate<String> command) {
        return ProcessHandle.allProcesses()
                .filter(process -> command.test(process.info().commandLine().orElse("")))
                .toList();
    }
}
