package dev.berth.it;

import static dev.berth.it.FaultCluster.NODES;
import static dev.berth.it.FaultCluster.api;
import static dev.berth.it.FaultCluster.awaitReady;
import static dev.berth.it.FaultCluster.machine;
import static dev.berth.it.FaultCluster.signal;
import static dev.berth.it.FaultCluster.url;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.FaultLoad.Seen;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Faults of a cluster of three nodes, each in a network namespace of its own, under load; prints a table. Needs root, {@code ip}
 * and some ten minutes, so that the suite does not run it: {@code unshare -n -m ./mvnw -o verify -Dtest=NONE
 * -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ClusterFaults}.
 */
@Timeout(300)
class ClusterFaults {
    private static final List<String> TABLE = new ArrayList<>();
    private static FaultCluster cluster;

    private final List<String>[] sessions = Fixture.lists(NODES);

    /** Java has no arrays of lists. */
    private static final class Fixture {
        @SuppressWarnings("unchecked")
        static List<String>[] lists(int count) {
            return IntStream.range(0, count)
                    .mapToObj(i -> new ArrayList<String>())
                    .toArray(List[]::new);
        }
    }

    private interface Fault {
        /** Gives the seconds until it was found out; negative: nothing is to be found out. */
        double happens(FaultLoad load) throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = new FaultCluster();
        cluster.start("BERTH_SESSIONS_MAX=20");
        TABLE.add("| fault | found out after | requests failed on other nodes | sessions lost | wrong statements |");
        TABLE.add("|---|---|---|---|---|");
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.stop();
        TABLE.forEach(System.out::println);
    }

