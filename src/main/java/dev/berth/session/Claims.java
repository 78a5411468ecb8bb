package dev.berth.session;

import dev.berth.history.LostSessions;
import dev.berth.history.SessionQueue;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims sessions for this node by inserting their rows. If the answer to a claim is lost, this finds out what became
 * of it; claims without a session are taken back, at the latest at the next look at all rows of the node. Runs on the
 * supervisor's context.
 */
final class Claims {
    private static final Logger log = LoggerFactory.getLogger(Claims.class);
    /** Timeout of one attempt; all attempts together take less than the caller's timeout. */
    private static final long CLAIM_MILLIS = 4_000;

    /** Refusals that another try would meet, too. */
    private static final Set<ErrorCode> FINAL =
            Set.of(ErrorCode.CONFLICT, ErrorCode.LIMIT_REACHED, ErrorCode.CAPACITY, ErrorCode.UNAUTHENTICATED);

    private static final long RETRY_MILLIS = 300;
    private static final long LOOK_MILLIS = 10_000;

    private final Scheduler scheduler;
    private final SessionQueue queue;
    private final LostSessions lost;
    private final Set<SessionId> held;

    /** @param held the sessions that the node holds or is about to hold; read only */
    Claims(Scheduler scheduler, SessionQueue queue, LostSessions lost, Set<SessionId> held) {
        this.scheduler = scheduler;
        this.queue = queue;
        this.lost = lost;
        this.held = held;
    }

    /** Looks at all rows of the node from time to time. */
    void watch() {
        scheduler.after(LOOK_MILLIS, () -> {
            watch();
            correct().onFailure(e -> log.debug("the rows of this node could not be checked: {}", e.toString()));
        });
    }

    /** Ends the sessions that are recorded as this node's but are not here. */
    Future<Void> correct() {
        return lost.correct(scheduler.now(), Set.copyOf(held))
                .onSuccess(corrected -> {
                    if (corrected > 0) {
                        log.info("{} rows of sessions that this node does not run were corrected", corrected);
                    }
                })
                .mapEmpty();
    }

    /**
     * Completes as {@code insert} does, but in bounded time, and never gives an earlier session that never came to life.
     *
     * @param insert makes the row of the session; is tried again
     */
    Future<SessionAccepted> claim(SessionAccepted mine, Supplier<Future<SessionAccepted>> insert) {
        return claim(mine, insert, scheduler.nanos() + TimeUnit.MILLISECONDS.toNanos(CLAIM_MILLIS));
    }

    private Future<SessionAccepted> claim(
            SessionAccepted mine, Supplier<Future<SessionAccepted>> insert, long deadlineNanos) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - scheduler.nanos());
        Future<SessionAccepted> claimed = insert.get()
                .compose(accepted -> cameToNothing(accepted, mine)
                        ? queue.waiting(List.of(accepted.sessionId()))
                                .compose(waiting -> waiting.isEmpty()
                                        ? correct()
                                                .compose(corrected -> Future.failedFuture(
                                                        "a row of an earlier, failed claim was in the way"))
                                        : Future.succeededFuture(accepted))
                        : Future.succeededFuture(accepted));
        return scheduler.within(Math.max(1, left), claimed).recover(e -> {
            if (e instanceof BerthException known && FINAL.contains(known.code())) {
                return Future.failedFuture(e);
            }
            return left > RETRY_MILLIS ? again(mine, insert, deadlineNanos) : giveUp();
        });
    }

    /** Whether the row is of a claim by this node that has no session here: then it waits for a place, or is in the way. */
    private boolean cameToNothing(SessionAccepted accepted, SessionAccepted mine) {
        return accepted.status() == SessionStatus.CREATING
                && accepted.machineId().equals(mine.machineId())
                && !accepted.sessionId().equals(mine.sessionId())
                && !held.contains(accepted.sessionId());
    }

    private Future<SessionAccepted> again(
            SessionAccepted mine, Supplier<Future<SessionAccepted>> insert, long deadlineNanos) {
        Promise<Void> rested = Promise.promise();
        scheduler.after(RETRY_MILLIS, rested::complete);
        return rested.future().compose(now -> claim(mine, insert, deadlineNanos));
    }

    private static Future<SessionAccepted> giveUp() {
        return Future.failedFuture(
                new BerthException(
                        ErrorCode.UNAVAILABLE,
                        "Postgres is not responding, so Berth can't tell whether the session was recorded",
                        "repeat the request, with its Idempotency-Key if it has one; GET /api/sessions lists the session if it was recorded"));
    }
}
