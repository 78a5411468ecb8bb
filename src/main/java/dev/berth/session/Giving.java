package dev.berth.session;

import dev.berth.clock.Scheduler;
import dev.berth.history.HandedSession;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.Addresses;
import dev.berth.protocol.AdoptWaiting;
import dev.berth.protocol.Publishing;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TakeWaiting;
import dev.berth.protocol.WaitingGiven;
import dev.berth.protocol.WaitingTold;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.internal.ContextInternal;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives waiting sessions of this node to others that have a place for them, so that all nodes together have one queue.
 *
 * <p>A node tells the others since when its oldest session waits ({@link OtherQueues}). One with a free place, where nobody has waited
 * longer, asks for that session. This node then
 * <ol>
 *   <li>sets it aside: it keeps its position in the queue, gets no place, and what it is asked to do waits;
 *   <li>changes the owner in the session's row, if the session is still being created and this node's, and the other node is alive in
 *       the epoch in which it was found. The row has all that the other node must know;
 *   <li>tells the other node, which reads its rows and takes the session up ({@link Adopting}), until it confirms that or is lost;
 *   <li>lets it go without an end: who waits for it here is answered by the other node.
 * </ol>
 *
 * <p>Who owns a session is what its row says, at any moment. If this node dies before the row changes, the session is lost with it, as
 * any; if after, the other node finds it in its rows, which it reads after each question that was not answered, and now and then. If the
 * other node dies after the change, the session is lost with that. If the answer to the change is lost, the change is tried again until
 * it is known who owns the session; until then neither runs it. It is taken back only where no try can have an effect any more.
 *
 * <p>Who waits longer is told by the clocks of the nodes that created the sessions. A session that a client made by connecting to it
 * stays: that client's socket waits on this node.
 *
 * <p>Runs on the supervisor's context.
 */
final class Giving {
    private static final Logger log = LoggerFactory.getLogger(Giving.class);
    private static final long RETRY_MILLIS = 500;
    private static final long ADOPT_MILLIS = 2_000;
    /** How long a node that is alive is waited for. */
    static final long CONFIRM_MILLIS = 30_000;

    private static final WaitingGiven NONE = new WaitingGiven(Optional.empty());

    private final Vertx vertx;
    private final ContextInternal context;
    private final Scheduler scheduler;
    private final String machineId;
    private final Admission admission;
    private final SessionVerticles verticles;
    private final SessionHistory.HandOvers rows;
    /** Those that turned out to be ending, or to have come to their place. */
    private final Set<SessionId> refusing = new HashSet<>();

    private Optional<Instant> told = Optional.empty();

    Giving(
            Vertx vertx,
            Scheduler scheduler,
            String machineId,
            Admission admission,
            SessionVerticles verticles,
            SessionHistory.HandOvers rows) {
        this.vertx = vertx;
        this.context = (ContextInternal) vertx.getOrCreateContext();
        this.scheduler = scheduler;
        this.machineId = machineId;
        this.admission = admission;
        this.verticles = verticles;
        this.rows = rows;
    }

    /** Tells the others of the queue, if somebody waits or did the last time. */
    void tell() {
        Optional<Instant> since = admission.oldestSince(this::mayMove);
        if (since.isPresent() || told.isPresent()) {
            Publishing.publish(vertx, Addresses.WAITING, new WaitingTold(machineId, since));
        }
        told = since;
    }

    /** The same, unless it is what they were told the last time. */
    void tellNews() {
        if (!told.equals(admission.oldestSince(this::mayMove))) {
            tell();
        }
    }

    private boolean mayMove(SessionId id) {
        return !refusing.contains(id)
                && verticles.find(id).filter(SessionVerticle::mayMove).isPresent();
    }

    /** Answers once the session is the other node's, or none is to be given. */
    Future<WaitingGiven> give(TakeWaiting asked) {
        if (asked.machineId().equals(machineId)) {
            return Future.succeededFuture(NONE);
        }
        return admission
                .setAside(asked.before(), this::mayMove)
                .map(ticket -> give(ticket, asked))
                .orElseGet(() -> Future.succeededFuture(NONE));
    }

