package dev.berth.history;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Recognises failures of queries which mean that Postgres is away or can't work. */
final class PostgresAway {
    /**
     * SQLSTATE classes: connection lost, rolled back because of others (also a deadlock), out of resources (also a full disk), a lock
     * that was not to be had in time, shut down or starting, system error.
     */
    private static final Set<String> CLASSES = Set.of("08", "40", "53", "55", "57", "58");
    /** Of a standby that has not been promoted yet, and of a transaction that was left open for too long. */
    private static final Set<String> STATES = Set.of("25006", "25P03");

    private PostgresAway() {}

    /** The failure for the caller. */
    static <T> Future<T> tell(Throwable e) {
        if (e instanceof ConnectionPoolTooBusyException) {
            return Future.failedFuture(new BerthException(
                    ErrorCode.UNAVAILABLE, "too many requests wait for Postgres; try again in a moment", e));
        }
        return Future.failedFuture(
                isOutage(e)
                        ? new BerthException(ErrorCode.UNAVAILABLE, "Postgres does not answer properly at present", e)
                        : e);
    }

    private static boolean isOutage(Throwable e) {
        if (e instanceof PgException refused) {
            String state = String.valueOf(refused.getSqlState());
            return STATES.contains(state) || state.length() == 5 && CLASSES.contains(state.substring(0, 2));
        }
        // Failures of the pool: no connection in time, a lost one, or a closed one.
        return e instanceof IOException || e instanceof TimeoutException || e instanceof VertxException;
    }
}
