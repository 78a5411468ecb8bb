package dev.berth.session;

import dev.berth.clock.Scheduler;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows with which a node claims its sessions. A claim whose answer is lost is found out, and one that came to nothing is taken
 * back: at the next look at all rows of the node at the latest. On the supervisor's context.
 */
final class Claims {
    private static final Logger log = LoggerFactory.getLogger(Claims.class);
    /** Together less than who asks for a session waits. */
    private static final long CLAIM_MILLIS = 4_000;

    private static final long RETRY_MILLIS = 300;
    private static final long TICK_MILLIS = 2_000;
    /** Without a claim in doubt. */
    private static final int TICKS_OF_LOOK = 30;

    /** A claim that was given up may still reach Postgres, after a look that found all well. */
    private static final int TICKS_IN_DOUBT = 15;

    private final Scheduler scheduler;
    private final SessionHistory.Sessions sessions;
    private final SessionHistory.Lost lost;
    private final Set<SessionId> held;
    private int ticksInDoubt;
    private int ticks;

    /** @param held what the node holds, or is about to; read only */
    Claims(Scheduler scheduler, SessionHistory.Sessions sessions, SessionHistory.Lost lost, Set<SessionId> held) {
        this.scheduler = scheduler;
        this.sessions = sessions;
        this.lost = lost;
        this.held = held;
    }

    /** Looks at all rows of the node, now and then. */
    void watch() {
        scheduler.after(TICK_MILLIS, () -> {
            watch();
            ticks++;
            if (ticksInDoubt > 0 || ticks % TICKS_OF_LOOK == 0) {
                correct()
                        .onSuccess(looked -> ticksInDoubt = Math.max(0, ticksInDoubt - 1))
                        .onFailure(e -> log.debug("the rows of this node could not be looked at: {}", e.toString()));
            }
        });
    }

    /** Ends what this node is said to hold, and does not. */
    Future<Void> correct() {
        return lost.correct(scheduler.now(), Set.copyOf(held))
                .onSuccess(corrected -> {
                    if (corrected > 0) {
                        log.info("{} rows of sessions that this node does not hold were corrected", corrected);
                    }
                })
                .mapEmpty();
    }

    /** As {@link SessionHistory.Sessions#claim}; in bounded time, and never an earlier session that came to nothing. */
    Future<SessionAccepted> claim(CreateSession request, SessionAccepted mine) {
        return claim(request, mine, scheduler.nanos() + TimeUnit.MILLISECONDS.toNanos(CLAIM_MILLIS));
    }

    private Future<SessionAccepted> claim(CreateSession request, SessionAccepted mine, long deadlineNanos) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - scheduler.nanos());
        Future<SessionAccepted> claimed = sessions.claim(request, mine)
                .compose(accepted -> cameToNothing(accepted, mine)
                        ? correct().compose(corrected -> Future.failedFuture("an earlier claim was in the way"))
                        : Future.succeededFuture(accepted));
        return scheduler.within(Math.max(1, left), claimed).recover(e -> {
            if (e instanceof BerthException known && known.code() == ErrorCode.CONFLICT) {
                return Future.failedFuture(e);
            }
            return left > RETRY_MILLIS ? again(request, mine, deadlineNanos) : giveUp(e);
        });
    }

    /** What is claimed for this node, and is not here. */
    private boolean cameToNothing(SessionAccepted accepted, SessionAccepted mine) {
        return accepted.status() == SessionStatus.CREATING
                && accepted.machineId().equals(mine.machineId())
                && !held.contains(accepted.sessionId());
    }

    private Future<SessionAccepted> again(CreateSession request, SessionAccepted mine, long deadlineNanos) {
        Promise<Void> rested = Promise.promise();
        scheduler.after(RETRY_MILLIS, rested::complete);
        return rested.future().compose(now -> claim(request, mine, deadlineNanos));
    }

    private Future<SessionAccepted> giveUp(Throwable e) {
        inDoubt();
        return Future.failedFuture(new BerthException(
                ErrorCode.UNAVAILABLE, "the session could not be recorded: Postgres does not answer", e));
    }

    /** A claim came to nothing: its row goes soon. */
    void inDoubt() {
        ticksInDoubt = TICKS_IN_DOUBT;
    }
}
