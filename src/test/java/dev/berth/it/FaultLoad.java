package dev.berth.it;

import static dev.berth.it.FaultCluster.NODES;

import dev.berth.it.Api.Answer;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Clients of a cluster, who remember what they were told. Some use sessions that are kept, by way of every node; others create
 * sessions of their own one after the other, more than there are places, and end them.
 */
final class FaultLoad {
    private static final int CLIENTS = 12;
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final JsonObject NOTHING = new JsonObject();
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** What is untrue, unkept or lost. */
    final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    /** Statements that a session runs, after its end was told, by a node that may be wrong about it. */
    final AtomicInteger untrue = new AtomicInteger();

    final List<Session> kept = new ArrayList<>();
    final Queue<Session> queued = new ConcurrentLinkedQueue<>();
    private final List<EventClient> streams = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final String page;
    private volatile Set<Integer> victims = Set.of();
    private volatile boolean mayBeWrong;
    private volatile boolean over;

    /** A session that was acknowledged, and what clients were told of it. */
    final class Session {
        final String path;
        final String name;
        final int node;
        final AtomicInteger acts = new AtomicInteger();
        final Set<String> artifacts = ConcurrentHashMap.newKeySet();
        /** When each node said first that it has ended, and when its event stream did; by {@link System#nanoTime}. */
        final Map<Integer, Long> told = new ConcurrentHashMap<>();

        final Map<Integer, Long> heard = new ConcurrentHashMap<>();
        /** When a client asked last and was told that it waits for a place. */
        volatile long waited = Long.MIN_VALUE;

        volatile boolean deleted;
        private String end;
        private long endTold;

        Session(String id, String name, int node) {
            this.path = "/api/sessions/" + id;
            this.name = name;
            this.node = node;
        }

        synchronized void said(int by, long asked, JsonObject told) {
            String reason = told.getString("endReason");
            if (reason == null) {
                if (told.getValue("queuePosition") != null) {
                    waited = asked;
                }
                if (end != null && asked > endTold && !(mayBeWrong && victims.contains(by))) {
                    wrong.add("node " + by + " says of " + path + ": " + told.getString("status") + ", after " + end);
                } else if (end != null && asked > endTold) {
                    untrue.incrementAndGet();
                }
                return;
            }
            this.told.putIfAbsent(by, System.nanoTime());
            if (end == null) {
                end = reason;
                endTold = System.nanoTime();
            } else if (!end.equals(reason) && !deleted) {
                wrong.add("node " + by + " says of " + path + ": " + reason + ", after " + end);
            }
        }
    }