    /** Two sessions of each node. */
    @BeforeEach
    void makeSessions() {
        List<String> machines = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            awaitReady(node);
            machines.add(machine(node));
        }
        while (Arrays.stream(sessions).anyMatch(some -> some.size() < 2)) {
            JsonObject made = api(0).post("/api/sessions?wait=running").json();
            List<String> there = sessions[machines.indexOf(made.getString("machineId"))];
            String path = "/api/sessions/" + made.getString("sessionId");
            if (there.size() < 2) {
                there.add(path);
            } else {
                api(0).delete(path);
            }
        }
    }

    private List<String> but(int... victims) {
        return IntStream.range(0, NODES)
                .filter(node -> Arrays.stream(victims).noneMatch(victim -> victim == node))
                .boxed()
                .flatMap(node -> sessions[node].stream())
                .toList();
    }

    private List<String> of(int... victims) {
        return Arrays.stream(victims)
                .boxed()
                .flatMap(node -> sessions[node].stream())
                .toList();
    }

    /**
     * @param victims the nodes that have the fault
     * @param reason why their sessions must end; null if all must run on
     */
    private void row(String what, String reason, int[] victims, Fault fault) throws Exception {
        List<String> ending = reason == null ? List.of() : of(victims);
        List<String> kept = reason == null ? but() : but(victims);
        FaultLoad load = new FaultLoad(FaultCluster.urls(), kept, new HashSet<>(ending));
        double found;
        List<Seen> seen;
        try {
            found = fault.happens(load);
        } finally {
            seen = load.stop();
        }
        int failed = 0;
        int asked = 0;
        Map<String, Integer> failures = new TreeMap<>();
        for (int node = 0; node < NODES; node++) {
            int here = node;
            if (victims.length == NODES || Arrays.stream(victims).noneMatch(victim -> victim == here)) {
                failed += seen.get(node).failed();
                asked += seen.get(node).asked();
            }
            System.out.println(what + ": node " + node + " " + seen.get(node));
            seen.get(node).failures().forEach((text, count) -> failures.merge(text, count, Integer::sum));
        }
        List<String> wrong = new ArrayList<>(load.wrong());
        int lost = 0;
        for (String session : ending) {
            JsonObject told = Api.await(
                            () -> api(0).get(session),
                            answer -> answer.status() == 200 && answer.json().getString("endReason") != null)
                    .json();
            lost++;
            if (!reason.equals(told.getString("endReason"))) {
                wrong.add(session + " ended: " + told.getString("endReason"));
            }
        }
        for (String session : kept) {
            JsonObject told = api(0).get(session).json();
            if (!"running".equals(told.getString("status"))) {
                wrong.add(session + " must run: " + told.encode());
            }
            api(0).delete(session);
        }
        TABLE.add(String.format(
                Locale.ROOT,
                "| %s | %s | %d of %d | %d | %d |",
                what,
                found < 0 ? "–" : String.format(Locale.ROOT, "%.1f s", found),
                failed,
                asked,
                lost,
                wrong.size()));
        System.out.println(TABLE.get(TABLE.size() - 1) + " " + failures);
        assertThat(wrong).as(what).isEmpty();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private double awaitEnds(FaultLoad load, long since, int victim) {
        Api.await(() -> sessions[victim], all -> all.stream().allMatch(id -> load.endOf(id) != null));
        return seconds(since);
    }

    /** Asks a node of its sessions, many times at once. */
    private List<Thread> askAtOnce(FaultLoad load, int node) {
        return IntStream.range(0, 20)
                .mapToObj(i -> load.ask(node, sessions[node]))
                .flatMap(List::stream)
                .toList();
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void sleepUntil(long since, int atSecond) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(Math.max(0, atSecond * 1_000L - (long) (seconds(since) * 1_000)));
    }

    private static double goneChromes(int node, long since) {
        Api.await(() -> cluster.chromesOf(node), List::isEmpty);
        return seconds(since);
    }

    private static void note(String text, Object... figures) {
        System.out.println(String.format(Locale.ROOT, text, figures));
    }

    @Test
    void aNodeIsKilled() throws Exception {
        row("kill -9 of a node", "node_lost", new int[] {1}, load -> {
            cluster.node(1).destroyForcibly().waitFor();
            return awaitEnds(load, System.nanoTime(), 1);
        });
        cluster.startNode(1);
    }

    @Test
    void twoNodesAreKilled() throws Exception {
        row("kill -9 of two of three nodes", "node_lost", new int[] {1, 2}, load -> {
            cluster.node(1).destroyForcibly().waitFor();
            cluster.node(2).destroyForcibly().waitFor();
            long since = System.nanoTime();
            awaitEnds(load, since, 1);
            return awaitEnds(load, since, 2);
        });
        cluster.startNode(1);
        cluster.startNode(2);
    }

    @Test
    void aNodeIsKilledAndComesBackWithinTheLease() throws Exception {
        row("kill -9 and restart within the lease", "node_lost", new int[] {2}, load -> {
            cluster.node(2).destroyForcibly().waitFor();
            long since = System.nanoTime();
            cluster.startNode(2);
            return awaitEnds(load, since, 2);
        });
    }

    @Test
    void aNodeStandsStill() throws Exception {
        row("SIGSTOP of a node, 30 s", "node_lost", new int[] {0}, load -> {
            // Connections that are open already: what waits on them is read first by the node that wakes.
            join(askAtOnce(load, 0));
            signal("STOP", cluster.node(0).toHandle());
            long since = System.nanoTime();
            double found = awaitEnds(load, since, 0);
            sleepUntil(since, 29);
            List<Thread> asking = askAtOnce(load, 0);
            sleepUntil(since, 30);
            signal("CONT", cluster.node(0).toHandle());
            long awake = System.nanoTime();
            join(asking);
            note("its Chromes are gone %.2f s after SIGCONT", goneChromes(0, awake));
            awaitReady(0);
            note("ready %.2f s after SIGCONT", seconds(awake));
            return found;
        });
    }

    @Test
    void aNodeStandsStillForAMoment() throws Exception {
        row("SIGSTOP of a node, 6 s", null, new int[] {0}, load -> {
            signal("STOP", cluster.node(0).toHandle());
            TimeUnit.SECONDS.sleep(6);
            signal("CONT", cluster.node(0).toHandle());
            TimeUnit.SECONDS.sleep(10);
            awaitReady(0);
            return -1;
        });
    }

    @Test
    void aNodeIsCutOff() throws Exception {
        row("a node cut off from all, 30 s", "node_lost", new int[] {2}, load -> {
            cluster.network.peers(2, false);
            cluster.network.services(2, false);
            long since = System.nanoTime();
            double gone = goneChromes(2, since);
            double found = awaitEnds(load, since, 2);
            note("its Chromes were gone after %.2f s, declared lost after %.2f s", gone, found);
            sleepUntil(since, 30);
            cluster.network.peers(2, true);
            cluster.network.services(2, true);
            long healed = System.nanoTime();
            awaitReady(2);
            note("ready %.2f s after it was healed", seconds(healed));
            return found;
        });
    }

    @Test
    void aNodeHearsNoOther() throws Exception {
        row("a node cut off from the others only, 30 s", null, new int[] {1}, load -> {
            cluster.network.peers(1, false);
            long since = System.nanoTime();
            TimeUnit.SECONDS.sleep(20);
            assertThat(api(1).evaluate(sessions[1].get(0), "1")).isEqualTo(1);
            note(
                    "its own session answers; another's: %s",
                    api(1).get(sessions[0].get(0)).text());
            sleepUntil(since, 30);
            cluster.network.peers(1, true);
            long healed = System.nanoTime();
            Api.await(() -> api(1).get(sessions[0].get(0)), answer -> answer.status() == 200);
            Api.await(() -> api(0).get(sessions[1].get(0)), answer -> answer.status() == 200);
            note("requests reach it %.2f s after it was healed", seconds(healed));
            awaitReady(1);
            TimeUnit.SECONDS.sleep(8);
            return -1;
        });
    }

    @Test
    void aNodeLosesPostgres() throws Exception {
        row("a node cut off from Postgres, S3 and clients, 30 s", "node_lost", new int[] {0}, load -> {
            cluster.network.services(0, false);
            long since = System.nanoTime();
            double gone = goneChromes(0, since);
            double found = Double.NaN;
            try {
                Api.await(() -> sessions[0], all -> all.stream().allMatch(id -> load.endOf(id) != null));
                found = seconds(since);
            } finally {
                sleepUntil(since, 30);
                cluster.network.services(0, true);
            }
            note("its Chromes were gone after %.2f s", gone);
            awaitReady(0);
            return found;
        });
    }

    @Test
    void nodesAreDrainedAndRestarted() throws Exception {
        for (int node = 0; node < NODES; node++) {
            if (node > 0) {
                Arrays.stream(sessions).forEach(List::clear);
                makeSessions();
            }
            int each = node;
            row("drain and restart of node " + each, "node_drained", new int[] {each}, load -> {
                long since = System.nanoTime();
                cluster.node(each).destroy();
                cluster.node(each).waitFor();
                note("gone %.2f s after SIGTERM", seconds(since));
                cluster.startNode(each);
                awaitReady(each);
                note("ready %.2f s after SIGTERM", seconds(since));
                TimeUnit.SECONDS.sleep(2);
                return -1;
            });
        }
    }

    @Test
    void allNodesAreRestarted() throws Exception {
        row("SIGTERM of all nodes, then start of all", "node_drained", new int[] {0, 1, 2}, load -> {
            long since = System.nanoTime();
            for (int node = 0; node < NODES; node++) {
                cluster.node(node).destroy();
            }
            for (int node = 0; node < NODES; node++) {
                cluster.node(node).waitFor();
            }
            for (int node = 0; node < NODES; node++) {
                cluster.startNode(node);
            }
            note("all ready after %.2f s", seconds(since));
            return -1;
        });
    }

    @Test
    void allNodesAreKilled() throws Exception {
        row("kill -9 of all nodes, then start of all", "node_lost", new int[] {0, 1, 2}, load -> {
            for (int node = 0; node < NODES; node++) {
                cluster.node(node).destroyForcibly().waitFor();
            }
            long since = System.nanoTime();
            for (int node = 0; node < NODES; node++) {
                cluster.startNode(node);
            }
            return Arrays.stream(new double[] {
                        awaitEnds(load, since, 0), awaitEnds(load, since, 1), awaitEnds(load, since, 2)
                    })
                    .max()
                    .orElseThrow();
        });
    }

    @Test
    void postgresStandsStill() throws Exception {
        row("Postgres stands still, 20 s", null, new int[] {0, 1, 2}, load -> {
            List<ProcessHandle> all = cluster.services().descendants().toList();
            for (ProcessHandle process : all) {
                signal("STOP", process);
            }
            TimeUnit.SECONDS.sleep(20);
            for (ProcessHandle process : all) {
                signal("CONT", process);
            }
            TimeUnit.SECONDS.sleep(16);
            return -1;
        });
    }

    @Test
    void postgresAndTheStoreAreKilledAndComeBack() throws Exception {
        row("kill -9 of Postgres and S3, back after 20 s", null, new int[] {0, 1, 2}, load -> {
            List<ProcessHandle> all = cluster.services().descendants().toList();
            cluster.services().destroyForcibly().waitFor();
            all.forEach(ProcessHandle::destroyForcibly);
            cluster.postgres.leadTo(0);
            cluster.store.leadTo(0);
            TimeUnit.SECONDS.sleep(20);
            cluster.startServices();
            TimeUnit.SECONDS.sleep(16);
            return -1;
        });
    }

    @Test
    void theStoreIsAway() throws Exception {
        List<String> made = new ArrayList<>();
        row("S3 away, 20 s, screenshots meanwhile", null, new int[] {0, 1, 2}, load -> {
            int target = cluster.store.target();
            cluster.store.leadTo(0);
            for (int node = 0; node < NODES; node++) {
                String session = sessions[node].get(0);
                made.add(api((node + 1) % NODES)
                        .act(session, "screenshot", new JsonObject())
                        .getString("publicUrl"));
            }
            TimeUnit.SECONDS.sleep(20);
            cluster.store.leadTo(target);
            Set<Integer> statuses = new HashSet<>();
            for (String link : made) {
                String path =
                        URI.create(link).getRawPath() + "?" + URI.create(link).getRawQuery();
                statuses.add(Api.await(() -> Api.fetch(url(0) + path), answer -> answer.status() == 200)
                        .status());
            }
            note("links to the screenshots, read through node 0: %s", statuses);
            TimeUnit.SECONDS.sleep(5);
            return -1;
        });
    }
}
