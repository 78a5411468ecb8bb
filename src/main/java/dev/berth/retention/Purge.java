package dev.berth.retention;

import dev.berth.history.retention.Garbage;
import dev.berth.history.retention.Removals;
import dev.berth.history.retention.Removals.RemovedSession;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes all that is kept of a session because its user wants it. Thread-safe. */
public final class Purge {
    private static final Logger log = LoggerFactory.getLogger(Purge.class);
    /** How long a client waits for the object store. */
    private static final long PATIENCE_SECONDS = 20;

    private final Removals removals;
    private final Garbage garbage;
    private final Disposal disposal;

    Purge(Removals removals, Garbage garbage, Disposal disposal) {
        this.removals = removals;
        this.garbage = garbage;
        this.disposal = disposal;
    }

    /**
     * The result of a purge.
     *
     * @param objectsLeft how many of its objects the object store may still have: they are deleted as soon as it answers
     */
    public record Purged(RemovedSession removed, long objectsLeft) {}

    /** Removes a session of this user that has ended; empty where there is none. From the first moment on, nobody can read any of it. */
    public Future<Optional<Purged>> run(SessionId id, long userId) {
        return removals.purge(id, userId)
                .compose(removed -> removed.map(gone -> dispose(id, gone).map(Optional::of))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private Future<Purged> dispose(SessionId id, RemovedSession gone) {
        List<String> keys = gone.objectKeys();
        return garbage.claim(keys)
                .compose(disposal::delete)
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .transform(tried -> garbage.count(keys))
                .otherwise((long) keys.size())
                .map(left -> new Purged(gone, left))
                .onSuccess(purged -> log.info(
                        "{} was removed, with {} of its {} stored objects",
                        id,
                        keys.size() - purged.objectsLeft(),
                        keys.size()));
    }
}