    /** @param page which a session opens, up to its name */
    FaultLoad(String page) {
        this.page = page;
        List<String> machines = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            machines.add(FaultCluster.machine(node));
            streams.add(EventClient.open(FaultCluster.api(node).request("/api/events")));
        }
        while (kept.size() < 2 * NODES) {
            JsonObject made = send(0, "POST", "/api/sessions?wait=running", NOTHING, "n" + NAMES.incrementAndGet())
                    .json();
            int node = machines.indexOf(made.getString("machineId"));
            Session session = new Session(made.getString("sessionId"), "", node);
            if (kept.stream().filter(other -> other.node == node).count() < 2) {
                kept.add(session);
            } else {
                send(0, "DELETE", session.path, NOTHING);
            }
        }
        for (int i = 0; i < NODES; i++) {
            int node = i;
            threads.add(new Thread(() -> follow(node)));
            kept.forEach(session -> threads.add(new Thread(() -> use(node, session))));
        }
        Stream.generate(Random::new).limit(CLIENTS).forEach(random -> threads.add(new Thread(() -> useOwn(random))));
        threads.forEach(Thread::start);
    }

    List<Session> keptOf(Set<Integer> nodes) {
        return kept.stream().filter(session -> nodes.contains(session.node)).toList();
    }

    /**
     * @param victims the nodes that have a fault from now on
     * @param mayBeWrong whether they may say of their sessions that they run, after others have said that they ended
     */
    void breaks(Set<Integer> victims, boolean mayBeWrong) {
        this.victims = victims;
        this.mayBeWrong = mayBeWrong;
    }

    /** Asks a node of its kept sessions, many times at once; what it says counts. */
    void askAtOnce(int node) {
        for (int i = 0; i < 20; i++) {
            keptOf(Set.of(node)).forEach(session -> {
                Thread asking = new Thread(() -> read(node, session));
                threads.add(asking);
                asking.start();
            });
        }
    }

    void stop() throws InterruptedException {
        over = true;
        // A stream tells nothing any more where all sessions have ended, and its reader would wait for ever.
        streams.forEach(EventClient::close);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void follow(int node) {
        try {
            for (var event = streams.get(node).next();
                    event != null;
                    event = streams.get(node).next()) {
                String id = event.data().getString("sessionId");
                if (event.data().getString("endReason") != null) {
                    kept.stream()
                            .filter(session -> session.path.endsWith(id))
                            .forEach(session -> session.heard.putIfAbsent(node, System.nanoTime()));
                }
            }
        } catch (UncheckedIOException e) {
            // Its node has the fault, or the load is over.
        }
    }

    /** Uses a session that is kept, by way of one node. */
    private void use(int node, Session session) {
        for (int turn = 0; !over; turn++) {
            pause(300);
            read(node, session);
            if (turn % 3 == 0) {
                act(node, session, "evaluate", new JsonObject().put("expression", "6*7"), said -> {
                    if (!Integer.valueOf(42).equals(said.getValue("result"))) {
                        wrong.add("node " + node + " answers 6*7 by " + said.encode());
                    }
                });
            }
            if (turn % 15 == 0) {
                act(
                        node,
                        session,
                        "screenshot",
                        new JsonObject(),
                        said -> session.artifacts.add(said.getString("objectId")));
            }
        }
    }

    private void act(int node, Session session, String verb, JsonObject body, Consumer<JsonObject> then) {
        Answer said = send(node, "POST", session.path + "/" + verb, body);
        count(node, session.node, verb, said);
        if (isGood(said)) {
            session.acts.incrementAndGet();
            then.accept(said.json());
        }
    }

    private void read(int node, Session session) {
        long since = System.nanoTime();
        Answer said = send(node, "GET", session.path, NOTHING);
        count(node, session.node, "GET", said);
        if (isGood(said)) {
            session.said(node, since, said.json());
        }
    }

    /** Counts what neither a node that has the fault nor one of its kept sessions was asked. */
    private void count(int node, int owner, String what, Answer said) {
        if (victims.contains(node) || victims.contains(owner)) {
            return;
        }
        asked.incrementAndGet();
        if (!isGood(said)) {
            failed.incrementAndGet();
            failures.computeIfAbsent(
                            what + " " + said.status()
                                    + said.text().replaceAll("session-\\S+|\"requestId\":\"[^\"]*\"", "…"),
                            key -> new AtomicInteger())
                    .incrementAndGet();
        }
        if (said.status() == 404) {
            wrong.add("node " + node + ": " + what + " " + said);
        }
    }

    /** One client, who has one session after the other. */
    private void useOwn(Random random) {
        while (!over) {
            Session session = create(random);
            if (random.nextInt(5) > 0 && awaitStart(session, random)) {
                pause(random.nextInt(1_500));
            }
            session.deleted = true;
            until(session.path + " ends", random, node -> {
                Answer said = send(node, "DELETE", session.path, NOTHING);
                count(node, -1, "DELETE", said);
                return isGood(said) ? said : null;
            });
        }
    }

    private interface Attempt {
        /** Null to be tried again. */
        Answer by(int node);
    }

    /** Null if it never succeeded. */
    private Answer until(String what, Random random, Attempt attempt) {
        long since = System.nanoTime();
        while (true) {
            Answer said = attempt.by(random.nextInt(NODES));
            if (said != null) {
                return said;
            }
            if (System.nanoTime() - since > STUCK_NANOS) {
                wrong.add("never: " + what);
                return null;
            }
            pause(200);
        }
    }

    /** Tries until it is known to be made: one that was made unheard would stay. */
    private Session create(Random random) {
        String name = "n" + NAMES.incrementAndGet();
        String path = "/api/sessions" + (random.nextInt(3) == 0 ? "?wait=running" : "");
        Answer made = until(name + " is created", random, node -> {
            Answer said = send(node, "POST", path, new JsonObject().put("initialPrompt", page + name), name);
            count(node, -1, "create", said);
            return isGood(said) ? said : null;
        });
        Session session = new Session(made.json().getString("sessionId"), name, -1);
        queued.add(session);
        return session;
    }

    /** Whether it runs; false if it has ended. */
    private boolean awaitStart(Session session, Random random) {
        Answer said = until(session.path + " starts", random, node -> {
            long since = System.nanoTime();
            Answer read = send(node, "GET", session.path, NOTHING);
            count(node, -1, "GET", read);
            if (!isGood(read)) {
                return null;
            }
            session.said(node, since, read.json());
            return "creating".equals(read.json().getString("status")) ? null : read;
        });
        return said != null && said.json().getString("status").equals("running");
    }

    /** Reads until the answer is as it must be at last; the last one, otherwise. */
    JsonObject await(int node, String path, Predicate<JsonObject> wished) {
        AtomicReference<Answer> last = new AtomicReference<>();
        try {
            Api.await(
                    () -> {
                        last.set(send(node, "GET", path, NOTHING));
                        return last.get();
                    },
                    said -> isGood(said) && wished.test(said.json()));
        } catch (AssertionError e) {
            wrong.add("node " + node + " says at last of " + path + ": " + last.get());
        }
        return isGood(last.get()) ? last.get().json() : new JsonObject();
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** With the status 0 if there was no answer. */
    private static Answer send(int node, String method, String path, JsonObject body) {
        return send(node, method, path, body, "of creates only");
    }

    private static Answer send(int node, String method, String path, JsonObject body, String idempotencyKey) {
        try {
            return Api.send(FaultCluster.api(node)
                    .request(path)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", idempotencyKey)
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode())));
        } catch (AssertionError e) {
            return new Answer(0, null, e.getMessage().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean isGood(Answer answer) {
        return answer.status() / 100 == 2;
    }
}
