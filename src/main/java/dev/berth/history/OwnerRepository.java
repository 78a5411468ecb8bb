package dev.berth.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.Optional;

/** Looks owners up, and remembers all but those of sessions that wait. Thread-safe. */
public final class OwnerRepository implements Owners {
    private static final int MAX_REMEMBERED = 20_000;

    private final Database database;
    private final Cache<String, Owner> remembered = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .executor(Runnable::run)
            .build();

    public OwnerRepository(Database database) {
        this.database = database;
    }

    private static final String OF_SESSION = """
            select machine_id, queue_number is not null, ended_at is not null from sessions where session_id = $1
            """;

    @Override
    public Future<Optional<Owner>> ofSession(SessionId id) {
        return remembered(OF_SESSION, id.value());
    }

    private static final String OF_TASK =
            "select machine_id, false, completed_at is not null from tasks where task_id = $1";

    @Override
    public Future<Optional<Owner>> ofTask(TaskId id) {
        return remembered(OF_TASK, id.value());
    }

    private Future<Optional<Owner>> remembered(String sql, String id) {
        Owner known = remembered.getIfPresent(id);
        return known != null
                ? Future.succeededFuture(Optional.of(known))
                : database.first(sql, row -> owner(id, row), id);
    }

    private Owner owner(String id, Row row) {
        Owner owner = new Owner(row.getString(0), row.getBoolean(1), row.getBoolean(2));
        if (!owner.waits()) {
            remembered.put(id, owner);
        }
        return owner;
    }

    @Override
    public void forget(String id) {
        remembered.invalidate(id);
    }

    private static final String OF_PENDING = """
            select machine_id from artifacts join sessions using (session_id) where object_id = $1 and state = 'pending'
            """;

    @Override
    public Future<Optional<String>> ofPending(String objectId) {
        return database.first(OF_PENDING, row -> row.getString(0), objectId);
    }
}
