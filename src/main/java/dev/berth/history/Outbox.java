package dev.berth.history;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes facts to Postgres. If Postgres does not take one, it is kept on disk and written later, oldest first, even by
 * the next process. Thread-safe; the bookkeeping runs on one context.
 */
public final class Outbox {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final BerthException SHUTTING_DOWN =
            new BerthException(ErrorCode.NOT_READY, "the server is shutting down");
    private static final int MAX_FACTS = 100_000;
    private static final long MAX_BYTES = 256 << 20;
    private static final int BATCH_FACTS = 128;
    private static final long BATCH_BYTES = 256 << 10;
    private static final long PATIENCE_MILLIS = 3_000;
    private static final long FIRST_RETRY_MILLIS = 250;
    private static final long LAST_RETRY_MILLIS = 5_000;

    private final Vertx vertx;
    private final Context context;
    private final FactSender sender;
    private final long patienceMillis;

    // The following fields are accessed on the context only.
    private final AsyncJournal journal;
    private final OutboxWaiters waiters = new OutboxWaiters();
    private boolean draining;
    private boolean closed;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private long timer = -1;
    /** The number of the latest fact that was handed to the disk, whether or not that succeeded. */
    private volatile long given = -1;
    /** No fact up to this number is waiting. */
    private volatile long told = -1;

    private final UnsentEnds ends = new UnsentEnds();
    private volatile boolean caughtUp = true;

    /** @param folder folder of the waiting facts */
    public Outbox(Vertx vertx, Database database, Path folder) {
        this(vertx, new FactWriter(database.pool())::write, new Journal(folder, MAX_FACTS, MAX_BYTES), PATIENCE_MILLIS);
    }

    /**
     * @param writer writes all of the facts or none; see {@link FactWriter#isRefusal} for its failures
     * @param patienceMillis how long a caller waits for an answer of Postgres
     */
    Outbox(Vertx vertx, Function<List<Fact>, Future<Void>> writer, Journal journal, long patienceMillis) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.sender = new FactSender(context, writer);
        this.journal = new AsyncJournal(vertx, context, journal);
        this.patienceMillis = patienceMillis;
    }

    /** Writes what an earlier process left; takes as long as Postgres needs. Fails if Postgres does not take it. */
    public Future<Void> start() {
        return journal.open().compose(latest -> {
            given = latest;
            caughtUp = latest < 0;
            return whenTold();
        });
    }

    /** How many facts wait for Postgres. For any thread. */
    public long waiting() {
        return Math.max(0, given - told);
    }

    /** Completes when Postgres has the fact, or else the disk. Fails once this is closed. */
    Future<Void> write(Fact fact) {
        Promise<Void> safe = ((ContextInternal) vertx.getOrCreateContext()).promise();
        // Earlier facts are written first.
        context.runOnContext(
                ignored -> (closed ? Future.<Void>failedFuture(SHUTTING_DOWN) : caughtUp ? tell(fact) : keep(fact))
                        .onComplete(safe));
        return safe.future();
    }

    /**
     * Completes when Postgres has all facts that wait now, so that reads of it are true. Fails soon if Postgres does
     * not take them, or if they are too many.
     */
    public Future<Void> caughtUp() {
        return caughtUp
                ? Future.succeededFuture()
                : whenTold().timeout(patienceMillis, TimeUnit.MILLISECONDS).recover(Outbox::notInTime);
    }

    private static Future<Void> notInTime(Throwable e) {
        return Future.failedFuture(
                e instanceof TimeoutException
                        ? new BerthException(
                                ErrorCode.UNAVAILABLE,
                                "Postgres is still receiving what it missed; try again in a moment",
                                e)
                        : e);
    }

    private Future<Void> whenTold() {
        Promise<Void> promise = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            waiters.add(given, promise);
            if (closed) {
                waiters.fail(SHUTTING_DOWN);
            } else if (told >= given) {
                toldThrough(told);
            } else {
                drain();
            }
        });
        return promise.future();
    }

    /** The final state of a session, if it still waits for Postgres, where the row is outdated then. */
    Future<Optional<SessionDescription>> unsentEnd(SessionId id) {
        Optional<SessionDescription> end = ends.find(id);
        return end.isPresent() || ends.complete()
                ? Future.succeededFuture(end)
                : caughtUp().map(Optional.empty());
    }

    /** Stops writing; the next process writes what waits. */
    public Future<Void> close() {
        Promise<Void> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            closed = true;
            vertx.cancelTimer(timer);
            waiters.fail(SHUTTING_DOWN);
            journal.close().onComplete(done);
        });
        return done.future();
    }

    private Future<Void> tell(Fact fact) {
        return sender.send(List.of(fact), patienceMillis).recover(e -> {
            if (FactWriter.isRefusal(e)) {
                return Future.failedFuture(e);
            }
            return keep(fact);
        });
    }

    private Future<Void> keep(Fact fact) {
        long number = given + 1;
        given = number;
        caughtUp = false;
        ends.add(number, fact);
        return journal.append(number, fact).onComplete(done -> drainLater());
    }

    private void drainLater() {
        if (timer < 0 && !draining && !closed) {
            timer = vertx.setTimer(retryMillis, ignored -> context.runOnContext(now -> drain()));
            retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
        }
    }

    private void drain() {
        if (draining || closed) {
            return;
        }
        draining = true;
        vertx.cancelTimer(timer);
        timer = -1;
        next();
    }

    /** The disk works in order: all facts handed to it before this read are there, or have failed. */
    private void next() {
        long asked = given;
        journal.oldest(BATCH_FACTS, BATCH_BYTES)
                .onSuccess(batch -> tellBatch(batch, asked))
                .onFailure(e -> diskFailed("read from", e));
    }

    private void tellBatch(List<Journal.Entry> batch, long asked) {
        List<Fact> facts = batch.stream().map(Journal.Entry::fact).toList();
        sender.sendAll(facts)
                .onSuccess(done -> {
                    long last = batch.isEmpty()
                            ? asked
                            : batch.get(batch.size() - 1).number();
                    toldThrough(last);
                    removeThrough(last);
                })
                .onFailure(e -> {
                    stop(new BerthException(ErrorCode.UNAVAILABLE, "Postgres does not answer", e));
                });
    }

    private void removeThrough(long number) {
        journal.removeThrough(number).onSuccess(removed -> goOn()).onFailure(e -> diskFailed("removed from", e));
    }

    private void goOn() {
        if (told < given) {
            next();
        } else {
            draining = false;
        }
    }

    private void diskFailed(String what, Throwable e) {
        if (!closed) {
            log.warn("what waits for Postgres can't be {} the disk, will retry: {}", what, e.toString());
            stop(new BerthException(ErrorCode.UNAVAILABLE, "what waits for Postgres can't be read: the disk fails", e));
        }
    }

    /** Stops until the next retry. */
    private void stop(BerthException why) {
        draining = false;
        waiters.fail(why);
        drainLater();
    }

    private void toldThrough(long number) {
        told = Math.max(told, number);
        ends.removeThrough(told);
        if (told >= given) {
            caughtUp = true;
            retryMillis = FIRST_RETRY_MILLIS;
        }
        waiters.completeThrough(told);
    }
}
