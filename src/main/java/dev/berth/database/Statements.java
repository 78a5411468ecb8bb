package dev.berth.database;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Runs SQL statements, on one connection of a transaction, or as {@link Database} each on any connection. For the values see {@link Sql#tuple}. */
public class Statements {
    private final SqlClient client;

    Statements(SqlClient client) {
        this.client = client;
    }

    /** A transaction has one deadline for all of its statements. */
    public <T> Future<T> inTime(Future<T> answer) {
        return answer;
    }

    public Future<RowSet<Row>> rows(String sql, Object... values) {
        return rows(sql, Sql.tuple(values));
    }

    public Future<RowSet<Row>> rows(String sql, Tuple values) {
        return inTime(client.preparedQuery(sql).execute(values));
    }

    /** All rows, in their order. */
    public <T> Future<List<T>> list(String sql, Function<Row, T> read, Object... values) {
        return rows(sql, values).map(rows -> rows.stream().map(read).toList());
    }

    /** The first row, where there is one. */
    public <T> Future<Optional<T>> first(String sql, Function<Row, T> read, Object... values) {
        return rows(sql, values).map(rows -> rows.stream().findFirst().map(read));
    }

    /** The first column of the only row. */
    public Future<Long> number(String sql, Object... values) {
        return rows(sql, values).map(rows -> rows.iterator().next().getLong(0));
    }

    /** Gives the number of changed rows. */
    public Future<Integer> update(String sql, Object... values) {
        return rows(sql, values).map(RowSet::rowCount);
    }

    public Future<Void> batch(String sql, List<Tuple> values) {
        return inTime(client.preparedQuery(sql).executeBatch(values)).mapEmpty();
    }
}
