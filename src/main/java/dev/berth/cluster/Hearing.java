package dev.berth.cluster;

import dev.berth.clock.Scheduler;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.ClusterNodes;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the other nodes reach this one over the event bus. Where none does for a while, it is deaf, and heals. Runs on the
 * context that starts it; what it knows may be read on any thread.
 */
public final class Hearing {
    private static final Logger log = LoggerFactory.getLogger(Hearing.class);
    private static final long ROUND_MILLIS = 3_000;
    /**
     * So many rounds in a row make it deaf, and so many more pass before it heals again. They outlast the time in which a node that
     * died still counts as living: else the last one that is left would find itself deaf.
     */
    static final int ROUNDS = 6;
    /** So many others are asked in a round. */
    private static final int ASKED = 3;

    private final Scheduler scheduler;
    private final String machineId;
    private final ClusterNodes nodes;
    private final Function<String, Future<Void>> heardBy;
    private final Supplier<Future<?>> heal;
    private int missed;
    private boolean closed;
    private volatile Optional<String> complaint = Optional.empty();
    private volatile long healings;

    /**
     * @param heardBy completes if this node, by its machineId, reaches this one
     * @param heal makes known anew what this node listens on
     */
    Hearing(
            Scheduler scheduler,
            String machineId,
            ClusterNodes nodes,
            Function<String, Future<Void>> heardBy,
            Supplier<Future<?>> heal) {
        this.scheduler = scheduler;
        this.machineId = machineId;
        this.nodes = nodes;
        this.heardBy = heardBy;
        this.heal = heal;
    }

    /**
     * Begins to listen.
     *
     * @param cluster empty where the Vertx is clustered by its owner, whose cluster manager can't be told to join anew
     */
    public static Hearing start(
            Scheduler scheduler, String machineId, ClusterNodes nodes, PeerBus peers, Optional<Cluster> cluster) {
        Hearing hearing = new Hearing(
                scheduler,
                machineId,
                nodes,
                peers::isHeardBy,
                () -> peers.listenAnew()
                        .transform(done -> cluster.map(Cluster::rejoin).orElseGet(Future::succeededFuture)));
        hearing.goOn();
        return hearing;
    }

    void goOn() {
        if (!closed) {
            scheduler.after(ROUND_MILLIS, () -> round().onComplete(over -> goOn()));
        }
    }

    public void close() {
        closed = true;
    }

    /** Why this node should get no requests; empty while it should. */
    public Optional<String> complaint() {
        return complaint;
    }

    /** How often it has made itself known anew. */
    public long healings() {
        return healings;
    }

    private Future<Void> round() {
        List<String> others = new ArrayList<>(nodes.living().stream()
                .map(ClusterNode::machineId)
                .filter(id -> !id.equals(machineId))
                .toList());
        if (others.isEmpty()) {
            return heard();
        }
        Collections.shuffle(others);
        return Future.any(others.stream().limit(ASKED).map(heardBy).toList())
                .compose(any -> heard())
                .recover(e -> missed(others));
    }

    private Future<Void> heard() {
        if (missed >= ROUNDS) {
            log.info("other nodes reach this one again");
        }
        missed = 0;
        complaint = Optional.empty();
        return Future.succeededFuture();
    }

    private Future<Void> missed(List<String> others) {
        missed++;
        if (missed < ROUNDS) {
            return Future.succeededFuture();
        }
        complaint = mayBeTheOther(others)
                ? Optional.empty()
                : Optional.of("no other node reaches this one over the event bus; it makes itself known anew");
        if (missed % ROUNDS != 0) {
            return Future.succeededFuture();
        }
        if (missed == ROUNDS) {
            log.warn("no other node reaches this one over the event bus: it makes itself known anew");
        }
        healings++;
        return heal.get().<Void>mapEmpty().otherwiseEmpty();
    }

    /** Of two nodes that don't reach one another, one goes on. */
    private boolean mayBeTheOther(List<String> others) {
        return others.size() == 1 && machineId.compareTo(others.get(0)) < 0;
    }
}
