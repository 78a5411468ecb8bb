package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.history.Fact.ArtifactComplete;
import dev.berth.history.Fact.ArtifactKept;
import dev.berth.history.Fact.ArtifactLost;
import dev.berth.history.Fact.ObjectStored;
import dev.berth.history.retention.Garbage;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;

/** The artifacts of sessions; their bytes are in the object store. Thread-safe. */
public class ArtifactRepository {
    /** Limit for all files together that clients give to a session after its end: bytes. */
    public static final long MAX_LATE_BYTES = 50L << 20;

    private final Database database;
    private final Outbox outbox;

    public ArtifactRepository(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /** The offset after all in the story of a session. */
    private static String next(String sessionId) {
        return "(select coalesce(max(greatest(o.listed_offset, o.stored_offset)) + 1, 0) from artifacts o "
                + "where o.session_id = " + sessionId + ")";
    }

    private static final String ADD = """
            insert into artifacts (object_id, session_id, type, object_key, content_type, size_bytes, happened_at, state,
                                   file_name, page_id, listed_offset, started_at, ended_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, %s), $12, $13)
            on conflict do nothing
            """.formatted(next("$2"));

    /**
     * Lists an artifact. Does nothing if it is listed already: a file may be given to pages twice.
     *
     * @param offset in the story of its session
     */
    public Future<Void> add(SessionId id, long offset, ArtifactEntry artifact) {
        return outbox.write(new ArtifactKept(id, artifact, Optional.of(offset)));
    }

    public static Future<Void> insert(Statements statements, ArtifactKept kept) {
        ArtifactEntry artifact = kept.artifact();
        return statements
                .rows(
                        ADD,
                        artifact.objectId(),
                        kept.sessionId(),
                        artifact.type().wireName(),
                        artifact.objectKey(),
                        artifact.contentType(),
                        artifact.size(),
                        artifact.timestamp(),
                        artifact.state().wireName(),
                        artifact.fileName(),
                        artifact.pageId(),
                        kept.offset(),
                        artifact.startedAt(),
                        artifact.endedAt())
                .mapEmpty();
    }

    private static final String LOCK = "select from sessions where session_id = $1 for no key update";

    private static final String REPLACED =
            "delete from artifacts where session_id = $1 and file_name = $2 and type = 'upload' returning size_bytes";

    /** An empty file counts as a block of the disk: many of them would take rows and objects. */
    private static final String LATE = """
            select coalesce(sum(greatest(a.size_bytes, 4096)), 0)::bigint as bytes from artifacts a join sessions s using (session_id)
            where a.session_id = $1 and a.type = 'upload' and a.happened_at >= s.ended_at
            """;

    private static final String MORE =
            "update sessions set stored_bytes = greatest(0, stored_bytes + $2) where session_id = $1";

    /**
     * Lists a file that a client gave to a session after its end, in place of one of the same name. Fails with {@code PAYLOAD_TOO_LARGE}
     * where such files of the session would have more than {@value #MAX_LATE_BYTES} bytes.
     */
    public Future<Void> addLate(SessionId id, ArtifactEntry file) {
        return outbox.caughtUp()
                .compose(told -> database.transaction(together -> together.rows(LOCK, id)
                        .compose(locked ->
                                together.list(REPLACED, row -> row.getLong("size_bytes"), id, file.fileName()))
                        .compose(gone -> together.first(LATE, row -> row.getLong("bytes"), id)
                                .compose(late -> late.orElse(0L) + file.size() > MAX_LATE_BYTES
                                        ? Future.failedFuture(tooMuch())
                                        : insert(together, new ArtifactKept(id, file, Optional.empty())))
                                .compose(listed -> together.rows(
                                        MORE,
                                        id,
                                        file.size()
                                                - gone.stream()
                                                        .mapToLong(bytes -> bytes)
                                                        .sum())))
                        .mapEmpty()));
    }

    public static BerthException tooMuch() {
        return new BerthException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "a session that has ended takes at most " + (MAX_LATE_BYTES >> 20) + " MiB of files");
    }

    private static final String SET_SIZE = """
            update artifacts set size_bytes = $2, started_at = $3, ended_at = $4 where object_key = $1
            """;

    /** Records the size of a recording that was listed before it was complete, and what time it covers. */
    public Future<Void> complete(ArtifactEntry complete) {
        return outbox.write(ArtifactComplete.of(complete));
    }

    public static Future<Void> updateSize(Statements statements, ArtifactComplete complete) {
        return statements
                .rows(SET_SIZE, complete.objectKey(), complete.size(), complete.startedAt(), complete.endedAt())
                .mapEmpty();
    }

