package dev.berth.history;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;

/** The objects of one node that others have taken the place of, and that are to be deleted. */
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

    /** Some of those that were replaced longer than {@code millis} ago, which nobody reads any longer. */
    @Override
    public Future<List<String>> due(long millis) {
        return pool.preparedQuery(DUE)
                .execute(Tuple.of(machineId, millis))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString(0))
                        .toList());
    }

    private static final String FORGET = "delete from replaced_objects where object_key = any($1)";

    /** They are deleted. */
    @Override
    public Future<Void> forget(List<String> keys) {
        return pool.preparedQuery(FORGET)
                .execute(Tuple.tuple().addArrayOfString(keys.toArray(String[]::new)))
                .mapEmpty();
    }
}
