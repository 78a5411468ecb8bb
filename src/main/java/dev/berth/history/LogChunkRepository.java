package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.database.Statements;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.List;
import java.util.regex.Pattern;

/** The index of the parts of logs that are in the object store. Thread-safe. */
public class LogChunkRepository {
    private final Database database;

    public LogChunkRepository(Database database) {
        this.database = database;
    }

    /** The object key of a part of a log: it contains everything that the index has. */
    public record ChunkKey(SessionId sessionId, LogKind kind, long firstOffset, int count) {
        private static final Pattern SHAPE = Pattern.compile(
                "sessions/session-[0-9a-f-]{36}/(console|network|bodies)/\\d{12,18}-\\d{1,9}\\.ndjson\\.gz");

        /** Whether an object is a part of a log. */
        static boolean is(String key) {
            return SHAPE.matcher(key).matches();
        }

        public LogChunk chunk() {
            return new LogChunk(toString(), firstOffset, count);
        }

        @Override
        public String toString() {
            return "sessions/%s/%s/%012d-%d.ndjson.gz".formatted(sessionId, kind.wireName(), firstOffset, count);
        }
    }

    /** A part of a session that was removed meanwhile is in the object store now, where nothing would refer to it. */
    private static final String ADD = """
            with late as (
                insert into garbage (object_key) select $5::text
                where not exists (select from sessions where session_id = $1::text)
                on conflict (object_key) do update set due_at = excluded.due_at)
            insert into log_chunks (session_id, kind, first_offset, entry_count, object_key)
            select $1::text, $2::text, $3::bigint, $4::int, $5::text
            where exists (select from sessions where session_id = $1::text) and coalesce((
                select first_offset + entry_count from log_chunks
                where session_id = $1::text and kind = $2::text and first_offset < $3::bigint + $4::int
                order by first_offset desc limit 1), 0) <= $3::bigint
            on conflict (session_id, kind, first_offset) do nothing
            """;

    /** Adds a part; does nothing if the index has it. */
    public Future<Void> add(ChunkKey chunk) {
        return insert(database, chunk);
    }

    /** Does nothing if the index has these entries, in this part or in a longer one. */
    public static Future<Void> insert(Statements statements, ChunkKey chunk) {
        return statements
                .rows(
                        ADD,
                        chunk.sessionId(),
                        chunk.kind().wireName(),
                        chunk.firstOffset(),
                        chunk.count(),
                        chunk.toString())
                .mapEmpty();
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
     * The parts of one log with entries from {@code offset} on, at most {@code limit} entries, oldest first; and the last part, which
     * shows where the log ends.
     */
    public Future<List<LogChunk>> list(SessionId id, LogKind kind, long offset, int limit) {
        return database.list(
                LIST,
                row -> new LogChunk(row.getString(2), row.getLong(0), row.getInteger(1)),
                id,
                kind.wireName(),
                offset,
                offset + limit);
    }
}
