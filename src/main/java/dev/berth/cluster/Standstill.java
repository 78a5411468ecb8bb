package dev.berth.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Says when a node may answer for a session: at once, unless it has not tried to raise its counter for {@link #NANOS}. Then it has stood
 * still, and others may have declared it lost: requests wait for one try, which they share, and for a bounded time, as
 * sessions go on while Postgres is away. Thread-safe.
 */
final class Standstill {
    static final long NANOS = TimeUnit.SECONDS.toNanos(10);
    static final long PATIENCE_MILLIS = 3_000;

    private final LongSupplier nanos;
    private final BiConsumer<Long, Runnable> timer;
    private final Supplier<Future<?>> attempt;
    private long triedAt;
    private Future<Void> confirmed = Future.succeededFuture();

    /**
     * @param nanos goes on while the process stands still
     * @param timer runs something after milliseconds
     * @param attempt tries to raise the counter, and completes however that ends
     */
    Standstill(LongSupplier nanos, BiConsumer<Long, Runnable> timer, Supplier<Future<?>> attempt) {
        this.nanos = nanos;
        this.timer = timer;
        this.attempt = attempt;
        this.triedAt = nanos.getAsLong();
    }

    /** Completes when the node may answer for a session; fails as {@link #lose} says. */
    synchronized Future<Void> confirmed() {
        if (nanos.getAsLong() - triedAt >= NANOS) {
            attempt();
        }
        return confirmed;
    }

    /** Tries to raise the counter. Several tries may be on their way: one that hangs must not be taken for a dead node. */
    synchronized Future<Void> attempt() {
        long now = nanos.getAsLong();
        Promise<Void> over = Promise.promise();
        if (now - triedAt >= NANOS && !confirmed.failed()) {
            confirmed = over.future();
            timer.accept(PATIENCE_MILLIS, over::tryComplete);
        }
        triedAt = now;
        attempt.get().onComplete(tried -> finish(over));
        return over.future();
    }

    /** A try that ends after the node was lost is no confirmation. */
    private void finish(Promise<Void> over) {
        Future<Void> now;
        synchronized (this) {
            now = confirmed;
        }
        if (now.failed()) {
            over.tryFail(now.cause());
        } else {
            over.tryComplete();
        }
    }

    /** The node was declared lost: from now on nothing is confirmed. */
    synchronized void lose(Throwable why) {
        confirmed = Future.failedFuture(why);
    }
}
