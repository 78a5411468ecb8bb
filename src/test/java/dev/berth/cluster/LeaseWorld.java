package dev.berth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.cluster.LeaseEffect.AskPeers;
import dev.berth.cluster.LeaseEffect.Declare;
import dev.berth.cluster.LeaseEffect.EndSessions;
import dev.berth.cluster.LeaseEffect.Register;
import dev.berth.cluster.LeaseEffect.Renew;
import dev.berth.cluster.LeaseMachine.Hold;
import dev.berth.history.NodeRow;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Nodes, a Postgres and what is between them, in one thread by one clock. After every event it looks whether a node believes that it
 * holds its lease although it was declared lost. Not by a node that joined while it could not read Postgres and that the mesh does not
 * link it with: of that it can't know.
 */
final class LeaseWorld {
    private static final long MILLI = 1_000_000;
    private static final long TICK_MILLIS = 250;
    private static final long GIVEN_UP_MILLIS = 8_000;
    private static final long ENDED_MILLIS = 300;
    private static final long LINKED_MILLIS = 2_000;
    private static final long TOLD_MILLIS = 5_000;
    private static final LeaseTerms TERMS = LeaseTerms.USUAL;

    final Map<String, Node> nodes = new TreeMap<>();
    private final Map<String, Row> rows = new HashMap<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long now = -5_000 * MILLI;
    private long count;
    /** Since when two nodes could be linked: see {@link #isLinked}. */
    private final Map<Set<String>, Long> links = new HashMap<>();

    private long epochs;

    boolean postgresUp = true;
    /** By how much Postgres's wall clock is ahead. */
    long postgresClockMillis;

    private record Event(long at, long number, Runnable run) {}

    private record Row(long epoch, long renewals, long renewedAtMillis, boolean lost) {}

    private void in(long millis, Runnable run) {
        events.add(new Event(now + millis * MILLI, count++, run));
    }

    /** Lets time pass. */
    void run(long millis) {
        long until = now + millis * MILLI;
        while (!events.isEmpty() && events.peek().at <= until) {
            Event next = events.remove();
            now = next.at;
            next.run.run();
            link();
            nodes.values().forEach(Node::check);
        }
        now = until;
    }

    private void link() {
        for (Node one : nodes.values()) {
            for (Node other : nodes.values()) {
                if (one != other && one.isOnBus() && other.isOnBus()) {
                    links.putIfAbsent(Set.of(one.id, other.id), now);
                } else if (one != other) {
                    links.remove(Set.of(one.id, other.id));
                }
            }
        }
    }

    /** Whether they have been linked for so long; it takes a while until they are. */
    private boolean isLinked(Node one, Node other, long millis) {
        Long since = links.get(Set.of(one.id, other.id));
        return since != null && now - since >= (LINKED_MILLIS + millis) * MILLI;
    }

    private long postgresClock() {
        return now / MILLI + postgresClockMillis;
    }

    /** It is in the mesh before it registers, as long as the others can be reached. */
    Node join(String id) {
        return join(id, true);
    }

    Node join(String id, boolean onBus) {
        // Of an earlier process.
        nodes.remove(id);
        Node node = new Node(id, onBus);
        nodes.put(id, node);
        if (onBus) {
            nodes.values().stream()
                    .filter(other -> other != node && other.isOnBus())
                    .forEach(other -> links.put(Set.of(id, other.id), now - LINKED_MILLIS * MILLI));
        }
        return node;
    }

    /** It gives its lease back. */
    void leave(Node node) {
        node.kill();
        rows.remove(node.id);
    }

    final class Node {
        final String id;
        private final LeaseMachine machine;
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        final List<String> ends = new ArrayList<>();
        int registrations;
        int declaredLost;
        String declaredBy = "";
        boolean reachesPostgres = true;
        boolean onBus;
        long delayMillis = 2;
        private boolean stopped;
        private boolean dead;
        private long wokeAt = now;

        private Node(String id, boolean onBus) {
            this.id = id;
            this.onBus = onBus;
            this.machine = new LeaseMachine(TERMS, put(id), now, now);
            tick();
        }

        Hold hold() {
            return machine.authority().hold();
        }

        boolean mayTakeSessions() {
            return machine.authority().holds(now);
        }

        void stop() {
            stopped = true;
        }

        void goOn() {
            stopped = false;
            wokeAt = now;
            tick();
            while (!waiting.isEmpty()) {
                waiting.remove().run();
            }
        }

        void kill() {
            dead = true;
        }

        private boolean isLost() {
            Row row = rows.get(id);
            return row != null && (row.epoch != machine.epoch() || row.lost);
        }

        private void check() {
            if (!stopped && !dead && isLost() && couldKnow()) {
                assertThat(mayTakeSessions())
                        .as("%s was declared lost and would take a session", id)
                        .isFalse();
                // After a stop it has to ask first.
                assertThat(hold() == Hold.HELD && now - wokeAt > (TERMS.linking() + 250 * MILLI))
                        .as("%s was declared lost and holds sessions", id)
                        .isFalse();
            }
        }

