package dev.berth.history;

import dev.berth.database.Sql;
import io.vertx.core.Future;

/**
 * The outbox of this node's facts: they go to Postgres, or to the node's disk while Postgres does not take them. A port, as the outbox
 * itself knows the facts of this room. Thread-safe.
 */
public interface Outbox {
    /**
     * Completes when Postgres has the fact, or else the disk. Fails with what {@link Sql#isRefusal} recognises if Postgres
     * refuses the fact itself, and if the node shuts down.
     */
    Future<Void> write(Fact fact);

    /**
     * Completes when Postgres has all facts that wait now, so that reads of it are true. Fails within seconds with {@code UNAVAILABLE}
     * if Postgres does not take them, or not in time.
     */
    Future<Void> caughtUp();
}
