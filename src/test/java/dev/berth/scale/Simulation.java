package dev.berth.scale;

import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import dev.berth.embedded.EmbeddedServers;
import dev.berth.history.Database;
import dev.berth.history.KeyRepository;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.Viewport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three nodes in this JVM, with real sessions, heartbeats, bus and Postgres, and fake browsers: makes sessions, asks them, lets one
 * node die. Prints what it measured. Arguments: sessions (10,000), creates per second (500).
 */
public final class Simulation {
    private static final PrintStream OUT = System.out;
    private static final int NODES = 3;
    private static final int FIRST_PORT = 27_800;
    private static final int MAX_UNDER_WAY = 2_000;
    private static final int ASK_SECONDS = 10;
    private static final int ASKS_AT_ONCE = 64;
    private static final long LIFETIME_MILLIS = 43_200_000;

    private final int sessions;
    private final int perSecond;
    private final Vertx vertx = Vertx.vertx();
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final Queue<SessionAccepted> made = new ConcurrentLinkedQueue<>();
    private Database database;
    private long user;

    private Simulation(int sessions, int perSecond) {
        this.sessions = sessions;
        this.perSecond = perSecond;
    }

    public static void main(String[] arguments) throws Exception {
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        int perSecond = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500;
        Path folder = Files.createTempDirectory("berth-simulation");
        boolean worked = false;
        try {
            new Simulation(sessions, perSecond).run(folder);
            worked = true;
        } catch (Exception e) {
            e.printStackTrace(System.err);
        } finally {
            delete(folder);
        }
        System.exit(worked ? 0 : 1);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path folder) throws java.io.IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void run(Path folder) throws Exception {
        ServerConfig config = ConfigLoader.withoutFile(Map.of(
                "BERTH_DATA_DIR", folder.toString(),
                "BERTH_S3_ENDPOINT", "http://127.0.0.1:1",
                "BERTH_S3_ACCESS_KEY", "unused",
                "BERTH_S3_SECRET_KEY", "unused"));
        Files.createDirectory(folder.resolve("postgres"));
        EmbeddedServers servers = await(EmbeddedServers.start(vertx, config));
        try {
            URI postgres = servers.addressed(config).postgres().uri().orElseThrow();
            Database.migrate(postgres);
            database = new Database(vertx, postgres, 2);
            await(new KeyRepository(database).add("default", "the key of the simulation"));
            user = await(database.pool().query("select user_id from users").execute())
                    .iterator()
                    .next()
                    .getLong(0);
            start(postgres, folder);
            long before = heapMib();
            create();
            remember(before);
            ask();
            die();
        } finally {
            nodes.forEach(SimulatedNode::close);
            await(database.close());
            await(servers.close());
            await(vertx.close());
        }
    }

    private void start(URI postgres, Path folder) throws InterruptedException {
        for (int i = 0; i < NODES; i++) {
            List<InetSocketAddress> others =
                    i == 0 ? List.of() : List.of(new InetSocketAddress("127.0.0.1", FIRST_PORT));
            nodes.add(SimulatedNode.start(i, FIRST_PORT + 10 * i, others, postgres, folder));
        }
        while (nodes.stream().anyMatch(node -> node.living() < NODES)) {
            Thread.sleep(50);
        }
        OUT.printf("%d nodes are up%n", NODES);
    }

