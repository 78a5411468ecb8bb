package dev.berth.history;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionSnapshot;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node has to tell Postgres. Where Postgres does not take it, it is kept on disk and told later, oldest first, also by
 * the next process. Any thread may call; its bookkeeping lives on one context.
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
    /** Nobody waits as long for several facts at once. */
    private static final long BATCH_MILLIS = 10_000;

    private static final long FIRST_RETRY_MILLIS = 250;
    private static final long LAST_RETRY_MILLIS = 5_000;

    private final Vertx vertx;
    private final Context context;
    private final Function<List<Fact>, Future<Void>> writer;
    private final long patienceMillis;
    private final OutageLog outage = new OutageLog("Postgres");
    private final WorkerExecutor disk;

    // The following are touched on the context only, the journal on the disk's one thread only.
    private final Journal journal;
    private final Queue<Waiter> waiters = new ArrayDeque<>();
    private boolean draining;
    private boolean closed;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private long timer = -1;
    /** The number of the latest fact that the disk was given, whether it has taken it or not. */
    private long given = -1;
    /** None up to this number waits any longer. */
    private long told = -1;

    private final UntoldEnds ends = new UntoldEnds();
    private volatile boolean caughtUp = true;

    /** Waits until no fact up to a number waits any longer. */
    private record Waiter(long number, Promise<Void> promise) {}

    /** @param folder where what waits is kept */
    public Outbox(Vertx vertx, Database database, Path folder) {
        this(vertx, new FactWriter(database.pool())::write, new Journal(folder, MAX_FACTS, MAX_BYTES), PATIENCE_MILLIS);
    }

    /**
     * @param writer tells Postgres all of several facts, or none; a refusal is told by what it fails with
     * @param patienceMillis how long somebody waits for an answer of Postgres
     */
    Outbox(Vertx vertx, Function<List<Fact>, Future<Void>> writer, Journal journal, long patienceMillis) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.writer = writer;
        this.journal = journal;
        this.patienceMillis = patienceMillis;
        this.disk = vertx.createSharedWorkerExecutor("berth-journal", 1);
    }

    /** Tells Postgres what an earlier process could not, however long that takes while Postgres takes it. */
    public Future<Void> start() {
        return onDisk(this::open).compose(latest -> {
            given = latest;
            caughtUp = latest < 0;
            return whenTold();
        });
    }

    private long open() throws IOException {
        long latest = journal.open();
        if (journal.size() > 0) {
            log.info("{} facts that an earlier process left are told to Postgres", journal.size());
        }
        return latest;
    }

    /** Completes when Postgres has it, or else the disk. */
    Future<Void> write(Fact fact) {
        Promise<Void> safe = ((ContextInternal) vertx.getOrCreateContext()).promise();
        // What came before it is told before it.
        context.runOnContext(ignored -> (caughtUp ? tell(fact) : keep(fact)).onComplete(safe));
        return safe.future();
    }

    /**
     * Completes when Postgres has been told all that waits now: what it says is true then. Fails soon where it does not take it,
     * or where that is too much.
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
                                ErrorCode.UNAVAILABLE, "Postgres is still being told what it has not heard yet", e)
                        : e);
    }

    private Future<Void> whenTold() {
        Promise<Void> promise = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            waiters.add(new Waiter(given, promise));
            if (closed) {
                failWaiters(SHUTTING_DOWN);
            } else if (told >= given) {
                toldThrough(told);
            } else {
                drain();
            }
        });
        return promise.future();
    }

    /** The last word on a session where that still waits for Postgres, whose row of it is not true then. */
    Future<Optional<SessionSnapshot>> untoldEnd(SessionId id) {
        Optional<SessionSnapshot> end = ends.find(id);
        return end.isPresent() || ends.complete()
                ? Future.succeededFuture(end)
                : caughtUp().map(Optional.empty());
    }

    /** Stops telling; what waits is for the next process. */
    public Future<Void> close() {
        Promise<Void> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            closed = true;
            vertx.cancelTimer(timer);
            failWaiters(SHUTTING_DOWN);
            // What is on its way to the disk arrives there first.
            onDisk(() -> null).transform(written -> disk.close()).onComplete(done);
        });
        return done.future();
    }

    private Future<Void> tell(Fact fact) {
        return attempt(List.of(fact), patienceMillis).recover(e -> {
            if (FactWriter.isRefusal(e)) {
                return Future.failedFuture(e);
            }
            outage.failed(e);
            return keep(fact);
        });
    }

    private Future<Void> attempt(List<Fact> facts, long millis) {
        // Whoever completes the writing may do so on another thread.
        Promise<Void> answered = ((ContextInternal) context).promise();
        Future.succeededFuture().compose(now -> writer.apply(facts)).onComplete(answered);
        return answered.future().timeout(millis, TimeUnit.MILLISECONDS).onSuccess(done -> outage.answered());
    }

    private Future<Void> keep(Fact fact) {
        long number = ++given;
        caughtUp = false;
        ends.add(number, fact);
        return this.<Void>onDisk(() -> {
                    journal.append(number, fact);
                    return null;
                })
                .onComplete(done -> drainLater());
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

    /** The disk does one thing after the other: what it was given before it is asked is there, or was not taken. */
    private void next() {
        long asked = given;
        onDisk(() -> journal.oldest(BATCH_FACTS, BATCH_BYTES))
                .onSuccess(batch -> tellBatch(batch, asked))
                .onFailure(e -> diskFailed("read from", e));
    }

    private void tellBatch(List<Journal.Entry> batch, long asked) {
        List<Fact> facts = batch.stream().map(Journal.Entry::fact).toList();
        tellAll(facts)
                .onSuccess(done -> {
                    long last = batch.isEmpty()
                            ? asked
                            : batch.get(batch.size() - 1).number();
                    toldThrough(last);
                    removeThrough(last);
                })
                .onFailure(e -> {
                    outage.failed(e);
                    stop(new BerthException(ErrorCode.UNAVAILABLE, "Postgres does not answer", e));
                });
    }

    /** What Postgres refuses is lost, for it will not take it later either; it neither holds the others up nor takes them along. */
    private Future<Void> tellAll(List<Fact> facts) {
        if (facts.isEmpty()) {
            return Future.succeededFuture();
        }
        return attempt(facts, BATCH_MILLIS).recover(e -> FactWriter.isRefusal(e) ? tellHalves(facts, e) : failed(e));
    }

    private Future<Void> tellHalves(List<Fact> facts, Throwable refusal) {
        int half = facts.size() / 2;
        if (half > 0) {
            return tellAll(facts.subList(0, half)).compose(first -> tellAll(facts.subList(half, facts.size())));
        }
        List<Fact> parts = facts.get(0).halves();
        if (parts.isEmpty()) {
            String what = facts.get(0).getClass().getSimpleName();
            log.error("{}: a fact that waited can't be told to Postgres, and is lost", what, refusal);
            return Future.succeededFuture();
        }
        return tellAll(List.of(parts.get(0))).compose(first -> tellAll(List.of(parts.get(1))));
    }

    private static Future<Void> failed(Throwable e) {
        return Future.failedFuture(e);
    }

    private void removeThrough(long number) {
        this.<Void>onDisk(() -> {
                    journal.removeThrough(number);
                    return null;
                })
                .onSuccess(removed -> goOn())
                .onFailure(e -> diskFailed("removed from", e));
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
            log.warn("what waits for Postgres can't be {} the disk, will be tried again: {}", what, e.toString());
            stop(new BerthException(ErrorCode.UNAVAILABLE, "Postgres can't be told what waits: the disk fails", e));
        }
    }

    /** For now. */
    private void stop(BerthException why) {
        draining = false;
        failWaiters(why);
        drainLater();
    }

    private void toldThrough(long number) {
        told = Math.max(told, number);
        ends.removeThrough(told);
        if (told >= given) {
            caughtUp = true;
            retryMillis = FIRST_RETRY_MILLIS;
        }
        while (!waiters.isEmpty() && waiters.peek().number <= told) {
            waiters.remove().promise.complete();
        }
    }

    private void failWaiters(BerthException why) {
        List<Waiter> failed = List.copyOf(waiters);
        waiters.clear();
        failed.forEach(waiter -> waiter.promise.fail(why));
    }

    /** Fails, and does not throw, after the end. */
    private <T> Future<T> onDisk(Callable<T> work) {
        Promise<T> done = ((ContextInternal) context).promise();
        Future.succeededFuture()
                .compose(now -> disk.executeBlocking(work, true))
                .onComplete(done);
        return done.future();
    }
}
