package dev.berth.session;

import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the steps of a session's end, one after another. A step that throws, fails or hangs is told to the log and does not keep
 * the next one from being taken: a session ends in bounded time. On the session's context.
 */
final class Closing {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private final Vertx vertx;
    private final ContextInternal context;
    private final SessionId id;
    private Future<Void> last;

    /** To be made on the session's context. */
    Closing(Vertx vertx, SessionId id) {
        this.vertx = vertx;
        this.context = (ContextInternal) vertx.getOrCreateContext();
        this.id = id;
        this.last = context.succeededFuture();
    }

    /**
     * Takes a step after those before it.
     *
     * @param what is done, for the log: it stands before "failed"
     * @param maxMillis after which it is waited for no longer
     */
    Closing then(String what, long maxMillis, Supplier<Future<?>> step) {
        last = last.compose(before -> take(what, maxMillis, step));
        return this;
    }

    /** Completes on the session's context when all steps are over; never fails. */
    Future<Void> over() {
        return last;
    }

    private Future<Void> take(String what, long maxMillis, Supplier<Future<?>> step) {
        // Whoever completes the step may do so on another thread: this promise is heard on the session's context.
        Promise<Void> over = context.promise();
        long timer = vertx.setTimer(maxMillis, late -> {
            if (over.tryComplete()) {
                log.error("{} {} took more than {} ms: it ends without waiting for that", id, what, maxMillis);
            }
        });
        Future.succeededFuture().compose(now -> step.get()).onComplete(done -> {
            if (over.tryComplete() && done.failed()) {
                log.error("{} {} failed: {}", id, what, done.cause().toString());
            }
        });
        return over.future().onComplete(done -> vertx.cancelTimer(timer));
    }
}
