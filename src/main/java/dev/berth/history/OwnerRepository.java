package dev.berth.history;

import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Looks owners up. What has begun on a node stays its own, and is remembered; a waiting session may move. Thread-safe. */
public final class OwnerRepository implements Owners {
    private static final int MAX_REMEMBERED = 20_000;

    private final Pool pool;
    private final Map<String, String> remembered = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });

    public OwnerRepository(Database database) {
        this.pool = database.pool();
    }

    private static final String OF_SESSION =
            "select machine_id, status <> 'creating' from sessions where session_id = $1";

    @Override
    public Future<Optional<String>> ofSession(SessionId id) {
        return remembered(OF_SESSION, id.value());
    }

    private static final String OF_TASK = "select machine_id, true from tasks where task_id = $1";

    @Override
    public Future<Optional<String>> ofTask(TaskId id) {
        return remembered(OF_TASK, id.value());
    }

    private static final String SESSION_IS_OVER =
            "select exists (select from sessions where session_id = $1 and ended_at is not null)";

    @Override
    public Future<Boolean> isOver(SessionId id) {
        return isOver(SESSION_IS_OVER, id.value());
    }

    private static final String TASK_IS_OVER =
            "select exists (select from tasks where task_id = $1 and completed_at is not null)";

    @Override
    public Future<Boolean> isOver(TaskId id) {
        return isOver(TASK_IS_OVER, id.value());
    }

    private Future<Boolean> isOver(String sql, String id) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(id))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    private static final String OF_PENDING = """
            select machine_id from artifacts join sessions using (session_id) where object_id = $1 and state = 'pending'
            """;

    @Override
    public Future<Optional<String>> ofPending(String objectId) {
        return find(OF_PENDING, objectId).map(found -> found.map(row -> row.getString(0)));
    }

    private Future<Optional<String>> remembered(String sql, String id) {
        String known = remembered.get(id);
        return known != null
                ? Future.succeededFuture(Optional.of(known))
                : find(sql, id).map(found -> found.map(row -> owner(id, row)));
    }

    private String owner(String id, Row row) {
        String machine = row.getString(0);
        if (row.getBoolean(1)) {
            remembered.put(id, machine);
        }
        return machine;
    }

    private Future<Optional<Row>> find(String sql, String id) {
        return pool.preparedQuery(sql).execute(Tuple.of(id)).map(rows -> {
            var found = rows.iterator();
            return found.hasNext() ? Optional.of(found.next()) : Optional.empty();
        });
    }
}
