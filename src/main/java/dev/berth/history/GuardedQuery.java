package dev.berth.history;

import dev.berth.metrics.CallTimes;
import io.vertx.core.Future;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlResult;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collector;

/** A query of {@link GuardedPool}. */
class GuardedQuery<T> implements Query<T> {
    private final Query<T> query;
    final long millis;
    final CallTimes calls;

    GuardedQuery(Query<T> query, long millis, CallTimes calls) {
        this.query = query;
        this.millis = millis;
        this.calls = calls;
    }

    @Override
    public Future<T> execute() {
        return inTime(query.execute());
    }

    <R> Future<R> inTime(Future<R> answer) {
        return calls.measured(
                CallTimes.QUERY, answer.timeout(millis, TimeUnit.MILLISECONDS).recover(PostgresAway::tell));
    }

    @Override
    public <R> Query<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
        return new GuardedQuery<>(query.collecting(collector), millis, calls);
    }

    @Override
    public <U> Query<RowSet<U>> mapping(Function<Row, U> mapper) {
        return new GuardedQuery<>(query.mapping(mapper), millis, calls);
    }
}