    /**
     * A file of a session that was removed meanwhile is in the object store now, where nothing would refer to it. A file that a
     * client uploaded is listed only when a page has it.
     */
    private static final String SETTLE = """
            with late as (
                insert into garbage (object_key, due_at)
                select $1::text, clock_timestamp() + interval '1 hour' * ($1::text like '%%/upload/%%')::int
                where not exists (select from artifacts where object_key = $1::text)
                on conflict (object_key) do update set due_at = excluded.due_at)
            update artifacts a set state = $3, stored_offset = coalesce($2, %s)
            where object_key = $1::text and state = 'pending'
            """.formatted(next("a.session_id"));

    /**
     * Records that the object store has the artifact's bytes.
     *
     * @param offset of this in the story of its session
     */
    public Future<Void> stored(String objectKey, long offset) {
        return outbox.write(new ObjectStored(objectKey, Optional.of(offset)));
    }

    public static Future<Void> updateStored(Statements statements, ObjectStored stored) {
        return settle(statements, stored.objectKey(), stored.offset(), ArtifactState.STORED);
    }

    private static Future<Void> settle(
            Statements statements, String objectKey, Optional<Long> offset, ArtifactState state) {
        return statements.rows(SETTLE, objectKey, offset, state.wireName()).mapEmpty();
    }

    /** Like {@link #stored}, for an artifact of which nothing could be saved. */
    public Future<Void> lost(String objectKey, long offset) {
        return outbox.write(new ArtifactLost(objectKey, Optional.of(offset)));
    }

    public static Future<Void> updateLost(Statements statements, ArtifactLost lost) {
        return settle(statements, lost.objectKey(), lost.offset(), ArtifactState.LOST);
    }

    /** Removes artifacts; their objects in the object store become {@link Garbage}. A live session itself writes how much is kept of it. */
    private static final String REMOVE = """
            with gone as (delete from artifacts where session_id = $1 and %s returning *),
                less as (update sessions s
                    set stored_bytes = greatest(0, s.stored_bytes - (select sum(size_bytes) from gone)::bigint)
                    where s.session_id = $1 and s.ended_at is not null and exists (select from gone))
            select * from gone
            """;

    private static final String REMOVE_NAMED = REMOVE.formatted("file_name = $2 and type in ('upload', 'download')");

    /** Removes the files with this name that clients gave to a session, or that it downloaded; gives them. */
    public Future<List<ArtifactEntry>> removeNamed(SessionId id, String fileName) {
        return outbox.caughtUp().compose(told -> database.list(REMOVE_NAMED, ArtifactRepository::entry, id, fileName));
    }

    private static final String REMOVE_DOWNLOADS = REMOVE.formatted("type = 'download'");

    /** Removes what a session has downloaded; gives it. */
    public Future<List<ArtifactEntry>> removeDownloads(SessionId id) {
        return outbox.caughtUp().compose(told -> database.list(REMOVE_DOWNLOADS, ArtifactRepository::entry, id));
    }

    private static final String REMOVE_ONE = REMOVE.formatted("object_id = $2");

    /** Removes one file of a session. */
    public Future<Void> remove(SessionId id, String objectId) {
        return outbox.caughtUp()
                .compose(told -> database.list(REMOVE_ONE, ArtifactRepository::entry, id, objectId))
                .mapEmpty();
    }

    private static final String LIST = "select * from artifacts where session_id = $1 order by happened_at, object_id";

    /** All artifacts of a session, oldest first. */
    public Future<List<ArtifactEntry>> list(SessionId id) {
        return outbox.caughtUp().compose(told -> database.list(LIST, ArtifactRepository::entry, id));
    }

    private static final String FIND = "select * from artifacts where object_id = $1";

    /** An artifact of any session. */
    public Future<Optional<ArtifactEntry>> find(String objectId) {
        return outbox.caughtUp().compose(told -> database.first(FIND, ArtifactRepository::entry, objectId));
    }

    static ArtifactEntry entry(Row row) {
        return new ArtifactEntry(
                row.getString("object_id"),
                ProtocolJson.constant(ArtifactType.class, row.getString("type")),
                row.getString("object_key"),
                Sql.optional(row, "file_name"),
                Sql.instant(row, "happened_at"),
                row.getString("content_type"),
                row.getLong("size_bytes"),
                ProtocolJson.constant(ArtifactState.class, row.getString("state")),
                Sql.optional(row, "page_id"),
                Sql.optionalInstant(row, "started_at"),
                Sql.optionalInstant(row, "ended_at"));
    }
}
