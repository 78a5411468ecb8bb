package dev.berth.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node has to tell Postgres. Where Postgres does not take it, it is kept on disk and told later, oldest first, also by
 * the next process. Any thread may call; its bookkeeping lives on one context.
 */
public final class Outbox {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final int MAX_FACTS = 100_000;
    private static final long MAX_BYTES = 256 << 20;
    private static final long PATIENCE_MILLIS = 3_000;
    private static final long FIRST_RETRY_MILLIS = 250;
    private static final long LAST_RETRY_MILLIS = 5_000;

    private final Vertx vertx;
    private final Context context;
    private final Function<Fact, Future<Void>> writer;
    private final OutageLog outage = new OutageLog("Postgres");
    private final WorkerExecutor disk;

    // The following are touched on the context only, the journal on the disk's one thread only.
    private final Journal journal;
    private final List<Promise<Void>> waiters = new ArrayList<>();
    private boolean draining;
    private boolean closed;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private long timer = -1;
    /** On their way to the disk. */
    private int leaving;
    /** On the disk. */
    private int kept;

    private volatile boolean caughtUp = true;

    /** @param folder where what waits is kept */
    public Outbox(Vertx vertx, Database database, Path folder) {
        this(vertx, new FactWriter(database.pool())::write, new Journal(folder, MAX_FACTS, MAX_BYTES));
    }

    /** @param writer tells Postgres; a refusal is told by what it fails with */
    Outbox(Vertx vertx, Function<Fact, Future<Void>> writer, Journal journal) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.writer = writer;
        this.journal = journal;
        this.disk = vertx.createSharedWorkerExecutor("berth-journal", 1);
    }

    /** Tells Postgres what an earlier process could not. */
    public Future<Void> start() {
        return onDisk(() -> {
                    journal.open();
                    return journal.size();
                })
                .compose(left -> {
                    if (left > 0) {
                        log.info("{} facts that an earlier process left are told to Postgres", left);
                        caughtUp = false;
                    }
                    return caughtUp();
                });
    }

    /** Completes when Postgres has it, or else the disk. */
    Future<Void> write(Fact fact) {
        Promise<Void> safe = ((ContextInternal) vertx.getOrCreateContext()).promise();
        // What came before it is told before it.
        context.runOnContext(ignored -> (caughtUp ? tell(fact) : keep(fact)).onComplete(safe));
        return safe.future();
    }

    /** Completes when Postgres has been told all that waits: what it says is true then. Fails soon where it does not take it. */
    public Future<Void> caughtUp() {
        if (caughtUp) {
            return Future.succeededFuture();
        }
        Promise<Void> told = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            waiters.add(told);
            drain();
        });
        return told.future();
    }

    /** Stops telling; what waits is for the next process. */
    public Future<Void> close() {
        Promise<Void> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> {
            closed = true;
            vertx.cancelTimer(timer);
            settle(new BerthException(ErrorCode.NOT_READY, "the server is shutting down"));
            disk.close().onComplete(done);
        });
        return done.future();
    }

    private Future<Void> tell(Fact fact) {
        return attempt(fact).recover(e -> {
            if (FactWriter.isRefusal(e)) {
                return Future.failedFuture(e);
            }
            outage.failed(e);
            return keep(fact);
        });
    }

    private Future<Void> attempt(Fact fact) {
        // Whoever completes the writing may do so on another thread.
        Promise<Void> told = ((ContextInternal) context).promise();
        Future.succeededFuture().compose(now -> writer.apply(fact)).onComplete(told);
        return told.future().timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).onSuccess(done -> outage.answered());
    }

    private Future<Void> keep(Fact fact) {
        leaving++;
        caughtUp = false;
        return this.<Integer>onDisk(() -> {
                    journal.append(fact);
                    return journal.size();
                })
                .onSuccess(size -> kept = size)
                .onComplete(done -> {
                    leaving--;
                    drainLater();
                })
                .mapEmpty();
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

    private void next() {
        onDisk(journal::oldest)
                .compose(oldest -> oldest.map(this::attempt).orElse(Future.succeededFuture()))
                .onComplete(told -> context.runOnContext(ignored -> told(told.cause())));
    }

    /** @param failure null where the oldest has been told */
    private void told(Throwable failure) {
        if (closed) {
            return;
        }
        if (failure == null) {
            removeOldest();
        } else if (FactWriter.isRefusal(failure) || failure instanceof JsonProcessingException) {
            log.error("a fact that waited can't be told to Postgres, and is lost", failure);
            removeOldest();
        } else {
            outage.failed(failure);
            draining = false;
            settle(new BerthException(ErrorCode.UNAVAILABLE, "Postgres does not answer", failure));
            drainLater();
        }
    }

    private void removeOldest() {
        this.<Integer>onDisk(() -> {
                    if (!journal.isEmpty()) {
                        journal.removeOldest();
                    }
                    return journal.size();
                })
                .onComplete(removed -> context.runOnContext(ignored -> goOn(removed)));
    }

    private void goOn(AsyncResult<Integer> removed) {
        if (removed.failed()) {
            log.error("what Postgres was told can't be removed from the disk", removed.cause());
            draining = false;
            drainLater();
            return;
        }
        kept = removed.result();
        if (kept + leaving > 0) {
            next();
            return;
        }
        draining = false;
        caughtUp = true;
        retryMillis = FIRST_RETRY_MILLIS;
        settle(null);
    }

    private void settle(Throwable failure) {
        List<Promise<Void>> settled = List.copyOf(waiters);
        waiters.clear();
        settled.forEach(waiter -> {
            if (failure == null) {
                waiter.tryComplete();
            } else {
                waiter.tryFail(failure);
            }
        });
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
