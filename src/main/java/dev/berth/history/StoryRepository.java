package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.ArtifactKept;
import dev.berth.protocol.SessionEvent.Lifecycle;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionEvent.SessionStarted;
import dev.berth.protocol.SessionEvent.StepReported;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.StoryCursor;
import dev.berth.protocol.StoryCursor.StoryKind;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the stories of sessions by offset, except for log entries, which are in chunks. Thread-safe. */
public class StoryRepository {
    private final Database database;
    private final Outbox outbox;

    public StoryRepository(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /** The entries of a kind from {@code offset} on in the order of offsets, at most {@code limit}; none if it is beyond the last. */
    public Future<List<SessionEvent>> read(SessionId id, StoryKind kind, long offset, int limit) {
        return switch (kind) {
            case STATUS -> status(id, offset, limit);
            case NAVIGATION -> read(NAVIGATIONS, id, offset, limit, row -> navigated(id, row));
            case ACTION -> read(ACTIONS, id, offset, limit, row -> performed(id, row));
            case UPDATE -> updates(id, offset, limit);
            case STEP -> read(STEPS, id, offset, limit, row -> reported(id, row));
            case ARTIFACT -> read(ARTIFACTS, id, offset, limit, row -> kept(id, row));
            case CONSOLE, NETWORK -> throw new IllegalArgumentException("log entries are read from their chunks");
        };
    }

    private Future<List<SessionEvent>> read(
            String sql, SessionId id, long offset, int limit, Function<Row, SessionEvent> event) {
        return outbox.caughtUp().compose(told -> database.list(sql, event, id, offset, limit));
    }

    private static final String STATUS =
            "select status, end_reason, created_at, started_at, ended_at, bytes_in, bytes_out, blocked from sessions where session_id = $1";

    private Future<List<SessionEvent>> status(SessionId id, long offset, int limit) {
        return outbox.caughtUp()
                .compose(told -> database.rows(STATUS, id))
                .map(rows -> rows.stream()
                        .<SessionEvent>flatMap(row -> lifecycle(id, row))
                        .filter(event -> event.offset() >= offset)
                        .limit(limit)
                        .toList());
    }

    private static final String UPDATES = """
            select name, outcome, outcome_reason, metadata, updates, updated_at from sessions
            where session_id = $1 and updates > $2 limit $3
            """;

    private Future<List<SessionEvent>> updates(SessionId id, long offset, int limit) {
        return database.list(UPDATES, row -> SessionRow.updated(id, row), id, offset, limit);
    }

    static Stream<Lifecycle> lifecycle(SessionId id, Row row) {
        Stream.Builder<Lifecycle> events = Stream.builder();
        events.add(new SessionCreated(id, Sql.instant(row, "created_at")));
        if (row.getValue("started_at") != null) {
            events.add(new SessionStarted(id, Sql.instant(row, "started_at")));
        }
        if (row.getValue("ended_at") != null) {
            events.add(SessionRow.ended(id, row));
        }
        return events.build();
    }

    /** An end has not been told to anybody who asks only now. */
    private static final String END = """
            select case when started_at is null and ended_at is null then 1 else 2 end as status,
                (select coalesce(max(seq) + 1, 0) from navigations where session_id = $1) as navigation,
                (select coalesce(max(seq) + 1, 0) from actions where session_id = $1) as action,
                (select coalesce(max(greatest(listed_offset, stored_offset)) + 1, 0) from artifacts where session_id = $1)
                    as artifact,
                updates, (select coalesce(max(seq) + 1, 0) from steps where session_id = $1) as step
            from sessions where session_id = $1
            """;

    /** The position after all entries so far, and before the end of the session. */
    public Future<StoryCursor> end(SessionId id) {
        return outbox.caughtUp()
                .compose(told -> database.first(END, StoryRepository::end, id))
                .map(Optional::orElseThrow);
    }

    private static StoryCursor end(Row row) {
        return StoryCursor.START
                .with(StoryKind.STATUS, row.getLong("status"))
                .with(StoryKind.NAVIGATION, row.getLong("navigation"))
                .with(StoryKind.ACTION, row.getLong("action"))
                .with(StoryKind.ARTIFACT, row.getLong("artifact"))
                .with(StoryKind.UPDATE, row.getLong("updates"))
                .with(StoryKind.STEP, row.getLong("step"));
    }

    private static final String NAVIGATIONS =
            "select * from navigations where session_id = $1 and seq >= $2 order by seq limit $3";

    private static SessionEvent navigated(SessionId id, Row row) {
        return new PageNavigated(
                id,
                row.getLong("seq"),
                new NavigationEntry(
                        row.getString("url"),
                        row.getString("title"),
                        Sql.instant(row, "happened_at"),
                        Sql.optional(row, "page_id"),
                        Sql.optional(row, "document_id"),
                        Sql.optionalInstant(row, "content_loaded_at"),
                        Sql.optionalInstant(row, "loaded_at")));
    }

    private static final String ACTIONS =
            "select * from actions where session_id = $1 and seq >= $2 order by seq limit $3";

    private static SessionEvent performed(SessionId id, Row row) {
        return new ActionPerformed(id, row.getLong("seq"), ActionRepository.entry(row));
    }

    private static final String STEPS = "select * from steps where session_id = $1 and seq >= $2 order by seq limit $3";

    private static SessionEvent reported(SessionId id, Row row) {
        return new StepReported(id, row.getLong("seq"), ReportRepository.step(row));
    }

    /** An artifact that was stored when it was listed is one entry, not two. */
    private static final String ARTIFACTS = """
            select listed_offset as told, case when stored_offset is null then state else 'pending' end as state, object_id,
                type, object_key, content_type, size_bytes, happened_at, file_name, page_id, started_at,
                ended_at
            from artifacts where session_id = $1 and listed_offset >= $2
            union all
            select stored_offset, state, object_id, type, object_key, content_type, size_bytes, happened_at, file_name,
                page_id, started_at, ended_at
            from artifacts where session_id = $1 and stored_offset >= $2
            order by told limit $3
            """;

    private static SessionEvent kept(SessionId id, Row row) {
        return new ArtifactKept(id, row.getLong("told"), ArtifactRepository.entry(row));
    }
}
