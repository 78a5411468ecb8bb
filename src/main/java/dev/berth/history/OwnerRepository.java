package dev.berth.history;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.database.Database;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.Optional;

/** Looks up which node holds something, or held it until its end, and remembers all but the owners of sessions that wait. Thread-safe. */
public class OwnerRepository {
    private static final int MAX_REMEMBERED = 20_000;

    private final Database database;
    private final Cache<String, Owner> remembered = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .executor(Runnable::run)
            .build();

    public OwnerRepository(Database database) {
        this.database = database;
    }

    /**
     * The owner of a session or a task, as its row tells. Where it does not wait, its node stays the same.
     *
     * @param waits whether it is a session that waits for a place, for which any node answers
     * @param over whether it has ended, also because its node was lost
     */
    public record Owner(String machineId, boolean waits, boolean over) {}

    private static final String OF_SESSION = """
            select machine_id, queue_number is not null, ended_at is not null from sessions where session_id = $1
            """;

    /** Empty where there is no such session. The end of a session may be told late, unless {@link #forget} was called. */
    public Future<Optional<Owner>> ofSession(SessionId id) {
        return remembered(OF_SESSION, id.value());
    }

    private static final String OF_TASK =
            "select machine_id, false, completed_at is not null from tasks where task_id = $1";

    /** The owner of a task, as {@link #ofSession} gives that of a session. */
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

    /** The next look-up of this session or task reads its row. */
    public void forget(String id) {
        remembered.invalidate(id);
    }

    private static final String OF_PENDING = """
            select machine_id from artifacts join sessions using (session_id) where object_id = $1 and state = 'pending'
            """;

    /** The node ({@code machineId}) on whose disk an artifact waits for the object store; empty where it does not wait. */
    public Future<Optional<String>> ofPending(String objectId) {
        return database.first(OF_PENDING, row -> row.getString(0), objectId);
    }
}
