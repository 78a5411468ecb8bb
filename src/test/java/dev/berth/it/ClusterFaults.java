package dev.berth.it;

import static dev.berth.it.FaultCluster.NODES;
import static dev.berth.it.FaultCluster.api;
import static dev.berth.it.FaultCluster.signal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.FaultLoad.Session;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@code src/docs/cluster.md} promises of a cluster that something happens to: three nodes under load, with more sessions than
 * places. Prints a table. Needs root, {@code ip}, {@code cc} and a quarter of an hour, so that the suite does not
 * run it: {@code unshare -n -m ./mvnw -o verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ClusterFaults}.
 */
@Timeout(400)
class ClusterFaults {
    static final Set<Integer> ALL = IntStream.range(0, NODES).boxed().collect(Collectors.toUnmodifiableSet());
    private static final long LAST_CLAIM_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int TOLD_WITHIN_SECONDS = 20;
    private static final Set<Integer> NONE = Set.of();
    /** Begins the names of faults of which the docs say that the node may call sessions running that others call lost. */
    private static final String UNTRUE = "cut off from Postgres";

    private static final int FAULT_SECONDS = 30;
    private static final int HOUR = 3_600;
    private static final List<String> TABLE = new ArrayList<>();
    private static final Vertx VERTX = Vertx.vertx();
    /** How often each page was opened: a session that started twice would have opened its page twice. */
    private static final Map<String, AtomicInteger> OPENED = new ConcurrentHashMap<>();

    private static FaultCluster cluster;
    private static String page;
    private static FaultLoad load;

    private interface Fault {
        void happens() throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = new FaultCluster();
        var site = Berth.await(VERTX.createHttpServer()
                .requestHandler(request -> {
                    String name = request.getParam("name");
                    OPENED.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
                    request.response()
                            .putHeader("Content-Type", "text/html")
                            .end("<link rel=icon href=data:,><title>" + name + "</title>");
                })
                .listen(0, FaultNetwork.SERVICES));
        page = "http://" + FaultNetwork.SERVICES + ":" + site.actualPort() + "/?name=";
        cluster.start(
                "BERTH_SESSIONS_MAX=4", "BERTH_SESSIONS_QUEUE_MAX=40", "BERTH_SESSIONS_QUEUE_TIMEOUT_MILLIS=180000");
        TABLE.add(
                "| fault | last end told after: by reads, by event streams | sessions lost | requests failed on other nodes | untrue meanwhile"
                        + " | wrong |");
        TABLE.add("|---|---|---|---|---|---|");
    }

    @AfterAll
    static void stop() throws Exception {
        List<String> left = cluster.stop();
        Berth.await(VERTX.close());
        TABLE.forEach(System.out::println);
        assertThat(left).as("processes that are left").isEmpty();
    }

    private static void lives(String what, Set<Integer> victims, Fault begins, Fault ends) throws Exception {
        row(what, victims, null, begins, FAULT_SECONDS, ends);
    }

    private static void loses(String what, Set<Integer> victims, Fault begins, Fault ends) throws Exception {
        row(what, victims, "node_lost", begins, FAULT_SECONDS, ends);
    }

    /**
     * @param victims the nodes that have the fault
     * @param reason why their sessions end, or who waits where none has it; null if nothing ends
     */
    private static void row(String what, Set<Integer> victims, String reason, Fault begins, int seconds, Fault ends)
            throws Exception {
        ALL.forEach(FaultCluster::awaitReady);
        endAll();
        Set<String> machines = victims.stream().map(FaultCluster::machine).collect(Collectors.toSet());
        load = new FaultLoad(page);
        TimeUnit.SECONDS.sleep(5);
        List<Session> ending = reason == null ? List.of() : load.keptOf(victims);
        List<ProcessHandle> chromes = reason == null
                ? List.of()
                : victims.stream()
                        .flatMap(node -> cluster.chromesOf(node).stream())
                        .toList();
        load.breaks(victims, what.startsWith(UNTRUE));
        long since = System.nanoTime();
        try {
            begins.happens();
            TimeUnit.SECONDS.sleep(seconds);
            ends.happens();
            ALL.forEach(FaultCluster::awaitReady);
            // As long as it takes to declare a node lost by mistake.
            TimeUnit.SECONDS.sleep(TOLD_WITHIN_SECONDS);
        } finally {
            load.stop();
        }
        load.kept.forEach(session -> checkKept(session, ending.contains(session) ? reason : null));
        long lost = load.queued.stream()
                .filter(session -> isLost(session, since, machines, reason))
                .count();
        chromes.stream().filter(ProcessHandle::isAlive).forEach(left -> load.wrong.add("left: " + left.info()));
        String told = ending.isEmpty() ? "–" : told(ending, victims, since);
        TABLE.add(String.format(
                "| %s | %s | %d | %s of %s | %s | %d |",
                what, told, ending.size() + lost, load.failed, load.asked, load.untrue, load.wrong.size()));
        System.out.println(TABLE.get(TABLE.size() - 1) + " " + load.queued.size() + " came and went " + load.failures);
        load.wrong.forEach(System.out::println);
        assertThat(load.wrong).as(what).isEmpty();
    }

