package dev.berth.history;

import dev.berth.metrics.CallTimes;
import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collector;

/** A prepared query of {@link GuardedPool}. */
final class GuardedPreparedQuery<T> extends GuardedQuery<T> implements PreparedQuery<T> {
    private final PreparedQuery<T> query;

    GuardedPreparedQuery(PreparedQuery<T> query, long millis, CallTimes calls) {
        super(query, millis, calls);
        this.query = query;
    }

    @Override
    public Future<T> execute(Tuple parameters) {
        return inTime(query.execute(parameters));
    }

    @Override
    public Future<T> executeBatch(List<Tuple> batch) {
        return inTime(query.executeBatch(batch));
    }

    @Override
    public <R> PreparedQuery<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
        return new GuardedPreparedQuery<>(query.collecting(collector), millis, calls);
    }

    @Override
    public <U> PreparedQuery<RowSet<U>> mapping(Function<Row, U> mapper) {
        return new GuardedPreparedQuery<>(query.mapping(mapper), millis, calls);
    }
}
