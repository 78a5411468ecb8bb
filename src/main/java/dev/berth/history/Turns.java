package dev.berth.history;

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
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Work that needs a lock of one user, one after the other: so, whoever holds that lock, a user takes one connection of a node at most.
 * Thread-safe; work and its result are on the context of its caller.
 */
final class Turns {
    /** As long as whoever asked for it waits. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final int MAX_WAITING = 1_000;
    private static final BerthException LATE = new BerthException(
            ErrorCode.UNAVAILABLE, "Postgres is busy with earlier requests of this key; try again in a moment");

    private final Map<Long, Queue<Turn<?>>> waiting = new HashMap<>();

    private record Turn<T>(long user, long since, Context context, Supplier<Future<T>> work, Promise<T> done) {}

    /** Fails with {@link ErrorCode#UNAVAILABLE}, without the work, where too many wait, or if its turn does not come in time. */
    <T> Future<T> take(long user, Supplier<Future<T>> work) {
        Context context = Vertx.currentContext();
        Promise<T> done = context == null ? Promise.promise() : ((ContextInternal) context).promise();
        Turn<T> turn = new Turn<>(user, System.nanoTime(), context, work, done);
        if (isNext(turn)) {
            run(turn);
        }
        return done.future();
    }

    private synchronized boolean isNext(Turn<?> turn) {
        Queue<Turn<?>> others = waiting.get(turn.user);
        if (others == null) {
            waiting.put(turn.user, new ArrayDeque<>());
        } else if (others.size() < MAX_WAITING) {
            others.add(turn);
        } else {
            turn.done.fail(LATE);
        }
        return others == null;
    }

    private <T> void run(Turn<T> turn) {
        Future.succeededFuture().compose(now -> turn.work.get()).onComplete(result -> {
            next(turn.user);
            turn.done.handle(result);
        });
    }

    /** Not by recursion: many may be late at once. */
    private void next(long user) {
        for (Turn<?> turn = poll(user); turn != null; turn = poll(user)) {
            if (System.nanoTime() - turn.since < PATIENCE_NANOS) {
                start(turn);
                return;
            }
            turn.done.fail(LATE);
        }
    }

    private synchronized Turn<?> poll(long user) {
        Turn<?> next = waiting.get(user).poll();
        if (next == null) {
            waiting.remove(user);
        }
        return next;
    }

    private void start(Turn<?> turn) {
        if (turn.context == null) {
            run(turn);
        } else {
            turn.context.runOnContext(ignored -> run(turn));
        }
    }
}