    private static void endAll() {
        api(0).get("/api/sessions?limit=100").list("sessions").stream()
                .map(session -> ((JsonObject) session).getString("sessionId"))
                .forEach(id -> api(0).delete("/api/sessions/" + id));
    }

    /** That a kept session is the same to all nodes, and that nothing is lost of what was acknowledged of it. */
    private static void checkKept(Session session, String reason) {
        for (int node : ALL) {
            load.await(node, session.path, told -> Objects.equals(reason, told.getString("endReason")));
        }
        load.await(0, session.path + "/actions?limit=1", told -> told.getInteger("total") >= session.acts.get());
        for (String artifact : session.artifacts) {
            load.await(
                    0,
                    session.path + "/artifacts",
                    told -> told.getJsonArray("artifacts").stream()
                            .map(JsonObject.class::cast)
                            .filter(one -> artifact.equals(one.getString("objectId"))
                                    && "stored".equals(one.getString("state")))
                            .map(one -> URI.create(one.getString("publicUrl")))
                            .map(link -> api(0).get(link.getRawPath() + "?" + link.getRawQuery()))
                            .anyMatch(content -> content.status() == 200 && content.body().length > 0));
        }
        if (reason == null) {
            assertThat(api(0).evaluate(session.path, "6*7")).isEqualTo(42);
        }
    }

    /** Whether a fault took it from its client, which it must not do with a session that waits. */
    private static boolean isLost(Session session, long since, Set<String> machines, String reason) {
        JsonObject told = load.await(0, session.path, answer -> answer.getString("endReason") != null);
        if (OPENED.getOrDefault(session.name, new AtomicInteger()).get() > 1) {
            load.wrong.add(session.path + " ran twice");
        }
        String end = told.getString("endReason");
        if (session.deleted && "client".equals(end)) {
            return false;
        }
        // A node's last claim may be committed a moment after the fault has begun.
        boolean explained = machines.isEmpty()
                || machines.contains(told.getString("machineId")) && session.waited < since + LAST_CLAIM_NANOS;
        if (!explained || !Objects.equals(reason, end)) {
            load.wrong.add("no fault explains " + told.encode());
        }
        return true;
    }

    /** When the last of the other nodes told of the last end. */
    private static String told(List<Session> ending, Set<Integer> victims, long since) {
        boolean all = victims.equals(ALL);
        double read = 0;
        double heard = 0;
        for (Session session : ending) {
            for (int node : ALL) {
                if (all || !victims.contains(node)) {
                    read = Math.max(read, seconds(since, session.told.get(node)));
                    heard = Math.max(heard, all ? 0 : seconds(since, session.heard.get(node)));
                }
            }
        }
        // Where no node is left, it is they themselves who tell of it when they are back.
        if (!all && Math.max(read, heard) > TOLD_WITHIN_SECONDS) {
            load.wrong.add("told too late");
        }
        return String.format(Locale.ROOT, all ? "%.1f s" : "%.1f s, %.1f s", read, heard);
    }

    private static double seconds(long since, Long until) {
        return until == null ? Double.POSITIVE_INFINITY : (until - since) / 1e9;
    }

    private static void note(String text, long since) {
        System.out.println(String.format(Locale.ROOT, text, seconds(since, System.nanoTime())));
    }

    @Test
    void aNodeIsKilled() throws Exception {
        loses("kill -9, started after 30 s", Set.of(1), () -> cluster.kill(1), () -> cluster.startNode(1));
    }

