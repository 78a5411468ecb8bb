package dev.berth.it;

import dev.berth.it.FaultClient.Said;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of a cluster, who use the nodes that {@code /health/ready} calls ready, as a load balancer would: they drive
 * sessions, create some and end them, and remember what they were told of each session.
 */
final class FaultLoad {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final int CREATE_EVERY = 12;

    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> driven;
    private final Set<String> expected;
    /** What was said of a session's end, and by whom, first. */
    private final Map<String, String> ends = new ConcurrentHashMap<>();

    private final List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
    private volatile boolean over;

    /**
     * @param urls of the nodes
     * @param driven the sessions that must run on
     * @param expected those that may end
     */
    FaultLoad(List<String> urls, List<String> driven, Set<String> expected) {
        this.driven = driven;
        this.expected = expected;
        urls.forEach(url -> clients.add(new Client(url)));
        for (Client client : clients) {
            client.probe();
            threads.add(new Thread(client::probeOn));
            threads.add(new Thread(client::drive));
        }
        threads.forEach(Thread::start);
    }

    /** What one node's clients saw. */
    record Seen(int asked, int failed, int created, Map<String, Integer> failures) {}

    /** Asks a node of sessions in any case, whether it is ready or not: what it says counts as what others are told. */
    List<Thread> ask(int node, List<String> sessions) {
        List<Thread> asking = sessions.stream()
                .map(session -> new Thread(() -> clients.get(node).observe(session, false)))
                .toList();
        asking.forEach(Thread::start);
        return asking;
    }

    /** Ends the load. */
    List<Seen> stop() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return clients.stream().map(Client::seen).toList();
    }

    /** Statements that contradict what must be, or an earlier one. */
    List<String> wrong() {
        return wrong;
    }

    /** How a session ended, as all were told; null if nobody was told of an end. */
    String endOf(String session) {
        return ends.get(session);
    }

    private void said(String url, String session, JsonObject told) {
        String end = told.getString("endReason");
        if (!expected.contains(session)) {
            if (end != null) {
                wrong.add(url + " says of " + session + ", which lives: " + end);
            }
            return;
        }
        if (end != null) {
            String earlier = ends.putIfAbsent(session, end);
            if (earlier != null && !earlier.equals(end)) {
                wrong.add(url + " says of " + session + ": " + end + ", after " + earlier);
            }
        } else if (ends.containsKey(session)) {
            wrong.add(url + " says of " + session + ": " + told.getString("status") + ", after it had ended");
        }
    }

    private final class Client {
        private final String url;
        private final FaultClient node;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final AtomicInteger created = new AtomicInteger();
        private final Map<String, Integer> failures = new HashMap<>();
        private volatile boolean ready;

        Client(String url) {
            this.url = url;
            this.node = new FaultClient(url);
        }

        Seen seen() {
            return new Seen(asked.get(), failed.get(), created.get(), new TreeMap<>(failures));
        }

        void probe() {
            ready = node.send(node.at("/health/ready"), Duration.ofSeconds(1)).good();
        }

        void probeOn() {
            while (!over) {
                probe();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        void drive() {
            for (int turn = 0; !over; turn++) {
                LockSupport.parkNanos(PAUSE_NANOS);
                if (!ready) {
                    continue;
                }
                expected.forEach(other -> observe(other, false));
                if (driven.isEmpty()) {
                    continue;
                }
                String session = driven.get(turn % driven.size());
                Said evaluated = count(node.at(session + "/evaluate")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"expression\":\"6*7\"}")));
                if (evaluated.good()
                        && !Integer.valueOf(42).equals(new JsonObject(evaluated.text()).getValue("result"))) {
                    wrong.add(url + " answers 6*7 by " + evaluated.text());
                }
                observe(session, true);
                if (turn % CREATE_EVERY == 0) {
                    createAndEnd();
                }
            }
        }

        private void observe(String session, boolean mustAnswer) {
            Said said = mustAnswer
                    ? count(node.at(session).GET())
                    : node.send(node.at(session).GET(), PATIENCE);
            if (said.good()) {
                said(url, session, new JsonObject(said.text()));
            }
        }

        private void createAndEnd() {
            Said made = count(node.at("/api/sessions?wait=running").POST(HttpRequest.BodyPublishers.noBody()));
            if (!made.good()) {
                return;
            }
            created.incrementAndGet();
            String id = new JsonObject(made.text()).getString("sessionId");
            Said ended = node.send(node.at("/api/sessions/" + id).DELETE(), PATIENCE);
            if (!ended.good()) {
                // It was placed on the node that has the fault; not one of those that must run on.
                failures.merge("(end of a new session) " + ended.brief(), 1, Integer::sum);
            }
        }

        private Said count(HttpRequest.Builder request) {
            long start = System.nanoTime();
            Said said = node.send(request, PATIENCE);
            asked.incrementAndGet();
            if (!said.good()) {
                failed.incrementAndGet();
                failures.merge(said.brief(), 1, Integer::sum);
                HttpRequest sent = request.build();
                System.out.printf(
                        "%s %s %s, after %d ms: %s%n",
                        Instant.now(),
                        sent.method(),
                        sent.uri(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                        said.brief());
            }
            return said;
        }
    }
}
