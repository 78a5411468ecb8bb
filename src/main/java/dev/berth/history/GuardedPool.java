package dev.berth.history;

import dev.berth.metrics.CallTimes;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.TransactionPropagation;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collector;

/**
 * A connection pool with a deadline for each query. If Postgres does not answer or can't write, the failure says so. Whether a query
 * that timed out takes effect is unknown: it may still, later.
 */
final class GuardedPool implements Pool {
    /** A transaction may take as long as this many queries. */
    private static final int TRANSACTION_QUERIES = 4;

    /**
     * SQLSTATE classes: connection lost, rolled back because of others (also a deadlock), out of resources (also a full disk), a lock
     * that was not to be had in time, shut down or starting, system error.
     */
    private static final Set<String> CLASSES = Set.of("08", "40", "53", "55", "57", "58");
    /** Of a standby that has not been promoted yet, and of a transaction that was left open for too long. */
    private static final Set<String> STATES = Set.of("25006", "25P03");

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
        return new GuardedQuery<>(pool.query(sql));
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
        return new GuardedPreparedQuery<>(pool.preparedQuery(sql));
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
        return new GuardedPreparedQuery<>(pool.preparedQuery(sql, options));
    }

    /** No deadline here: the pool has its own for this, and ours would leak the connection that arrives later. */
    @Override
    public Future<SqlConnection> getConnection() {
        return pool.getConnection().recover(GuardedPool::tell);
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
                        .recover(GuardedPool::tell));
    }

    @Override
    public int size() {
        return pool.size();
    }

    @Override
    public Future<Void> close() {
        return pool.close();
    }

    private <T> Future<T> queried(Future<T> answer) {
        return calls.measured(
                CallTimes.QUERY,
                answer.timeout(queryMillis, TimeUnit.MILLISECONDS).recover(GuardedPool::tell));
    }

    private class GuardedQuery<T> implements Query<T> {
        private final Query<T> query;

        GuardedQuery(Query<T> query) {
            this.query = query;
        }

        @Override
        public Future<T> execute() {
            return queried(query.execute());
        }

        @Override
        public <R> Query<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
            return new GuardedQuery<>(query.collecting(collector));
        }

        @Override
        public <U> Query<RowSet<U>> mapping(Function<Row, U> mapper) {
            return new GuardedQuery<>(query.mapping(mapper));
        }
    }

    private final class GuardedPreparedQuery<T> extends GuardedQuery<T> implements PreparedQuery<T> {
        private final PreparedQuery<T> query;

        GuardedPreparedQuery(PreparedQuery<T> query) {
            super(query);
            this.query = query;
        }

        @Override
        public Future<T> execute(Tuple parameters) {
            return queried(query.execute(parameters));
        }

        @Override
        public Future<T> executeBatch(List<Tuple> batch) {
            return queried(query.executeBatch(batch));
        }

        @Override
        public <R> PreparedQuery<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
            return new GuardedPreparedQuery<>(query.collecting(collector));
        }

        @Override
        public <U> PreparedQuery<RowSet<U>> mapping(Function<Row, U> mapper) {
            return new GuardedPreparedQuery<>(query.mapping(mapper));
        }
    }

    /** The failure for the caller. */
    private static <T> Future<T> tell(Throwable e) {
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
