package dev.berth.clock;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks again and again. Futures composed of the next look's would do, but for some thousand looks: each makes the chain longer,
 * and the end of a long chain is a stack overflow, after which it never completes.
 */
public final class Polling {
    private Polling() {}

    /** Completes with what there is to see at last, or fails with the first look that does. */
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