    private Future<WaitingGiven> give(Admission.Ticket ticket, TakeWaiting asked) {
        tellNews();
        SessionVerticle verticle = verticles.find(ticket.id()).orElseThrow();
        return here(verticle.setAside(asked.machineId())).compose(handed -> {
            if (handed.isEmpty()) {
                if (verticles.find(ticket.id()).isPresent()) {
                    refusing.add(ticket.id());
                }
                ticket.takeBack();
                return give(asked);
            }
            return here(rows.epoch(asked.machineId())).transform(epoch -> {
                if (epoch.failed() || epoch.result().isEmpty()) {
                    // Nothing has changed yet.
                    stay(verticle, ticket);
                    return epoch.failed() ? Future.failedFuture(epoch.cause()) : Future.succeededFuture(NONE);
                }
                return give(handed.get(), epoch.result().get(), verticle, ticket);
            });
        });
    }

    private Future<WaitingGiven> give(
            HandedSession session, long epoch, SessionVerticle verticle, Admission.Ticket ticket) {
        Promise<Optional<String>> known = context.promise();
        move(session, epoch, known);
        return known.future().compose(owner -> {
            if (owner.isEmpty()) {
                stay(verticle, ticket);
                return Future.succeededFuture(NONE);
            }
            return leave(session, epoch, verticle, owner.get());
        });
    }

    /** The session has left the node. */
    void left(SessionId id) {
        refusing.remove(id);
    }

    private void move(HandedSession session, long epoch, Promise<Optional<String>> known) {
        here(rows.give(session, epoch)).onSuccess(known::complete).onFailure(e -> {
            log.debug("{} it is not known yet whose it is: {}", session.id(), e.toString());
            scheduler.after(RETRY_MILLIS, () -> move(session, epoch, known));
        });
    }

    private static void stay(SessionVerticle verticle, Admission.Ticket ticket) {
        verticle.goOn();
        ticket.takeBack();
    }

    private Future<WaitingGiven> leave(HandedSession session, long epoch, SessionVerticle verticle, String to) {
        log.info("{} goes to node {}, which has a place for it", session.id(), to);
        Promise<Void> adopted = context.promise();
        long deadlineNanos = scheduler.nanos() + TimeUnit.MILLISECONDS.toNanos(CONFIRM_MILLIS);
        tellOwner(session.id(), new Owner(to, epoch, deadlineNanos), adopted);
        return adopted.future().map(over -> {
            verticle.leave(to);
            return new WaitingGiven(Optional.of(session.id()));
        });
    }

    private record Owner(String machineId, long epoch, long deadlineNanos) {}

    /** Who waits for the session could not be answered by the other node before. */
    private void tellOwner(SessionId id, Owner owner, Promise<Void> over) {
        here(vertx.eventBus()
                        .request(
                                Addresses.node(owner.machineId),
                                new AdoptWaiting(id),
                                new DeliveryOptions().setSendTimeout(ADOPT_MILLIS)))
                .onSuccess(adopted -> over.complete())
                .onFailure(e -> {
                    log.debug("{} node {} does not confirm that it has it: {}", id, owner.machineId, e.toString());
                    scheduler.after(RETRY_MILLIS, () -> tellAgain(id, owner, over));
                });
    }

    /** Unless it is lost, and the session with it, or takes too long: it will find the session by itself. */
    private void tellAgain(SessionId id, Owner owner, Promise<Void> over) {
        here(rows.epoch(owner.machineId)).onComplete(epoch -> {
            boolean gone = epoch.succeeded()
                    && epoch.result().filter(now -> now == owner.epoch).isEmpty();
            if (gone || scheduler.nanos() - owner.deadlineNanos >= 0) {
                over.complete();
            } else {
                tellOwner(id, owner, over);
            }
        });
    }

    /** Results come on other contexts. */
    private <T> Future<T> here(Future<T> result) {
        Promise<T> here = context.promise();
        result.onComplete(here);
        return here.future();
    }
}
