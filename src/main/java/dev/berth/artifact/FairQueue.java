package dev.berth.artifact;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Runs a limited number of tasks at the same time. Users take turns, so that a user with many tasks does not make
 * others wait. Thread-safe; the bookkeeping runs on one context.
 */
final class FairQueue {
    private final Vertx vertx;
    private final Context context;
    private final int atOnce;
    private final int maxPerUser;

    // The following fields are accessed on the context only.
    private final Map<Long, Queue<Runnable>> waiting = new HashMap<>();
    /** The users that have waiting tasks, in the order of their turns. */
    private final Queue<Long> turns = new ArrayDeque<>();

    private int running;

    /**
     * @param atOnce how many tasks run at the same time
     * @param maxPerUser how many tasks of one user may wait
     */
    FairQueue(Vertx vertx, int atOnce, int maxPerUser) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.atOnce = atOnce;
        this.maxPerUser = maxPerUser;
    }

    /** Runs {@code work} when it is its turn; the result comes on the caller's context. */
    <T> Future<T> run(long user, Supplier<Future<T>> work) {
        Promise<T> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> enqueue(user, () -> start(work, done), done));
        return done.future();
    }

    private void enqueue(long user, Runnable start, Promise<?> done) {
        Queue<Runnable> own = waiting.computeIfAbsent(user, id -> new ArrayDeque<>());
        if (own.size() >= maxPerUser) {
            done.fail(new BerthException(
                    ErrorCode.LIMIT_REACHED,
                    maxPerUser + " of your log reads are waiting already; try again when they are done"));
            return;
        }
        if (own.isEmpty()) {
            turns.add(user);
        }
        own.add(start);
        startNext();
    }

    private void startNext() {
        while (running < atOnce && !turns.isEmpty()) {
            long user = turns.remove();
            Queue<Runnable> own = waiting.get(user);
            Runnable next = own.remove();
            if (own.isEmpty()) {
                waiting.remove(user);
            } else {
                turns.add(user);
            }
            running++;
            next.run();
        }
    }

    private <T> void start(Supplier<Future<T>> work, Promise<T> done) {
        Future.succeededFuture()
                .compose(now -> work.get())
                .onComplete(done)
                .onComplete(over -> context.runOnContext(ignored -> {
                    running--;
                    startNext();
                }));
    }
}
