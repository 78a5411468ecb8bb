package dev.berth.history;

import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.StreamSupport;

/** The index of the sealed log chunks. */
public final class LogChunkRepository {
    private final Pool pool;

    public LogChunkRepository(Database database) {
        this.pool = database.pool();
    }

    private static final String ADD = """
            insert into log_chunks (session_id, kind, first_offset, entry_count, object_key) values ($1, $2, $3, $4, $5)
            on conflict (session_id, kind, first_offset) do nothing
            """;

    /** Repeating it is harmless. */
    public Future<Void> add(SessionId id, LogKind kind, LogChunk chunk) {
        return pool.preparedQuery(ADD)
                .execute(Tuple.of(id.value(), kind.wireName(), chunk.firstOffset(), chunk.count(), chunk.objectKey()))
                .mapEmpty();
    }

    private static final String LIST = """
            select first_offset, entry_count, object_key from log_chunks where session_id = $1 and kind = $2
            order by first_offset
            """;

    /** All chunks of one log, oldest first. */
    public Future<List<LogChunk>> list(SessionId id, LogKind kind) {
        return pool.preparedQuery(LIST)
                .execute(Tuple.of(id.value(), kind.wireName()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new LogChunk(row.getString(2), row.getLong(0), row.getInteger(1)))
                        .toList());
    }
}
