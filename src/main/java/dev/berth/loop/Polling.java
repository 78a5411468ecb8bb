package dev.berth.loop;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Calls a function until it gives a result. Composing each call's future with the next one's does not work for
 * thousands of calls: the chain grows with each, and completing a long chain overflows the stack.
 */
public final class Polling {
    private Polling() {}

    /** Completes with the first value that {@code look} gives, or fails with its first failure. */
    public static <T> Future<T> until(Vertx vertx, long intervalMillis, Supplier<Future<Optional<T>>> look) {
        Promise<T> seen = Promise.promise();
        look(vertx, intervalMillis, look, seen);
        return seen.future();
    }

    private static <T> void look(Vertx vertx, long millis, Supplier<Future<Optional<T>>> look, Promise<T> seen) {
        Future.succeededFuture()
                .compose(now -> look.get())
                .onFailure(seen::fail)
                .onSuccess(found -> found.ifPresentOrElse(
                        seen::complete, () -> vertx.setTimer(millis, tick -> look(vertx, millis, look, seen))));
    }
}
