package dev.berth.cluster;

import dev.berth.cluster.LeaseEffect.AskPeers;
import dev.berth.cluster.LeaseEffect.Declare;
import dev.berth.cluster.LeaseEffect.EndSessions;
import dev.berth.cluster.LeaseEffect.Register;
import dev.berth.cluster.LeaseEffect.Renew;
import dev.berth.cluster.LeaseMachine.Authority;
import dev.berth.cluster.LeaseMachine.Hold;
import dev.berth.history.NodeRepository;
import dev.berth.history.NodeRow;
import dev.berth.protocol.ClusterNode;
import dev.berth.protocol.NodeStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what a {@link LeaseMachine} decides. All on the event loop of a Vertx that serves nothing else, so that a busy server
 * does not look like a dead one; what others may read is in volatile fields.
 */
final class LeaseKeeper {
    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final long TICK_MILLIS = 250;
    /** Chromes are killed within this. What their sessions keep may take longer, and does not matter here. */
    private static final long END_SECONDS = 10;

    private final Vertx vertx;
    private final ContextInternal context;
    private final NodeRepository nodes;
    private final Registration registration;
    private final Undertaker undertaker;
    private final Peers peers;
    private final LeaseMachine machine;
    private final Promise<Void> first = Promise.promise();

    private Optional<HeldSessions> sessions = Optional.empty();
    private Optional<NodeStatus> status = Optional.empty();
    private boolean refused;
    private boolean closed;

    private volatile Authority authority;
    private volatile List<ClusterNode> living = List.of();
    private volatile long renewedAt = System.nanoTime();
    private volatile long rejoins;

    LeaseKeeper(
            Vertx vertx,
            NodeRepository nodes,
            Registration registration,
            Undertaker undertaker,
            Peers peers,
            LeaseMachine machine) {
        this.vertx = vertx;
        this.context = (ContextInternal) vertx.getOrCreateContext();
        this.nodes = nodes;
        this.registration = registration;
        this.undertaker = undertaker;
        this.peers = peers;
        this.machine = machine;
        this.authority = machine.authority();
    }

    /** Completes with the first renewal. */
    Future<Void> start() {
        context.runOnContext(ignored -> vertx.setPeriodic(1, TICK_MILLIS, tick -> tick()));
        return first.future();
    }

    /** From now on this node has sessions, and tells of them. */
    void hold(HeldSessions held) {
        context.runOnContext(ignored -> sessions = Optional.of(held));
    }

    Authority authority() {
        return authority;
    }

    List<ClusterNode> living() {
        return living;
    }

    long ageNanos() {
        return System.nanoTime() - renewedAt;
    }

    long rejoins() {
        return rejoins;
    }

    /** What the node {@code asker} is told: see {@link Peers#reachesPostgres}. */
    Future<Long> reachesPostgres(String asker) {
        Promise<Long> known = Promise.promise();
        context.runOnContext(
                ignored -> known.complete(TimeUnit.NANOSECONDS.toMillis(machine.reachable(asker, System.nanoTime()))));
        return known.future();
    }

    /** Gives the lease back. Nothing happens afterwards. */
    Future<Void> release() {
        Promise<Void> released = Promise.promise();
        context.runOnContext(ignored -> {
            closed = true;
            nodes.release(machine.epoch()).onComplete(released);
        });
        return released.future();
    }

    /** Does not even give it back: others will find the node dead. */
    void abandon() {
        context.runOnContext(ignored -> closed = true);
    }

    private void tick() {
        if (closed) {
            return;
        }
        sessions.ifPresent(held -> onContext(held.status()).onSuccess(told -> status = Optional.of(told)));
        perform(machine.tick(peers.linked(), System.nanoTime()));
        if (machine.isSettled(System.nanoTime())) {
            undertaker.sweepNowAndThen();
        }
    }

    private void perform(List<LeaseEffect> effects) {
        authority = machine.authority();
        effects.forEach(this::perform);
    }

    private void perform(LeaseEffect effect) {
        if (effect instanceof Renew renew) {
            renew(renew.epoch());
        } else if (effect instanceof Register) {
            register();
        } else if (effect instanceof AskPeers ask) {
            ask(ask.machineIds());
        } else if (effect instanceof EndSessions end) {
            end(end.detail());
        } else if (effect instanceof Declare declare) {
            onContext(undertaker.declare(declare.nodes())).onComplete(done -> machine.declared());
        }
    }

    private void renew(long epoch) {
        long sent = System.nanoTime();
        onContext(nodes.renew(epoch, status))
                .onComplete(answered -> machine.attemptOver())
                .onSuccess(rows -> renewed(epoch, sent, rows))
                .onFailure(e -> log.debug("the lease could not be renewed: {}", e.toString()));
    }

    private void renewed(long epoch, long sent, List<NodeRow> rows) {
        if (closed) {
            return;
        }
        Hold before = machine.authority().hold();
        perform(machine.renewed(epoch, sent, rows, System.nanoTime()));
        if (rows.isEmpty()) {
            return;
        }
        if (before == Hold.CUT_OFF && authority.hold() == Hold.HELD) {
            rejoined("the lease was not lost: sessions are taken again");
        }
        renewedAt = Math.max(renewedAt, sent);
        living = Stream.concat(Stream.of(rows.get(0)), machine.living().stream())
                .flatMap(row -> row.node().stream())
                .sorted(Comparator.comparing(ClusterNode::machineId))
                .toList();
        first.tryComplete();
    }

    private void rejoined(String how) {
        rejoins++;
        log.info("{}", how);
    }

    private void register() {
        onContext(registration.register())
                .onComplete(answered -> machine.attemptOver())
                .onSuccess(registered -> {
                    refused = false;
                    machine.registered(registered.epoch(), registered.sent(), System.nanoTime());
                    rejoined("registered anew: sessions are taken again");
                    perform(List.of());
                })
                .onFailure(this::notRegistered);
    }

    private void notRegistered(Throwable e) {
        if (!refused) {
            log.warn("can't register anew, will try again: {}", e.getMessage());
        }
        refused = true;
    }

    private void end(String detail) {
        log.warn("all sessions are ended: {}", detail);
        onContext(sessions.<Future<?>>map(held -> held.endAll(detail))
                        .orElseGet(Future::succeededFuture)
                        .timeout(END_SECONDS, TimeUnit.SECONDS))
                .onFailure(e -> log.warn("not all sessions ended in time: {}", e.getMessage()))
                .onComplete(ended -> machine.sessionsEnded());
    }

    private void ask(List<String> machineIds) {
        long asked = System.nanoTime();
        Map<String, Long> reachable = new HashMap<>();
        List<Future<Long>> answers = machineIds.stream()
                .map(id -> onContext(peers.reachesPostgres(id))
                        .onSuccess(millis -> reachable.put(id, TimeUnit.MILLISECONDS.toNanos(millis)))
                        .onFailure(e -> log.debug("{} does not say whether it reaches Postgres: {}", id, e.toString())))
                .toList();
        Future.join(answers).onComplete(all -> {
            machine.peersSaid(asked, reachable);
            authority = machine.authority();
        });
    }

    /** Results come on other contexts. */
    private <T> Future<T> onContext(Future<? extends T> result) {
        Promise<T> here = context.promise();
        result.<T>map(value -> value).onComplete(here);
        return here.future();
    }
}
