package dev.berth.history;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.function.Function;

/**
 * How many sessions one user may have in a whole cluster. Claims of one user are made one after the other, on whatever nodes: each sees
 * those before it.
 */
final class ClaimLimit {
    private final int maxPerUser;
    private final Turns turns = new Turns();

    ClaimLimit(int maxPerUser) {
        this.maxPerUser = maxPerUser;
    }

    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('berth.claims', $1))";

    /** Not of this one: an earlier try may have made its row. */
    private static final String OPEN =
            "select count(*) from sessions where user_id = $1 and ended_at is null and session_id <> $2";

    /** Makes a claim, or fails with {@link ErrorCode#LIMIT_REACHED}. */
    <T> Future<T> within(Pool pool, long user, SessionId id, Function<SqlClient, Future<T>> claim) {
        return turns.take(
                user,
                () -> pool.withTransaction(connection -> count(connection, user, id)
                        .compose(open -> open < maxPerUser ? claim.apply(connection) : refuse())));
    }

    /** Two statements: the second one sees all that was committed before the lock was given. */
    private static Future<Long> count(SqlConnection connection, long user, SessionId id) {
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(user))
                .compose(alone -> connection.preparedQuery(OPEN).execute(Tuple.of(user, id.value())))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private <T> Future<T> refuse() {
        return Future.failedFuture(new BerthException(
                ErrorCode.LIMIT_REACHED, "you have " + maxPerUser + " sessions in the cluster, the maximum of a user"));
    }
}
