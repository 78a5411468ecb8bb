package dev.berth.history;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Tells that Postgres is away, or can't do its work, from what is wrong with a query. */
final class PostgresAway {
    /** Of SQLSTATE: connection lost, out of resources (a full disk too), shut down or starting, failing system. */
    private static final Set<String> CLASSES = Set.of("08", "53", "57", "58");
    /** A standby that has not taken over yet. */
    private static final String READ_ONLY = "25006";

    private PostgresAway() {}

    /** The failure as the one who asked is told it. */
    static <T> Future<T> tell(Throwable e) {
        return Future.failedFuture(
                isOutage(e)
                        ? new BerthException(ErrorCode.UNAVAILABLE, "Postgres does not answer as it should now", e)
                        : e);
    }

    private static boolean isOutage(Throwable e) {
        if (e instanceof PgException refused) {
            String state = String.valueOf(refused.getSqlState());
            return state.equals(READ_ONLY) || state.length() == 5 && CLASSES.contains(state.substring(0, 2));
        }
        // The pool's own: no connection in time, one that was lost, or one that is closed.
        return e instanceof IOException || e instanceof TimeoutException || e instanceof VertxException;
    }
}
