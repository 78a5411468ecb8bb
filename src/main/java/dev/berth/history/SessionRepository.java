package dev.berth.history;

import dev.berth.access.KeyBounds;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.history.Fact.SessionOver;
import dev.berth.history.SessionQueue.Found;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.UsageSample;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of live and ended sessions, and of their navigations. Thread-safe. */
public class SessionRepository {
    private final Database database;
    private final Outbox outbox;

    public SessionRepository(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /**
     * The traffic that the sessions of an API key have left in a month.
     *
     * @param bytes 0 or less where nothing is left
     * @param limitMib of the key
     */
    public record TrafficLeft(long bytes, long limitMib) {}

    /**
     * A session that ended before it ran, and not because of its client, was of no use: its request may be repeated. Others may have
     * given up a session whose node could not be heard; what the node itself tells of its end is true, and was told to clients.
     */
    private static final String SAVE = """
            update sessions set status = $2, end_reason = $3, end_detail = $4, current_url = $5, title = $6,
                started_at = coalesce($7, started_at), ended_at = $8, action_count = $9, screenshot_count = $10, navigation_count = $11,
                cost_usd = $12, input_tokens = $13, output_tokens = $14, bytes_in = $16, bytes_out = $17, blocked = $18,
                stored_bytes = $19, profile = coalesce($20, profile), failed_actions = $21, console_errors = $22, failed_requests = $23,
                drivers = $24,
                idempotency_key = case
                    when $8::timestamptz is not null and $7::timestamptz is null and $3 <> 'client' then null
                    else idempotency_key end
            where session_id = $1 and machine_id = $15
                and (ended_at is null or end_reason = 'node_lost' and $8::timestamptz is not null)
            returning user_id, key_id, (
                select (k.limits ->> 'trafficMibPerMonth')::bigint from api_keys k where k.key_id = sessions.key_id) as traffic_mib
            """;

    /**
     * Writes the state of a live session, unless it is another node's by now. An ended one does not change any more, but for one
     * thing: its own node's word on its end replaces {@code node_lost}, with which others ended it.
     *
     * @return how many bytes it may still send and receive, with all sessions that its API key made in the same month; empty where
     *     its key has no such limit
     */
    public Future<Optional<TrafficLeft>> save(SessionDescription session) {
        return update(database, session)
                .compose(updated -> updated.size() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : trafficLeft(session, updated.iterator().next()));
    }

    private Future<Optional<TrafficLeft>> trafficLeft(SessionDescription session, Row saved) {
        return Optional.ofNullable(saved.getLong("traffic_mib"))
                .map(limit -> KeyBounds.traffic(
                                database, saved.getLong("user_id"), saved.getLong("key_id"), session.createdAt())
                        .map(used -> Optional.of(new TrafficLeft((limit << 20) - used, limit))))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    /**
     * Writes the final state of an ended session of this node, also after others declared the node lost. Completes when Postgres has
     * it, or the disk if Postgres does not take it.
     *
     * @param navigations navigations that may not have been written, by their number in the session
     * @param usage of its Chrome
     */
    public Future<Void> end(SessionDescription last, Map<Long, NavigationEntry> navigations, List<UsageSample> usage) {
        return outbox.write(new SessionOver(last, navigations, usage));
    }

    public static Future<RowSet<Row>> update(Statements statements, SessionDescription session) {
        return statements.rows(
                SAVE,
                session.sessionId(),
                session.status().wireName(),
                session.endReason().map(EndReason::wireName),
                session.endDetail().map(Sql::clean),
                Sql.clean(session.currentUrl()),
                Sql.clean(session.title()),
                session.startedAt(),
                session.endedAt(),
                session.actionCount(),
                session.screenshotCount(),
                session.navigationCount(),
                session.cost().usd(),
                session.cost().inputTokens(),
                session.cost().outputTokens(),
                session.machineId(),
                session.traffic().bytesIn(),
                session.traffic().bytesOut(),
                session.traffic().blocked(),
                session.storedBytes(),
                session.profile().map(Sql::json),
                session.errors().actions(),
                session.errors().console(),
                session.errors().requests(),
                Sql.texts(session.drivers().stream().map(ActionSource::wireName).toList()));
    }

    private static final String SAVE_NAVIGATIONS = """
            insert into navigations (
                session_id, seq, url, title, happened_at, page_id, document_id, content_loaded_at, loaded_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (session_id, seq) do update set
                title = excluded.title, content_loaded_at = excluded.content_loaded_at, loaded_at = excluded.loaded_at
            """;

    /**
     * Writes navigations; those that exist are updated.
     *
     * @param navigations by their number in the session
     */
    public Future<Void> saveNavigations(SessionId id, Map<Long, NavigationEntry> navigations) {
        return upsert(database, id, navigations);
    }

    public static Future<Void> upsert(Statements statements, SessionId id, Map<Long, NavigationEntry> navigations) {
        if (navigations.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Tuple> rows = navigations.entrySet().stream()
                .map(entry -> navigation(id, entry.getKey(), entry.getValue()))
                .toList();
        return statements.batch(SAVE_NAVIGATIONS, rows);
    }

    private static Tuple navigation(SessionId id, long seq, NavigationEntry navigation) {
        return Sql.tuple(
                id,
                seq,
                Sql.clean(navigation.url()),
                Sql.clean(navigation.title()),
                navigation.timestamp(),
                navigation.pageId(),
                navigation.documentId(),
                navigation.contentLoadedAt(),
                navigation.loadedAt());
    }

    private static final String FIND = """
            select s.*, %s as queue_position, (
                select coalesce(json_agg(n order by n.seq), '[]'::json) from (
                    select seq, url, title, happened_at, page_id, document_id, content_loaded_at, loaded_at from navigations
                    where session_id = s.session_id order by seq desc limit %d) n) as navigations
            from sessions s where s.session_id = $1 and s.user_id = $2
            """.formatted(SessionRow.QUEUE_POSITION, SessionDescription.MAX_NAVIGATIONS);

    /** A session of this user, as last written. */
    public Future<Optional<SessionDescription>> find(SessionId id, long userId) {
        return find(FIND, id, userId).map(found -> found.map(Found::session));
    }

    private static final String FIND_OF_ANYBODY = FIND.replace(" and s.user_id = $2", "");

    /** A session of any user, as last written, for callers whose token is for this one session. */
    public Future<Optional<SessionDescription>> find(SessionId id) {
        return findOwned(id).map(found -> found.map(Found::session));
    }

    /** The same, with its user. */
    Future<Optional<Found>> findOwned(SessionId id) {
        return find(FIND_OF_ANYBODY, id);
    }

    private Future<Optional<Found>> find(String sql, Object... key) {
        return outbox.caughtUp().compose(told -> database.first(sql, SessionRepository::found, key));
    }

    private static Found found(Row row) {
        return new Found(row.getLong("user_id"), SessionRow.description(row));
    }
}
