package dev.berth.it;

import static dev.berth.it.FaultCluster.NODES;
import static dev.berth.it.FaultCluster.awaitReady;
import static dev.berth.it.FaultCluster.machine;
import static dev.berth.it.FaultCluster.signal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.FaultClient.Said;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sessions that wait for a place on whichever node, while nodes are killed, stand still and are drained. Needs what {@link
 * ClusterFaults} needs, and is run like it, by itself; some eight minutes.
 */
@Timeout(900)
class QueueFaults {
    private static final int PLACES = 2;
    private static final int CLIENTS = 24;
    private static final int ROUNDS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The sessions of a lost node ended when it was last heard of. */
    private static final Duration LAST_HEARD = Duration.ofSeconds(5);
    /** A node that dies has its sessions told this much later at most. */
    private static final Duration FOUND_WITHIN = Duration.ofSeconds(20);

    private static FaultCluster cluster;
    private static Vertx vertx;
    private static HttpServer site;
    /** How often each session's page was opened, by the session's name. */
    private static final Map<String, AtomicInteger> OPENED = new ConcurrentHashMap<>();

    private final List<FaultClient> nodes =
            FaultCluster.urls().stream().map(FaultClient::new).toList();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger names = new AtomicInteger();
    private volatile boolean over;

    /** @param machineId the node that was asked */
    private record Session(String id, String name, String machineId) {
        String path() {
            return "/api/sessions/" + id;
        }
    }

