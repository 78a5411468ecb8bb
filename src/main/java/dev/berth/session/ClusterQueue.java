package dev.berth.session;

import dev.berth.history.HandedSession;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.AdoptWaiting;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TakeWaiting;
import dev.berth.protocol.WaitingGiven;
import dev.berth.protocol.WaitingTold;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's part in the one queue of a cluster: see {@link Giving} for how a session moves, {@link OtherQueues} for when. Runs on the
 * supervisor's context.
 */
final class ClusterQueue implements SessionHistory.Lost {
    private static final Logger log = LoggerFactory.getLogger(ClusterQueue.class);

    private final Vertx vertx;
    private final SessionServices services;
    private final OtherQueues others;
    private final Admission admission;
    private final Giving giving;
    private final Adopting adopting;
    private final Set<SessionId> held;
    private final Runnable onDoubt;

    /**
     * @param held the sessions of this node; read only
     * @param mayTake whether the node may take sessions
     * @param deploy takes up a session of another node; completes when it can be reached
     * @param onDoubt called where a session was given to this node, or may have been, that could not be taken up
     */
    ClusterQueue(
            Vertx vertx,
            SessionServices services,
            SessionHistory.HandOvers rows,
            SessionVerticles verticles,
            Set<SessionId> held,
            BooleanSupplier mayTake,
            Function<HandedSession, Future<?>> deploy,
            Runnable onDoubt) {
        this.vertx = vertx;
        this.services = services;
        this.held = held;
        this.adopting = new Adopting(vertx, rows, held, deploy);
        this.others = new OtherQueues(
                vertx,
                services.scheduler(),
                services.machineId(),
                () -> mayTake.getAsBoolean() && !adopting.hasFailed(),
                this::tellNews,
                () -> {
                    onDoubt.run();
                    look();
                },
                held);
        this.onDoubt = onDoubt;
        this.admission = new Admission(vertx, services.config().max(), others);
        this.giving = new Giving(vertx, services.scheduler(), services.machineId(), admission, verticles, rows);
    }

    Admission admission() {
        return admission;
    }

    /** Completes once the other nodes tell this one. */
    Future<Void> listen() {
        tellNowAndThen();
        return vertx.eventBus()
                .<WaitingTold>consumer(Addresses.WAITING, message -> {
                    others.told(message.body());
                    admission.settle();
                })
                .completion();
    }

    private void tellNowAndThen() {
        services.scheduler().after(OtherQueues.TELL_MILLIS, () -> {
            giving.tell();
            tellNowAndThen();
        });
    }

    private void tellNews() {
        giving.tellNews();
    }

    Future<WaitingGiven> give(TakeWaiting asked) {
        return giving.give(asked);
    }

    /** Takes up all sessions that were given to this node. */
    Future<WaitingGiven> adopt(AdoptWaiting told) {
        return look().map(
                        looked -> new WaitingGiven(Optional.of(told.sessionId()).filter(held::contains)));
    }

    void left(SessionId id) {
        giving.left(id);
    }

    /**
     * Takes up what was given to this node: also what it gave away itself, and got back before that had left. Fails where that is
     * not known, or can't be taken up.
     */
    Future<Void> look() {
        return adopting.look().onFailure(e -> {
            log.debug("whether other nodes gave this one sessions is not known: {}", e.toString());
            onDoubt.run();
        });
    }

    /** Before rows are corrected, sessions that are to be here are taken up. */
    @Override
    public Future<Integer> correct(Instant at, Collection<SessionId> before) {
        return look().transform(looked -> {
            Set<SessionId> all = new HashSet<>(before);
            all.addAll(held);
            return services.lost().correct(at, all);
        });
    }
}
