package dev.berth.history;

import dev.berth.history.Fact.ChunkSealed;
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
    private final Outbox outbox;

    public LogChunkRepository(Database database, Outbox outbox) {
        this.pool = database.pool();
        this.outbox = outbox;
    }

    private static final String ADD = """
            insert into log_chunks (session_id, kind, first_offset, entry_count, object_key)
            select $1::text, $2::text, $3::bigint, $4::int, $5::text
            where exists (select from sessions where session_id = $1::text) and coalesce((
                select first_offset + entry_count from log_chunks
                where session_id = $1::text and kind = $2::text and first_offset < $3::bigint + $4::int
                order by first_offset desc limit 1), 0) <= $3::bigint
            on conflict (session_id, kind, first_offset) do nothing
            """;

    /** Repeating it is harmless, also when the chunk has become part of another. */
    public Future<Void> add(ChunkKey chunk) {
        return outbox.write(new ChunkSealed(chunk));
    }

    static Future<Void> insert(Pool pool, List<ChunkKey> chunks) {
        return chunks.isEmpty()
                ? Future.succeededFuture()
                : pool.preparedQuery(ADD)
                        .executeBatch(
                                chunks.stream().map(LogChunkRepository::row).toList())
                        .mapEmpty();
    }

    private static Tuple row(ChunkKey chunk) {
        return Tuple.of(
                chunk.sessionId().value(),
                chunk.kind().wireName(),
                chunk.firstOffset(),
                chunk.count(),
                chunk.toString());
    }

    private static final String REPLACE = """
            with small as (
                select first_offset, object_key from log_chunks
                where session_id = $1 and kind = $2 and first_offset >= $3 and first_offset < $3::bigint + $4::int),
            replaced as (
                insert into replaced_objects (object_key, machine_id)
                select object_key, $6 from small where object_key <> $5
                on conflict do nothing),
            gone as (
                delete from log_chunks c using small
                where c.session_id = $1 and c.kind = $2 and c.first_offset = small.first_offset
                    and c.first_offset > $3)
            update log_chunks set entry_count = $4, object_key = $5
            where session_id = $1 and kind = $2 and first_offset = $3
            """;

    /**
     * Puts a chunk in the place of those that it was made of, at once. Gives false where they are no longer there. Repeating it is
     * harmless.
     *
     * @param machineId the node that deletes the objects of the others
     */
    public Future<Boolean> replace(ChunkKey merged, String machineId) {
        return outbox.caughtUp()
                .compose(told -> pool.preparedQuery(REPLACE).execute(row(merged).addString(machineId)))
                .map(rows -> rows.rowCount() == 1);
    }

    private static final String LIST = """
            with log as (
                select first_offset, entry_count, object_key from log_chunks where session_id = $1 and kind = $2)
            select first_offset, entry_count, object_key from log
            where first_offset < $4 and first_offset + entry_count > $3
                or first_offset = (select max(first_offset) from log)
            order by first_offset
            """;

    /**
     * The chunks of one log that hold entries from {@code offset} on, {@code limit} at the most, oldest first; and its last
     * chunk, where the log ends.
     */
    public Future<List<LogChunk>> list(SessionId id, LogKind kind, long offset, int limit) {
        return outbox.caughtUp()
                .compose(told ->
                        pool.preparedQuery(LIST).execute(Tuple.of(id.value(), kind.wireName(), offset, offset + limit)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new LogChunk(row.getString(2), row.getLong(0), row.getInteger(1)))
                        .toList());
    }
}