    /** @param reason why sessions of the node may have ended meanwhile */
    private record Fault(String machineId, String reason, Instant from, Instant until) {
        boolean explains(JsonObject session) {
            Instant ended = Instant.parse(session.getString("endedAt"));
            return machineId.equals(session.getString("machineId"))
                    && reason.equals(session.getString("endReason"))
                    && !ended.isBefore(from.minus(LAST_HEARD))
                    && ended.isBefore(until.plus(FOUND_WITHIN));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = new FaultCluster();
        vertx = Vertx.vertx();
        site = Berth.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    String name = request.getParam("name");
                    OPENED.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
                    request.response()
                            .putHeader("Content-Type", "text/html")
                            .end("<link rel=icon href=data:,><title>" + name + "</title>");
                })
                .listen(0, FaultNetwork.SERVICES));
        cluster.start("BERTH_SESSIONS_MAX=" + PLACES, "BERTH_SESSIONS_QUEUE_MAX=" + CLIENTS);
        IntStream.range(0, NODES).forEach(FaultCluster::awaitReady);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.stop();
        Berth.await(vertx.close());
    }

    @Test
    void sessionsThatWaitEndOnceAndAsTold() throws Exception {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            clients.add(new Thread(() -> use(random)));
        }
        clients.forEach(Thread::start);
        try {
            breakNodes(new Random(NODES));
        } finally {
            over = true;
            for (Thread client : clients) {
                client.join();
            }
        }
        Map<String, Integer> ends = new TreeMap<>();
        int moved = 0;
        for (Session session : sessions.values()) {
            JsonObject ended = Api.await(
                            () -> nodes.get(0)
                                    .send(nodes.get(0).at(session.path()).GET(), PATIENCE),
                            said -> said.good() && said.json().getString("endedAt") != null)
                    .json();
            ends.merge(ended.getString("endReason"), 1, Integer::sum);
            moved += session.machineId.equals(ended.getString("machineId")) ? 0 : 1;
            boolean asked = "client".equals(ended.getString("endReason"));
            if (!asked && faults.stream().noneMatch(fault -> fault.explains(ended))) {
                wrong.add("no fault explains " + ended.encode());
            }
            int opened = OPENED.getOrDefault(session.name, new AtomicInteger()).get();
            if (opened > 1) {
                wrong.add(session.id + " ran " + opened + " times");
            }
        }
        refused.forEach((what, times) -> System.out.println(times + " times: " + what));
        System.out.println(
                sessions.size() + " sessions, " + moved + " of them on another node than was asked; ended: " + ends);
        assertThat(wrong).isEmpty();
        assertThat(moved).isPositive();
        assertThat(OPENED).hasSizeGreaterThan(sessions.size() / 2);
        JsonArray told = FaultCluster.api(0).get("/api/admin/nodes").list("nodes");
        assertThat(told.stream().map(JsonObject.class::cast).mapToInt(node -> node.getInteger("queued")))
                .containsOnly(0);
    }

    private void breakNodes(Random random) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            TimeUnit.SECONDS.sleep(8 + random.nextInt(8));
            int node = random.nextInt(NODES);
            awaitReady(node);
            String machine = machine(node);
            Instant from = Instant.now();
            String reason = "node_lost";
            switch (random.nextInt(3)) {
                case 0 -> {
                    cluster.node(node).destroyForcibly().waitFor();
                    TimeUnit.SECONDS.sleep(random.nextInt(15));
                    cluster.startNode(node);
                }
                case 1 -> {
                    signal("STOP", cluster.node(node).toHandle());
                    TimeUnit.SECONDS.sleep(15);
                    signal("CONT", cluster.node(node).toHandle());
                }
                default -> {
                    reason = "node_drained";
                    cluster.node(node).destroy();
                    cluster.node(node).waitFor();
                    cluster.startNode(node);
                }
            }
            faults.add(new Fault(machine, reason, from, Instant.now()));
            System.out.println(
                    "node " + node + ", " + reason + ", " + sessions.size() + " sessions so far, wrong: " + wrong);
            awaitReady(node);
        }
    }

    /** One client, who has one session after the other. */
    private void use(Random random) {
        while (!over) {
            Session session = create(random);
            if (random.nextInt(5) == 0) {
                pause(random.nextInt(500));
            } else if (awaitStart(session, random)) {
                FaultClient node = nodes.get(random.nextInt(NODES));
                Said title = node.send(
                        node.at(session.path() + "/evaluate")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"expression\":\"document.title\"}")),
                        PATIENCE);
                if (title.good()
                        && !List.of("", session.name).contains(title.json().getString("result"))) {
                    wrong.add(session.id + " has the page " + title.text() + " instead of " + session.name);
                }
                pause(random.nextInt(1_500));
            }
            end(session, random);
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Tries until it is known to be made: one that was made unheard would stay. */
    private Session create(Random random) {
        String name = "n" + names.incrementAndGet();
        String body = new JsonObject()
                .put("initialPrompt", "http://" + FaultNetwork.SERVICES + ":" + site.actualPort() + "/?name=" + name)
                .encode();
        String wait = random.nextInt(3) == 0 ? "?wait=running" : "";
        while (true) {
            FaultClient node = nodes.get(random.nextInt(NODES));
            Said made = node.send(
                    node.at("/api/sessions" + wait)
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", name)
                            .POST(HttpRequest.BodyPublishers.ofString(body)),
                    PATIENCE);
            if (made.good()) {
                JsonObject told = made.json();
                Session session = new Session(told.getString("sessionId"), name, told.getString("machineId"));
                sessions.put(session.id, session);
                return session;
            }
            refused("create", made);
            pause(300);
        }
    }

    /** Whether it runs; false if it has ended. */
    private boolean awaitStart(Session session, Random random) {
        long since = System.nanoTime();
        while (true) {
            FaultClient node = nodes.get(random.nextInt(NODES));
            Said said = node.send(node.at(session.path()).GET(), Duration.ofSeconds(5));
            if (said.good()) {
                String status = said.json().getString("status");
                if (!status.equals("creating")) {
                    return status.equals("running");
                }
            } else {
                refused("read", said);
            }
            if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(90)) {
                wrong.add(session.id + " still waits: " + said);
                return false;
            }
            pause(150);
        }
    }

    private void end(Session session, Random random) {
        long since = System.nanoTime();
        while (true) {
            FaultClient node = nodes.get(random.nextInt(NODES));
            Said said = node.send(node.at(session.path()).DELETE(), PATIENCE);
            if (said.good()) {
                break;
            }
            refused("delete", said);
            if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(90)) {
                wrong.add(session.id + " can't be ended: " + said);
                return;
            }
            pause(300);
        }
    }

    private void refused(String what, Said said) {
        if (said.status() == 404) {
            wrong.add(what + ": " + said);
        }
        refused.computeIfAbsent(what + " " + said.brief().replaceAll("session-\\S+", "…"), key -> new AtomicInteger())
                .incrementAndGet();
    }
}
