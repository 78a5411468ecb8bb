package dev.berth.history;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;

/** The objects of one node that were replaced and are to be deleted. */
public final class ReplacedObjects implements SessionHistory.Replaced {
    private static final int MAX_KEYS = 500;

    private final Pool pool;
    private final String machineId;

    public ReplacedObjects(Database database, String machineId) {
        this.pool = database.pool();
        this.machineId = machineId;
    }

    private static final String DUE = """
            select object_key from replaced_objects
            where machine_id = $1 and replaced_at < now() - $2::bigint * interval '1 millisecond'
            order by replaced_at limit %d
            """.formatted(MAX_KEYS);

    /** Some of the objects that were replaced more than {@code millis} ago, so that no read needs them any more. */
    @Override
    public Future<List<String>> due(long millis) {
        return pool.preparedQuery(DUE)
                .execute(Tuple.of(machineId, millis))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString(0))
                        .toList());
    }

    private static final String FORGET = "delete from replaced_objects where object_key = any($1)";

    /** Removes the entries of deleted objects. */
    @Override
    public Future<Void> forget(List<String> keys) {
        return pool.preparedQuery(FORGET)
                .execute(Tuple.tuple().addArrayOfString(keys.toArray(String[]::new)))
                .mapEmpty();
    }
}
