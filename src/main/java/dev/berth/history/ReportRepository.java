package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.ReportCommand.UpdateSession;
import dev.berth.protocol.SessionEvent.SessionUpdated;
import dev.berth.protocol.SessionEvent.StepReported;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions.SessionTimeouts;
import dev.berth.protocol.StepEntry;
import dev.berth.protocol.StepEntry.StepKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What clients report of their work in sessions, live and ended ones alike: it is in Postgres before a client is answered, and nothing
 * else writes it. Thread-safe.
 */
public class ReportRepository {
    /** Limit for the steps of a session, which its client reports. */
    public static final int MAX_STEPS = 5_000;

    /** For so long after its end, a session takes steps, and its outcome decides on its recordings. */
    private static final String RECENT = "(ended_at is null or ended_at > clock_timestamp() - interval '10 minutes')";

    private final Database database;

    public ReportRepository(Database database) {
        this.database = database;
    }

    /** As {@code metadata || $6} would be: a label that is null there is removed. */
    private static final String MERGED = "jsonb_strip_nulls(metadata || $6::jsonb)";

    /** A session that is recorded for failures only loses its recordings with a good outcome: they become garbage. */
    private static final String UPDATE = """
            with updated as (
                update sessions set name = case when $3::text is null then name else nullif($3::text, '') end,
                    outcome = coalesce($4::text, outcome),
                    outcome_reason = case when $4::text is null then outcome_reason else $5::text end,
                    metadata = %1$s, updates = updates + 1, updated_at = clock_timestamp(),
                    expires_at = coalesce($7::timestamptz, expires_at),
                    options = case when $8::jsonb is null then options
                        else jsonb_set(options::jsonb, '{timeouts}', $8::jsonb)::json end
                where session_id = $1 and user_id = coalesce($2::bigint, user_id)
                    and (select count(*) from jsonb_object_keys(%1$s)) <= %2$d
                returning session_id, name, outcome, outcome_reason, metadata, updates, updated_at,
                    $9::boolean and ended_at is not null and %3$s and (options ->> 'recordingOnFailure')::boolean as drops),
            gone as (delete from artifacts a using updated u
                where u.drops and a.session_id = u.session_id and a.type = 'recording' returning a.size_bytes),
            less as (select coalesce(sum(size_bytes), 0)::bigint as bytes from gone)
            select u.*, less.bytes from updated u, less
            """.formatted(MERGED, CreateSession.MAX_LABELS, RECENT);

    /** Postgres changes a row once in a statement, so what is kept of the session is written in a second one. */
    private static final String LESS =
            "update sessions set stored_bytes = greatest(0, stored_bytes - $2) where session_id = $1";

    /**
     * Changes what is said of a session. Fails with {@code SESSION_NOT_FOUND} where the user has no such session, and with {@code
     * INVALID_ARGUMENT} where it would have too many labels.
     *
     * @param owner empty for a session of any user
     * @param timeouts all of a live session, and when it expires by them, where they change
     */
    public Future<SessionUpdated> update(
            SessionId id, Optional<Long> owner, UpdateSession change, Optional<ChangedLife> timeouts) {
        JsonObject labels = new JsonObject();
        change.metadata().forEach((label, value) -> labels.put(label, value.orElse(null)));
        return database.transaction(together -> together.rows(
                        UPDATE,
                        id,
                        owner,
                        change.name(),
                        change.outcome().map(outcome -> outcome.wireName()),
                        change.outcomeReason(),
                        labels,
                        timeouts.map(ChangedLife::expiresAt),
                        timeouts.map(life -> Sql.json(life.timeouts())),
                        change.outcome()
                                .filter(outcome -> !outcome.keepsRecording())
                                .isPresent())
                .compose(rows -> rows.size() == 0
                        ? refused(together, id, owner)
                        : updated(together, id, rows.iterator().next())));
    }

    /**
     * New times of a live session.
     *
     * @param expiresAt by {@code timeouts}
     */
    public record ChangedLife(SessionTimeouts timeouts, Instant expiresAt) {}

    private static Future<SessionUpdated> updated(Statements together, SessionId id, Row row) {
        SessionUpdated event = SessionRow.updated(id, row);
        long freed = row.getLong("bytes");
        return freed == 0
                ? Future.succeededFuture(event)
                : together.rows(LESS, id, freed).map(event);
    }

    private static final String EXISTS =
            "select from sessions where session_id = $1 and user_id = coalesce($2::bigint, user_id)";

