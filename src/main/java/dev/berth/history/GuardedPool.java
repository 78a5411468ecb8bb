package dev.berth.history;

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
 * A pool on which nobody waits for ever: each query has a deadline, and where Postgres does not answer, or can't write, that is
 * what the failure says ({@link PostgresAway}). What a query did that is given up is not known: it may be done later.
 */
final class GuardedPool implements Pool {
    /** A transaction is several queries. */
    private static final int TRANSACTION_QUERIES = 4;

    private final Pool pool;
    private final long queryMillis;

    GuardedPool(Pool pool, long queryMillis) {
        this.pool = pool;
        this.queryMillis = queryMillis;
    }

    @Override
    public Query<RowSet<Row>> query(String sql) {
        return new GuardedQuery<>(pool.query(sql), queryMillis);
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
        return new GuardedPreparedQuery<>(pool.preparedQuery(sql), queryMillis);
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
        return new GuardedPreparedQuery<>(pool.preparedQuery(sql, options), queryMillis);
    }

    /** The pool has a deadline of its own for this one; one of ours would lose the connection that comes after it. */
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
        return done.timeout(TRANSACTION_QUERIES * queryMillis, TimeUnit.MILLISECONDS)
                .recover(PostgresAway::tell);
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