        boolean isOnBus() {
            return onBus && !stopped && !dead;
        }

        boolean isStopped() {
            return stopped;
        }

        boolean isDead() {
            return dead;
        }

        private Set<String> linked() {
            return nodes.values().stream()
                    .filter(other -> other != this && isLinked(this, other, 0))
                    .map(other -> other.id)
                    .collect(Collectors.toSet());
        }

        /** Who declared it was there at the last reading, or could be asked: see the class's comment. */
        private boolean couldKnow() {
            return machine.living().stream().anyMatch(node -> node.machineId().equals(declaredBy))
                    || nodes.containsKey(declaredBy) && isLinked(this, nodes.get(declaredBy), TOLD_MILLIS);
        }

        private void here(Runnable run) {
            if (dead) {
                return;
            }
            if (stopped) {
                waiting.add(run);
            } else {
                run.run();
            }
        }

        private void tick() {
            if (!dead && !stopped) {
                in(TICK_MILLIS, this::tick);
                perform(machine.tick(linked(), now));
            }
        }

        private void perform(List<LeaseEffect> effects) {
            effects.forEach(this::perform);
        }

        private void perform(LeaseEffect effect) {
            if (effect instanceof Renew renew) {
                long sent = now;
                ask(() -> renew(id, renew.epoch()), read -> {
                    machine.attemptOver();
                    read.ifPresent(found -> perform(machine.renewed(renew.epoch(), sent, found, now)));
                });
            } else if (effect instanceof Register) {
                long sent = now;
                ask(() -> put(id), epoch -> {
                    machine.attemptOver();
                    epoch.ifPresent(taken -> {
                        registrations++;
                        machine.registered(taken, sent, now);
                    });
                });
            } else if (effect instanceof AskPeers asked) {
                ask(asked.machineIds());
            } else if (effect instanceof EndSessions end) {
                ends.add(end.detail());
                in(ENDED_MILLIS, () -> here(machine::sessionsEnded));
            } else if (effect instanceof Declare declare) {
                ask(() -> declare(declare.nodes(), id), done -> machine.declared());
            }
        }

        private <T> void ask(java.util.function.Supplier<T> query, java.util.function.Consumer<Optional<T>> answer) {
            in(delayMillis / 2, () -> {
                if (postgresUp && reachesPostgres) {
                    T found = query.get();
                    in(delayMillis - delayMillis / 2, () -> here(() -> answer.accept(Optional.of(found))));
                } else {
                    in(GIVEN_UP_MILLIS, () -> here(() -> answer.accept(Optional.empty())));
                }
            });
        }

        private void ask(List<String> ids) {
            long asked = now;
            in(1, () -> {
                Map<String, Long> said = new HashMap<>();
                ids.stream()
                        .map(nodes::get)
                        .filter(other -> isOnBus() && other.isOnBus())
                        .forEach(other -> said.put(other.id, other.machine.reachable(id, now)));
                in(said.size() == ids.size() ? 1 : 1_000, () -> here(() -> machine.peersSaid(asked, said)));
            });
        }
    }

    private long put(String id) {
        rows.put(id, new Row(++epochs, 0, postgresClock(), false));
        return epochs;
    }

    private List<NodeRow> renew(String id, long epoch) {
        Row row = rows.get(id);
        if (row == null || row.epoch != epoch || row.lost) {
            return List.of();
        }
        rows.put(id, new Row(epoch, row.renewals + 1, postgresClock(), false));
        List<NodeRow> read = new ArrayList<>(List.of(row(id)));
        rows.keySet().stream()
                .filter(other -> !other.equals(id) && !rows.get(other).lost)
                .sorted()
                .forEach(other -> read.add(row(other)));
        return read;
    }

    private NodeRow row(String id) {
        Row row = rows.get(id);
        return row(id, row.epoch, row.renewals, postgresClock() - row.renewedAtMillis);
    }

    static NodeRow row(String id, long epoch, long renewals, long ageMillis) {
        return new NodeRow(
                id,
                epoch,
                "place",
                renewals,
                ageMillis,
                "127.0.0.1",
                7_802,
                "1.0",
                Optional.empty(),
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty());
    }

    void deleteRow(String id) {
        rows.remove(id);
    }

    private boolean declare(List<NodeRow> dead, String by) {
        for (NodeRow seen : dead) {
            Row row = rows.get(seen.machineId());
            if (row.epoch == seen.epoch() && row.renewals == seen.renewals() && !row.lost) {
                rows.put(seen.machineId(), new Row(row.epoch, row.renewals, row.renewedAtMillis, true));
                nodes.get(seen.machineId()).declaredLost++;
                nodes.get(seen.machineId()).declaredBy = by;
            }
        }
        return true;
    }
}