    private static <T> Future<T> refused(Statements together, SessionId id, Optional<Long> owner) {
        return together.rows(EXISTS, id, owner)
                .compose(found -> Future.failedFuture(
                        found.size() == 0
                                ? new BerthException(ErrorCode.SESSION_NOT_FOUND, "you have no session with this id")
                                : BerthException.invalid(
                                        "metadata must have at most " + CreateSession.MAX_LABELS + " labels")));
    }

    /** The lock gives the steps of a session their order, and holds its end off. */
    private static final String LOCK =
            "select %s as open from sessions where session_id = $1 for no key update".formatted(RECENT);

    private static final String COUNT =
            "select count(*) as count, coalesce(max(seq) + 1, 0) as next from steps where session_id = $1";

    private static final String ADD = """
            insert into steps (session_id, seq, step_id, title, kind, started_at, duration_millis, error, parent_id)
            select $1::text, $2::bigint + nth - 1, step ->> 'stepId', step ->> 'title', step ->> 'kind',
                (step ->> 'startedAt')::timestamptz, (step ->> 'duration')::bigint, step ->> 'error', step ->> 'parentId'
            from jsonb_array_elements($3::jsonb) with ordinality as given (step, nth)
            on conflict (session_id, step_id) do nothing
            returning *
            """;

    /**
     * Adds steps; gives those that were new, in their order. Fails with {@code SESSION_ENDED} more than 10 minutes after the session's end,
     * and with {@code LIMIT_REACHED} where there would be more than {@value #MAX_STEPS}.
     */
    public Future<List<StepReported>> add(SessionId id, List<StepEntry> steps) {
        JsonArray given = new JsonArray();
        steps.forEach(step -> given.add(Sql.json(step)));
        return database.transaction(together -> together.first(LOCK, row -> row.getBoolean("open"), id)
                .compose(open -> open.orElse(false) ? Future.succeededFuture() : over(open.isPresent()))
                .compose(open -> together.rows(COUNT, id))
                .compose(counted -> add(together, id, counted.iterator().next(), given)));
    }

    private static Future<Void> over(boolean exists) {
        return Future.failedFuture(
                exists
                        ? new BerthException(
                                ErrorCode.SESSION_ENDED,
                                "the session ended more than 10 minutes ago, and takes no more steps")
                        : new BerthException(ErrorCode.SESSION_NOT_FOUND, "you have no session with this id"));
    }

    private static Future<List<StepReported>> add(Statements together, SessionId id, Row counted, JsonArray given) {
        return together.list(
                        ADD,
                        row -> new StepReported(id, row.getLong("seq"), step(row)),
                        id,
                        counted.getLong("next"),
                        given)
                .compose(added -> counted.getLong("count") + added.size() <= MAX_STEPS
                        ? Future.succeededFuture(added)
                        : Future.failedFuture(new BerthException(
                                ErrorCode.LIMIT_REACHED,
                                "a session takes at most " + MAX_STEPS + " steps, and has " + counted.getLong("count")
                                        + " already")));
    }

    static StepEntry step(Row row) {
        return new StepEntry(
                row.getString("step_id"),
                row.getString("title"),
                ProtocolJson.constant(StepKind.class, row.getString("kind")),
                Sql.instant(row, "started_at"),
                row.getLong("duration_millis"),
                Sql.optional(row, "error"),
                Sql.optional(row, "parent_id"));
    }

    /** Some steps of a session, and how many the session has. */
    public record Steps(List<StepEntry> steps, long total) {}

    private static final String LATEST = """
            select * from (
                select *, count(*) over () as total from steps where session_id = $1 and (error is not null or not $2::boolean)
                order by seq desc limit $3) latest
            order by seq
            """;

    /** The latest steps of a session, oldest first. */
    public Future<Steps> latest(SessionId id, boolean failedOnly, int limit) {
        return database.rows(LATEST, id, failedOnly, limit)
                .map(rows -> new Steps(
                        rows.stream().map(ReportRepository::step).toList(),
                        rows.size() == 0 ? 0 : rows.iterator().next().getLong("total")));
    }

    private static final String PAGE = """
            select *, (select count(*) from steps where session_id = $1) as total from steps
            where session_id = $1 order by seq offset $2 limit $3
            """;

    /** The steps of a session in the order in which they came. */
    public Future<Steps> steps(SessionId id, long offset, int limit) {
        return database.rows(PAGE, id, offset, limit)
                .compose(rows -> rows.size() == 0
                        ? database.rows(COUNT, id)
                                .map(count -> new Steps(
                                        List.of(), count.iterator().next().getLong("count")))
                        : Future.succeededFuture(new Steps(
                                rows.stream().map(ReportRepository::step).toList(),
                                rows.iterator().next().getLong("total"))));
    }
}
