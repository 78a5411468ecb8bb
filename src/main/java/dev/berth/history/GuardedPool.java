package dev.berth.history;

import dev.berth.metrics.CallTimes;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.TransactionPropagation;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A connection pool with a deadline for each query. If Postgres does not answer or can't write, the failure says so
 * ({@link PostgresAway}). Whether a query that timed out takes effect is unknown: it may still, later.
 */
final class GuardedPool implements Pool {
    /** A transaction may take as long as this many queries. */
    private static final int TRANSACTION_QUERIES = 4;

    private final Pool pool;
    private final long queryMillis;
    private final CallTimes calls;

    GuardedPool(Pool pool, long queryMillis, CallTimes calls) {
        this.pool = pool;
        this.queryMillis = queryMillis;
        this.calls = calls;
    }

    @Override
    public Query<RowSet<Row>> query(String sql) {
        return new GuardedQuery<>(pool.query(sql), queryMillis, calls);
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
        return new GuardedPreparedQuery<>(pool.preparedQuery(sql), queryMillis, calls);
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
        return new GuardedPreparedQuery<>(pool.preparedQuery(sql, options), queryMillis, calls);
    }

    /** No deadline here: the pool has its own for this, and ours would leak the connection that arrives later. */
    @Override
    public Future<SqlConnection> getConnection() {
        return pool.getConnection().recover(PostgresAway::tell);
    }

    @Override
    public <T> Future<T> withTransaction(Function<SqlConnection, Future<T>> work) {
        return inTime(pool.withTransaction(work));
    }

    @Override
    public <T> Future<T> withTransaction(TransactionPropagation propagation, Function<SqlConnection, Future<T>> work) {
        return inTime(pool.withTransaction(propagation, work));
    }

    @Override
    public <T> Future<T> withConnection(Function<SqlConnection, Future<T>> work) {
        return inTime(pool.withConnection(work));
    }

    private <T> Future<T> inTime(Future<T> done) {
        return calls.measured(
                CallTimes.TRANSACTION,
                done.timeout(TRANSACTION_QUERIES * queryMillis, TimeUnit.MILLISECONDS)
                        .recover(PostgresAway::tell));
    }

    @Override
    public int size() {
        return pool.size();
    }

    @Override
    public Future<Void> close() {
        return pool.close();
    }
}