    @Test
    void aNodeIsKilledAndStartedAtOnce() throws Exception {
        loses("kill -9, started at once", Set.of(2), () -> cluster.node(2).destroyForcibly(), () -> {});
    }

    @Test
    void allNodesAreKilled() throws Exception {
        loses(
                "kill -9 of all nodes, started at once",
                ALL,
                () -> ALL.forEach(node -> cluster.node(node).destroyForcibly()),
                () -> {});
    }

    @Test
    void aNodeIsDrained() throws Exception {
        row(
                "SIGTERM, started at once",
                Set.of(1),
                "node_drained",
                () -> cluster.node(1).destroy(),
                FAULT_SECONDS,
                () -> {});
    }

    @Test
    void aNodeStandsStillForAMoment() throws Exception {
        ProcessHandle process = cluster.node(0).toHandle();
        row("SIGSTOP of a node, 6 s", Set.of(0), null, () -> signal("STOP", process), 6, () -> signal("CONT", process));
    }

    @Test
    void aNodeStandsStill() throws Exception {
        ProcessHandle process = cluster.node(0).toHandle();
        loses(
                "SIGSTOP of a node, 30 s",
                Set.of(0),
                () -> {
                    // Opens connections: what waits on them is read first by the node that wakes.
                    load.askAtOnce(0);
                    TimeUnit.SECONDS.sleep(1);
                    signal("STOP", process);
                },
                () -> {
                    load.askAtOnce(0);
                    TimeUnit.SECONDS.sleep(1);
                    long awake = System.nanoTime();
                    signal("CONT", process);
                    process.onExit().get();
                    note("it exited %.1f s after SIGCONT", awake);
                });
    }

    /** One of them is JGroups' coordinator. */
    @Test
    void eachNodeIsCutOffFromTheOthers() throws Exception {
        for (int node : ALL) {
            lives(
                    "node " + node + " cut off from the others, 30 s",
                    Set.of(node),
                    () -> cluster.network.peers(node, false),
                    () -> {
                        long healed = System.nanoTime();
                        cluster.network.peers(node, true);
                        int other = (node + 1) % NODES;
                        load.await(node, load.keptOf(Set.of(other)).get(0).path, told -> true);
                        load.await(other, load.keptOf(Set.of(node)).get(0).path, told -> true);
                        note("requests pass %.1f s after it was healed", healed);
                    });
        }
    }

    @Test
    void aNodeIsCutOffFromPostgres() throws Exception {
        loses(
                UNTRUE + ", 30 s",
                Set.of(0),
                () -> cluster.leadToPostgres(Set.of(0), false),
                () -> cluster.leadToPostgres(Set.of(0), true));
    }

    @Test
    void aNodeIsCutOffFromPostgresAndTheOthers() throws Exception {
        loses(
                UNTRUE + " and the others, 30 s",
                Set.of(2),
                () -> {
                    cluster.network.peers(2, false);
                    cluster.leadToPostgres(Set.of(2), false);
                },
                () -> {
                    cluster.network.peers(2, true);
                    cluster.leadToPostgres(Set.of(2), true);
                });
    }

    @Test
    void postgresIsAway() throws Exception {
        lives(
                "Postgres away, 30 s",
                NONE,
                () -> cluster.leadToPostgres(ALL, false),
                () -> cluster.leadToPostgres(ALL, true));
    }

    @Test
    void postgresStandsStill() throws Exception {
        lives(
                "Postgres stands still, 30 s",
                NONE,
                () -> cluster.signalPostgres("STOP"),
                () -> cluster.signalPostgres("CONT"));
    }

    @Test
    void theStoreIsAway() throws Exception {
        int target = cluster.store.target();
        lives("S3 away, 30 s", NONE, () -> cluster.store.leadTo(0), () -> cluster.store.leadTo(target));
    }

    @Test
    void aNodesClockIsSetForward() throws Exception {
        lives(
                "a node's clock an hour forward, 30 s",
                Set.of(1),
                () -> cluster.setClock("node1", HOUR),
                () -> cluster.setClock("node1", 0));
    }

    /** Who waits is refused: until when it may wait, Postgres's clock says. */
    @Test
    void postgressClockIsSetForward() throws Exception {
        row(
                "Postgres's clock an hour forward, 30 s",
                NONE,
                "launch_failed",
                () -> cluster.setClock("postgres", HOUR),
                FAULT_SECONDS,
                () -> cluster.setClock("postgres", 0));
    }
}