    private CreateSession request() {
        return new CreateSession(
                SessionId.random(),
                user,
                Optional.empty(),
                new SessionOptions(
                        SessionOptions.CHROMIUM,
                        Viewport.DEFAULT,
                        new SessionTimeouts(LIFETIME_MILLIS, LIFETIME_MILLIS, 30_000),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Map.of("simulated", "true"),
                Optional.empty());
    }

    /** At a steady rate, each at the next node in turn, whatever the answers take. */
    private void create() throws InterruptedException {
        Semaphore underWay = new Semaphore(MAX_UNDER_WAY);
        Queue<Long> took = new ConcurrentLinkedQueue<>();
        AtomicInteger failed = new AtomicInteger();
        Rates rates = Rates.begin(database, nodes);
        long start = System.nanoTime();
        for (int i = 0; i < sessions; i++) {
            TimeUnit.NANOSECONDS.sleep(start + i * 1_000_000_000L / perSecond - System.nanoTime());
            underWay.acquire();
            long asked = System.nanoTime();
            nodes.get(i % NODES).client.create(request()).onComplete(answer -> {
                underWay.release();
                took.add(System.nanoTime() - asked);
                if (answer.succeeded()) {
                    made.add(answer.result());
                } else if (failed.incrementAndGet() <= 3) {
                    OUT.println("a create failed: " + answer.cause().getMessage());
                }
            });
        }
        underWay.acquire(MAX_UNDER_WAY);
        double seconds = seconds(start);
        OUT.printf(
                "creates: %d in %.1f s, %.0f/s (asked for %d/s), %d failed; answered in %s%n",
                sessions, seconds, made.size() / seconds, perSecond, failed.get(), Percentiles.millis(took));
        while (count("status = 'running'") < made.size()) {
            Thread.sleep(100);
        }
        OUT.printf("all are running after %.1f s; %s%n", seconds(start), rates.end());
        for (SimulatedNode node : nodes) {
            OUT.printf("  %s has %d%n", node.machineId, count("machine_id = '" + node.machineId + "'"));
        }
    }

    private void remember(long beforeMib) {
        long after = heapMib();
        OUT.printf(
                "heap: %d MiB before, %d MiB with %d sessions: %.1f KiB each; %d threads%n",
                beforeMib, after, made.size(), (after - beforeMib) * 1_024.0 / made.size(), Thread.activeCount());
    }

    /** From any node, about any session: two of three answers come from another one. */
    private void ask() throws InterruptedException {
        List<SessionAccepted> all = List.copyOf(made);
        Queue<Long> here = new ConcurrentLinkedQueue<>();
        Queue<Long> elsewhere = new ConcurrentLinkedQueue<>();
        Rates rates = Rates.begin(database, nodes);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ASK_SECONDS);
        Semaphore lanes = new Semaphore(ASKS_AT_ONCE);
        AtomicInteger failed = new AtomicInteger();
        while (System.nanoTime() < end) {
            lanes.acquire();
            SessionAccepted session = all.get(ThreadLocalRandom.current().nextInt(all.size()));
            SimulatedNode node = nodes.get(ThreadLocalRandom.current().nextInt(NODES));
            long asked = System.nanoTime();
            node.client.ask(session.sessionId(), new DescribeSession()).onComplete(answer -> {
                lanes.release();
                (session.machineId().equals(node.machineId) ? here : elsewhere).add(System.nanoTime() - asked);
                if (answer.failed()) {
                    failed.incrementAndGet();
                }
            });
        }
        lanes.acquire(ASKS_AT_ONCE);
        OUT.printf(
                "questions: %.0f/s, %d failed; of the node itself %s, of another %s; %s%n",
                (here.size() + elsewhere.size()) / (double) ASK_SECONDS,
                failed.get(),
                Percentiles.millis(here),
                Percentiles.millis(elsewhere),
                rates.end());
    }

    private void die() throws InterruptedException {
        SimulatedNode dying = nodes.get(NODES - 1);
        String its = "machine_id = '" + dying.machineId + "'";
        long held = count(its + " and ended_at is null");
        long start = System.nanoTime();
        dying.die();
        while (count(its + " and ended_at is null") > 0) {
            Thread.sleep(50);
        }
        OUT.printf(
                "a node died with %d sessions: all are told as lost after %.1f s (lost by Postgres: %d; of other nodes: %d)%n",
                held,
                seconds(start),
                count(its + " and end_reason = 'node_lost'"),
                count("not " + its + " and ended_at is not null"));
    }

    private long count(String where) {
        return await(database.pool()
                        .query("select count(*) from sessions where " + where)
                        .execute())
                .iterator()
                .next()
                .getLong(0);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static long heapMib() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() >> 20;
    }
}
