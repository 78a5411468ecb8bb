package dev.berth.history;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.database.Sql;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.ProfileUse.ProfileOutcome;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionUpdated;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionLabels;
import dev.berth.protocol.SessionLabels.Outcome;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.Traceparent;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads rows of the {@code sessions} table. */
public final class SessionRow {
    /**
     * SQL for the queue position of the row {@code s}: how many wait before it, and itself; null where it does not wait. Whoever waits for
     * the place of one node of a cluster has those before it that any node may have.
     */
    static final String QUEUE_POSITION = """
            case when s.queue_number is not null then (
                select count(*) + 1 from sessions older
                where older.queue_number < s.queue_number
                    and (older.queue = s.queue or s.ends_with_node and older.queue = 'cluster')) end
            """;

    private SessionRow() {}

    static Optional<Integer> queuePosition(Row row) {
        return Optional.ofNullable(row.getInteger("queue_position"));
    }

    static SessionStatus status(Row row) {
        return ProtocolJson.constant(SessionStatus.class, row.getString("status"));
    }

    public static SessionSummary summary(Row row) {
        return new SessionSummary(
                new SessionId(row.getString("session_id")),
                status(row),
                row.getString("current_url"),
                row.getString("title"),
                Sql.instant(row, "created_at"),
                Sql.optionalInstant(row, "started_at"),
                Sql.optionalInstant(row, "ended_at"),
                endReason(row),
                Sql.instant(row, "expires_at"),
                row.getString("machine_id"),
                row.getLong("action_count"),
                row.getLong("screenshot_count"),
                row.getLong("navigation_count"),
                durationMillis(row),
                metadata(row),
                traffic(row),
                profile(row),
                Sql.optional(row, "name"),
                outcome(row),
                Sql.optional(row, "outcome_reason"),
                errors(row),
                drivers(row));
    }

    static SessionDescription description(Row row) {
        return new SessionDescription(
                new SessionId(row.getString("session_id")),
                status(row),
                queuePosition(row),
                row.getString("current_url"),
                row.getString("title"),
                Sql.instant(row, "created_at"),
                Sql.optionalInstant(row, "started_at"),
                Sql.optionalInstant(row, "ended_at"),
                endReason(row),
                Sql.optional(row, "end_detail"),
                Sql.instant(row, "expires_at"),
                row.getString("machine_id"),
                row.getLong("action_count"),
                row.getLong("screenshot_count"),
                row.getLong("navigation_count"),
                durationMillis(row),
                navigations(row),
                Sql.parse(row.getJsonObject("options"), new TypeReference<SessionOptions>() {}),
                metadata(row),
                // Below 0 in rows of lost sessions that ended by a clock that was behind.
                new Cost(
                        Math.max(0, row.getDouble("cost_usd")),
                        row.getLong("input_tokens"),
                        row.getLong("output_tokens")),
                Optional.empty(),
                traceparent(row),
                traffic(row),
                row.getLong("stored_bytes"),
                profile(row),
                Sql.optional(row, "name"),
                outcome(row),
                Sql.optional(row, "outcome_reason"),
                errors(row),
                drivers(row));
    }

    private static Optional<Outcome> outcome(Row row) {
        return Sql.optional(row, "outcome").map(name -> ProtocolJson.constant(Outcome.class, name));
    }

    private static ErrorCounts errors(Row row) {
        return new ErrorCounts(
                row.getLong("failed_actions"), row.getLong("console_errors"), row.getLong("failed_requests"));
    }

    private static List<ActionSource> drivers(Row row) {
        return Stream.of(row.getArrayOfStrings("drivers"))
                .map(name -> ProtocolJson.constant(ActionSource.class, name))
                .toList();
    }

    /** The session's labels as its client last reported them, from a row with all of the table's columns for them. */
    static SessionUpdated updated(SessionId id, Row row) {
        return new SessionUpdated(id, row.getLong("updates") - 1, labels(row), Sql.instant(row, "updated_at"));
    }

    static SessionLabels labels(Row row) {
        return new SessionLabels(
                Sql.optional(row, "name"), outcome(row), Sql.optional(row, "outcome_reason"), metadata(row));
    }

    static SessionEnded ended(SessionId id, Row row) {
        return new SessionEnded(
                id, status(row), endReason(row.getString("end_reason")), Sql.instant(row, "ended_at"), traffic(row));
    }

    private static Optional<ProfileOutcome> profile(Row row) {
        return Optional.ofNullable(row.getJsonObject("profile"))
                .map(json -> Sql.parse(json, new TypeReference<ProfileOutcome>() {}));
    }

    private static Traffic traffic(Row row) {
        return new Traffic(row.getLong("bytes_in"), row.getLong("bytes_out"), row.getLong("blocked"));
    }

    static Optional<Traceparent> traceparent(Row row) {
        return Sql.optional(row, "traceparent").flatMap(Traceparent::parse);
    }

    private static Optional<EndReason> endReason(Row row) {
        return Sql.optional(row, "end_reason").map(SessionRow::endReason);
    }

    static EndReason endReason(String name) {
        return ProtocolJson.constant(EndReason.class, name);
    }

    private static long durationMillis(Row row) {
        return Sql.optionalInstant(row, "started_at")
                .map(start -> Math.max(
                        0,
                        Duration.between(
                                        start,
                                        Sql.optionalInstant(row, "ended_at").orElseGet(Instant::now))
                                .toMillis()))
                .orElse(0L);
    }

    private static Map<String, String> metadata(Row row) {
        return Sql.parse(row.getJsonObject("metadata"), new TypeReference<Map<String, String>>() {});
    }

    private static List<NavigationEntry> navigations(Row row) {
        return row.getJsonArray("navigations").stream()
                .map(JsonObject.class::cast)
                .map(n -> new NavigationEntry(
                        n.getString("url"),
                        n.getString("title"),
                        OffsetDateTime.parse(n.getString("happened_at")).toInstant(),
                        Optional.ofNullable(n.getString("page_id")),
                        Optional.ofNullable(n.getString("document_id")),
                        optionalInstant(n, "content_loaded_at"),
                        optionalInstant(n, "loaded_at")))
                .toList();
    }

    private static Optional<Instant> optionalInstant(JsonObject json, String field) {
        return Optional.ofNullable(json.getString(field))
                .map(at -> OffsetDateTime.parse(at).toInstant());
    }
}
