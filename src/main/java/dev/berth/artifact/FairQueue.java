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
 * Work of which some is done at once: users take turns, so that one who asks for much waits for it without making others wait.
 * Any thread may call; its bookkeeping lives on one context.
 */
final class FairQueue {
    private final Vertx vertx;
    private final Context context;
    private final int atOnce;
    private final int maxPerUser;

    // The following are touched on the context only.
    private final Map<Long, Queue<Runnable>> waiting = new HashMap<>();
    /** The users that have work waiting, in the order of their turns. */
    private final Queue<Long> turns = new ArrayDeque<>();

    private int running;

    /**
     * @param atOnce how many pieces of work are done at once
     * @param maxPerUser how many of one user may wait
     */
    FairQueue(Vertx vertx, int atOnce, int maxPerUser) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.atOnce = atOnce;
        this.maxPerUser = maxPerUser;
    }

    /** Does {@code work} when it is its turn; the result comes on the caller's context. */
    <T> Future<T> run(long user, Supplier<Future<T>> work) {
        Promise<T> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> enqueue(user, () -> start(work, done), done));
        return done.future();
    }

    private void enqueue(long user, Runnable start, Promise<?> done) {
        Queue<Runnable> own = waiting.computeIfAbsent(user, id -> new ArrayDeque<>());
        if (own.size() >= maxPerUser) {
            done.fail(new BerthException(
                    ErrorCode.LIMIT_REACHED, maxPerUser + " of your reads of logs wait for their turn already"));
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
