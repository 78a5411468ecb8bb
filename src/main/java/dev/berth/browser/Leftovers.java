package dev.berth.browser;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what Chromes leave removed, however long that takes: while the server has as many files open as it may, no folder can be read,
 * and no process be looked for. Its timers outlive the sessions that it removes things for. Any thread may call.
 */
final class Leftovers {
    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
    private static final long FIRST_REST_MILLIS = 100;
    private static final long LONGEST_REST_MILLIS = 60_000;

    private final Vertx vertx;
    private final Context context;

    Leftovers(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    /** Completes, on the context of the caller, when it is gone. */
    Future<Void> remove(Supplier<Future<Void>> removal) {
        Promise<Void> gone = ((ContextInternal) vertx.getOrCreateContext()).promise();
        context.runOnContext(ignored -> remove(removal, gone, FIRST_REST_MILLIS));
        return gone.future();
    }

    private void remove(Supplier<Future<Void>> removal, Promise<Void> gone, long restMillis) {
        Future.succeededFuture()
                .compose(now -> removal.get())
                .onSuccess(gone::complete)
                .onFailure(e -> {
                    if (restMillis == FIRST_REST_MILLIS) {
                        log.warn("what a Chrome left can't be removed, it is tried again: {}", e.toString());
                    }
                    vertx.setTimer(
                            restMillis, rested -> remove(removal, gone, Math.min(2 * restMillis, LONGEST_REST_MILLIS)));
                });
    }
}
