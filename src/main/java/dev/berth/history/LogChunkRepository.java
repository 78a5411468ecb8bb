package dev.berth.history;

import dev.berth.history.Fact.ChunkSealed;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The index of the sealed log chunks. Thread-safe. */
public final class LogChunkRepository implements SessionHistory.LogChunks {
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

    /** Idempotent, even if the chunk has been merged into another since. */
    @Override
    public Future<Void> add(ChunkKey chunk) {
        return outbox.write(new ChunkSealed(chunk));
    }

    static Future<Void> insert(SqlClient client, List<ChunkKey> chunks) {
        return chunks.isEmpty()
                ? Future.succeededFuture()
                : client.preparedQuery(ADD)
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

    /** Locks the rows first, so that the rows that are checked are the ones that are replaced. */
    private static final String REPLACE = """
            with known as (
                select first_offset, entry_count, object_key from log_chunks
                where session_id = $1 and kind = $2 and first_offset >= $3 and first_offset < $3::bigint + $4::int
                order by first_offset for update),
            fit as (
                select bool_or(object_key = $5) as done from known
                having bool_or(object_key = $5) or min(first_offset) = $3
                    and max(first_offset + entry_count) = $3::bigint + $4::int and sum(entry_count) = $4::int),
            replaced as (
                insert into replaced_objects (object_key, machine_id)
                select object_key, $6 from known, fit where not done
                on conflict do nothing),
            gone as (
                delete from log_chunks c using known, fit
                where not done and c.session_id = $1 and c.kind = $2 and c.first_offset = known.first_offset
                    and c.first_offset > $3)
            update log_chunks c set entry_count = $4, object_key = $5 from fit
            where c.session_id = $1 and c.kind = $2 and c.first_offset = $3
            """;

    /**
     * Replaces the parts of a merged chunk by it, in one step; gives true also if that was done before. Gives false,
     * and changes nothing, if the index does not have exactly its lines.
     *
     * @param machineId the node that deletes the objects of the parts
     */
    @Override
    public Future<Boolean> replace(ChunkKey merged, String machineId) {
        return pool.preparedQuery(REPLACE)
                .execute(row(merged).addString(machineId))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Completes when the index has all chunks that were added. */
    @Override
    public Future<Void> ready() {
        return outbox.caughtUp();
    }

    private static final String ALL = """
            select first_offset, entry_count, object_key from log_chunks where session_id = $1 and kind = $2
            order by first_offset limit $3
            """;

    /** All chunks of one log, oldest first; empty if there are more than {@code max}. */
    public Future<Optional<List<LogChunk>>> all(SessionId id, LogKind kind, int max) {
        return outbox.caughtUp()
                .compose(told -> pool.preparedQuery(ALL).execute(Tuple.of(id.value(), kind.wireName(), max + 1)))
                .map(LogChunkRepository::chunks)
                .map(chunks -> Optional.of(chunks).filter(few -> few.size() <= max));
    }

    private static List<LogChunk> chunks(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new LogChunk(row.getString(2), row.getLong(0), row.getInteger(1)))
                .toList();
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
     * The chunks of one log with entries from {@code offset} on, at most {@code limit} entries, oldest first; and the
     * last chunk, which shows where the log ends.
     */
    public Future<List<LogChunk>> list(SessionId id, LogKind kind, long offset, int limit) {
        return outbox.caughtUp()
                .compose(told ->
                        pool.preparedQuery(LIST).execute(Tuple.of(id.value(), kind.wireName(), offset, offset + limit)))
                .map(LogChunkRepository::chunks);
    }
}
