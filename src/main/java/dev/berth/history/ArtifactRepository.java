package dev.berth.history;

import dev.berth.history.Fact.ArtifactComplete;
import dev.berth.history.Fact.ArtifactKept;
import dev.berth.history.Fact.ArtifactLost;
import dev.berth.history.Fact.ObjectStored;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The artifacts of sessions; their bytes are in the object store. Thread-safe. */
public final class ArtifactRepository implements SessionHistory.Artifacts {
    private final Pool pool;
    private final Outbox outbox;

    public ArtifactRepository(Database database, Outbox outbox) {
        this.pool = database.pool();
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
    @Override
    public Future<Void> add(SessionId id, long offset, ArtifactEntry artifact) {
        return outbox.write(new ArtifactKept(id, artifact, Optional.of(offset)));
    }

    static Future<Void> insert(SqlClient client, ArtifactKept kept) {
        ArtifactEntry artifact = kept.artifact();
        Tuple row = Tuple.of(
                        artifact.objectId(),
                        kept.sessionId().value(),
                        artifact.type().wireName(),
                        artifact.objectKey())
                .addString(artifact.contentType())
                .addLong(artifact.size())
                .addOffsetDateTime(SessionRepository.utc(artifact.timestamp()))
                .addString(artifact.state().wireName())
                .addString(artifact.fileName().orElse(null))
                .addString(artifact.pageId().orElse(null))
                .addLong(kept.offset().orElse(null))
                .addOffsetDateTime(utc(artifact.startedAt()))
                .addOffsetDateTime(utc(artifact.endedAt()));
        return client.preparedQuery(ADD).execute(row).mapEmpty();
    }

    private static final String SET_SIZE = """
            update artifacts set size_bytes = $2, started_at = $3, ended_at = $4 where object_key = $1
            """;

    /** Records the size of a recording that was listed before it was complete, and what time it covers. */
    @Override
    public Future<Void> complete(ArtifactEntry complete) {
        return outbox.write(ArtifactComplete.of(complete));
    }

    static Future<Void> updateSize(SqlClient client, ArtifactComplete complete) {
        return client.preparedQuery(SET_SIZE)
                .execute(Tuple.of(complete.objectKey(), complete.size())
                        .addOffsetDateTime(utc(complete.startedAt()))
                        .addOffsetDateTime(utc(complete.endedAt())))
                .mapEmpty();
    }

    private static OffsetDateTime utc(Optional<Instant> instant) {
        return instant.map(SessionRepository::utc).orElse(null);
    }

    private static final String SETTLE = """
            update artifacts a set state = $3, stored_offset = coalesce($2, %s)
            where object_key = $1 and state = 'pending'
            """.formatted(next("a.session_id"));

    /**
     * Records that the object store has the artifact's bytes.
     *
     * @param offset of this in the story of its session
     */
    @Override
    public Future<Void> stored(String objectKey, long offset) {
        return outbox.write(new ObjectStored(objectKey, Optional.of(offset)));
    }

    static Future<Void> updateStored(SqlClient client, ObjectStored stored) {
        return settle(client, stored.objectKey(), stored.offset(), ArtifactState.STORED);
    }

    private static Future<Void> settle(SqlClient client, String objectKey, Optional<Long> offset, ArtifactState state) {
        return client.preparedQuery(SETTLE)
                .execute(Tuple.of(objectKey).addLong(offset.orElse(null)).addString(state.wireName()))
                .mapEmpty();
    }

    /** Records that nothing of the artifact could be saved. */
    @Override
    public Future<Void> lost(String objectKey, long offset) {
        return outbox.write(new ArtifactLost(objectKey, Optional.of(offset)));
    }

    static Future<Void> updateLost(SqlClient client, ArtifactLost lost) {
        return settle(client, lost.objectKey(), lost.offset(), ArtifactState.LOST);
    }

    private static final String LIST = "select * from artifacts where session_id = $1 order by happened_at, object_id";

    /** All artifacts of a session, oldest first. */
    public Future<List<ArtifactEntry>> list(SessionId id) {
        return outbox.caughtUp()
                .compose(told -> pool.preparedQuery(LIST).execute(Tuple.of(id.value())))
                .map(rows -> rows.stream().map(ArtifactRepository::entry).toList());
    }

    private static final String FIND = "select * from artifacts where object_id = $1";

    /** An artifact of any session. */
    public Future<Optional<ArtifactEntry>> find(String objectId) {
        return findRow(objectId)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found)
                        : outbox.caughtUp().compose(told -> findRow(objectId)));
    }

    private Future<Optional<ArtifactEntry>> findRow(String objectId) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(objectId))
                .map(rows -> rows.stream().findFirst().map(ArtifactRepository::entry));
    }

    static ArtifactEntry entry(Row row) {
        return new ArtifactEntry(
                row.getString("object_id"),
                ProtocolJson.constant(ArtifactType.class, row.getString("type")),
                row.getString("object_key"),
                Optional.ofNullable(row.getString("file_name")),
                SessionRow.instant(row, "happened_at"),
                row.getString("content_type"),
                row.getLong("size_bytes"),
                ProtocolJson.constant(ArtifactState.class, row.getString("state")),
                Optional.ofNullable(row.getString("page_id")),
                SessionRow.optionalInstant(row, "started_at"),
                SessionRow.optionalInstant(row, "ended_at"));
    }
}
