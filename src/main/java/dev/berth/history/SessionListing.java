package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionLabels.Outcome;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists a user's sessions, newest first. */
public final class SessionListing {
    private static final String COLUMNS = """
            session_id, status, current_url, title, created_at, started_at, ended_at, end_reason, expires_at, machine_id,
            action_count, screenshot_count, navigation_count, metadata, bytes_in, bytes_out, blocked, profile, name, outcome,
            outcome_reason, failed_actions, console_errors, failed_requests, drivers,
            """ + SessionRow.QUEUE_POSITION + " as queue_position";

    /**
     * Condition for a part of the id or the URL. The collation is C, as the others fold more than ASCII, and differently on each machine.
     */
    private static final String PART = """
             and (position(lower($part collate "C") in lower(session_id collate "C")) > 0
                or position(lower($part collate "C") in lower(current_url collate "C")) > 0
                or position(lower($part collate "C") in lower(title collate "C")) > 0
                or position(lower($part collate "C") in lower(name collate "C")) > 0
                or exists (select from jsonb_each_text(metadata) label
                    where position(lower($part collate "C") in lower(label.value collate "C")) > 0))
            """;

    private final Database database;
    private final Outbox outbox;

    public SessionListing(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /**
     * The filter of a list.
     *
     * @param includeEnded whether to list sessions that are over, too; a terminal {@code status} implies it
     * @param reasons why a session must have ended, one of these; empty for any session
     * @param metadata labels that a session must all have
     * @param part of the id, the name, the URL, the title or the value of a label; ASCII letters match in either case
     */
    public record Query(
            long userId,
            boolean includeEnded,
            Optional<SessionStatus> status,
            Set<EndReason> reasons,
            Optional<Outcome> outcome,
            Map<String, String> metadata,
            Optional<String> part,
            int limit,
            long offset) {
        private boolean liveOnly() {
            return reasons.isEmpty() && status.map(s -> !s.terminal()).orElse(!includeEnded);
        }

        private String where() {
            return "where user_id = $1"
                    + (liveOnly() ? " and ended_at is null" : "")
                    + status.map(s -> " and status = '" + s.wireName() + "'").orElse("")
                    + (reasons.isEmpty() ? "" : " and end_reason in (" + names(reasons) + ")")
                    + outcome.map(o -> " and outcome = '" + o.wireName() + "'").orElse("")
                    + (metadata.isEmpty() ? "" : " and metadata @> $2")
                    + (part.isEmpty() ? "" : PART.replace("$part", metadata.isEmpty() ? "$2" : "$3"));
        }

        private static String names(Set<EndReason> reasons) {
            return reasons.stream().map(reason -> "'" + reason.wireName() + "'").collect(Collectors.joining(", "));
        }

        private Tuple parameters() {
            Tuple parameters = Tuple.of(userId);
            if (!metadata.isEmpty()) {
                parameters.addJsonObject(Sql.json(metadata));
            }
            part.ifPresent(parameters::addString);
            return parameters;
        }
    }

    /**
     * A part of a list.
     *
     * @param positions of those that wait for a place, in the queue
     * @param total the number of all matches
     */
    public record Page(List<SessionSummary> sessions, Map<SessionId, Integer> positions, long total, boolean hasMore) {}

    public Future<Page> list(Query query) {
        String page = "select " + COLUMNS + ", count(*) over () as total from sessions s " + query.where()
                + " order by created_at desc, session_id limit " + query.limit() + " offset " + query.offset();
        return outbox.caughtUp()
                .compose(told -> database.rows(page, query.parameters()))
                .compose(rows -> rows.size() == 0 && query.offset() > 0 ? count(query) : page(query, rows));
    }

    private static final String LIVE_OF_KEY = "select " + COLUMNS + " from sessions s"
            + " where user_id = $1 and key_id = $2 and ended_at is null and metadata @> $3 order by created_at desc, session_id limit 100";

    /**
     * The newest sessions of this key that run or wait, at most 100.
     *
     * @param metadata labels that a session must all have
     */
    public Future<List<SessionSummary>> liveOfKey(long userId, long keyId, Map<String, String> metadata) {
        return outbox.caughtUp()
                .compose(told -> database.list(LIVE_OF_KEY, SessionRow::summary, userId, keyId, Sql.json(metadata)));
    }

    private static Future<Page> page(Query query, RowSet<Row> rows) {
        List<SessionSummary> sessions = rows.stream().map(SessionRow::summary).toList();
        Map<SessionId, Integer> positions = new HashMap<>();
        rows.forEach(row -> SessionRow.queuePosition(row)
                .ifPresent(at -> positions.put(new SessionId(row.getString("session_id")), at)));
        long total = rows.size() == 0 ? 0 : rows.iterator().next().getLong("total");
        return Future.succeededFuture(new Page(sessions, positions, total, query.offset() + sessions.size() < total));
    }

    /** Past the end, no row carries the total. */
    private Future<Page> count(Query query) {
        return database.rows("select count(*) from sessions " + query.where(), query.parameters())
                .map(rows ->
                        new Page(List.of(), Map.of(), rows.iterator().next().getLong(0), false));
    }
}
