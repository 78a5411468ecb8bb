package dev.berth.session.keep;

import dev.berth.artifact.ObjectStore;
import dev.berth.history.SessionHistory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes objects that were replaced, once no read can need them. Runs on the supervisor's context. */
public final class ObjectSweeper {
    private static final Logger log = LoggerFactory.getLogger(ObjectSweeper.class);
    private static final long SWEEP_MILLIS = 30_000;
    /** Longer than any log read that may have started with them. */
    private static final long GRACE_MILLIS = 120_000;

    private final Vertx vertx;
    private final SessionHistory.Replaced replaced;
    private final ObjectStore store;

    public ObjectSweeper(Vertx vertx, SessionHistory.Replaced replaced, ObjectStore store) {
        this.vertx = vertx;
        this.replaced = replaced;
        this.store = store;
    }

    public void start() {
        vertx.setTimer(
                SWEEP_MILLIS,
                ignored -> sweep(GRACE_MILLIS)
                        .onFailure(e -> log.debug("replaced objects could not be deleted: {}", e.toString()))
                        .onComplete(done -> start()));
    }

    Future<Void> sweep(long graceMillis) {
        return replaced.due(graceMillis).compose(this::delete);
    }

    private Future<Void> delete(List<String> keys) {
        return keys.isEmpty()
                ? Future.succeededFuture()
                : Future.all(keys.stream().map(store::remove).toList()).compose(gone -> replaced.forget(keys));
    }
}
