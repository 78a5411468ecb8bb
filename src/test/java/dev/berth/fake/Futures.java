package dev.berth.fake;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Futures for a test's own thread. */
public final class Futures {
    private static final long MAX_SECONDS = 30;

    private Futures() {}

    /** The result; throws if the future fails, or does not complete in 30 s. Blocks. */
    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(MAX_SECONDS, TimeUnit.SECONDS);
    }

    /** Does {@code work} on the event loop of {@code context}. */
    public static <T> Future<T> on(Context context, Callable<T> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(ignored -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return done.future();
    }
}
