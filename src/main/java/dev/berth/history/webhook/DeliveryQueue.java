package dev.berth.history.webhook;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.history.SessionRow;
import dev.berth.history.task.TaskRepository;
import dev.berth.protocol.SessionSummary;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deliveries as nodes take them from Postgres and make them. Thread-safe. */
public class DeliveryQueue {
    /** Limit for the kept deliveries of one webhook. */
    public static final int MAX_KEPT = 10_000;

    private static final Logger log = LoggerFactory.getLogger(DeliveryQueue.class);
    private static final int PURGED_AT_ONCE = 1_000;

    private final Database database;

    public DeliveryQueue(Database database) {
        this.database = database;
    }

    /**
     * How an attempt of a delivery ended.
     *
     * @param status of the answer, if there was one
     * @param error empty where it was delivered
     * @param retryMillis after which time to try again; empty where it was delivered, or has failed for good
     */
    public record Attempt(
            Optional<Integer> status, Optional<String> error, long durationMillis, OptionalLong retryMillis) {
        public String state() {
            return error.isEmpty() ? "delivered" : retryMillis.isPresent() ? "pending" : "failed";
        }
    }

    /**
     * A delivery whose next attempt this node makes.
     *
     * @param claim tells this attempt from all others of the delivery
     * @param attempt its number since the delivery was made or replayed, from 1; one that a killed node made has the same as the next
     * @param sessionId the session of the event; empty for an event of a node
     * @param session as it is now; empty where it does not exist any more, or can't be read
     * @param task that it is about, if any, as it is now, without its output
     */
    public record DueDelivery(
            String deliveryId,
            String webhookId,
            String url,
            String secret,
            String event,
            Instant createdAt,
            long claim,
            int attempt,
            Optional<String> sessionId,
            Optional<SessionSummary> session,
            Optional<TaskView> task) {

        /** Without the secret. */
        @Override
        public String toString() {
            return deliveryId;
        }
    }

    /**
     * The result of a purge.
     *
     * @param more whether there may be more to remove
     * @param untold how many were still to be told
     */
    public record Purged(boolean more, long untold) {}

    /**
     * Times are Postgres's: nodes' clocks may differ. Looks at the webhooks that have something pending, by stepping from one to the next
     * in the index of pending rows; not at all webhooks, which are mostly idle, nor at all rows, of which one hanging webhook may have most.
     */
    private static final String CLAIM = """
            with recursive waiting (webhook_id) as (
                (select webhook_id from webhook_deliveries where next_attempt_at is not null order by webhook_id limit 1)
                union all
                select (select webhook_id from webhook_deliveries
                    where next_attempt_at is not null and webhook_id > w.webhook_id order by webhook_id limit 1)
                from waiting w where w.webhook_id is not null),
            due as (
                select d.delivery_id from waiting w
                left join unnest($2::text[], $3::int[]) as busy (webhook_id, attempts) using (webhook_id)
                cross join lateral (
                    select delivery_id, next_attempt_at from webhook_deliveries
                    where webhook_id = w.webhook_id and next_attempt_at <= now()
                    order by next_attempt_at limit greatest(0, 2 - coalesce(busy.attempts, 0)) for update skip locked) d
                order by d.next_attempt_at limit $1),
            claimed as (
                update webhook_deliveries d set claims = claims + 1, next_attempt_at = now() + interval '1 minute'
                from due where d.delivery_id = due.delivery_id returning d.*)
            select c.delivery_id, c.webhook_id, c.event, c.created_at as happened_at, c.claims, c.attempts,
                c.session_id as about_session, c.task_id as about_task, w.url, w.secret,
                s.session_id, s.status, s.current_url, s.title, s.created_at, s.started_at, s.ended_at, s.end_reason, s.expires_at, s.machine_id,
                s.action_count, s.screenshot_count, s.navigation_count, s.metadata,
                s.bytes_in, s.bytes_out, s.blocked, s.profile, s.name, s.outcome, s.outcome_reason,
                s.failed_actions, s.console_errors, s.failed_requests, s.drivers
            from claimed c join webhooks w using (webhook_id) left join sessions s on s.session_id = c.session_id
            """;

    private static final String TASKS = """
            select task_id, user_id, session_id, left(instruction, 1000) as instruction, status, null::text as output, question,
                error, steps, cost_usd, input_tokens, output_tokens, started_at, completed_at
            from tasks where task_id = any($1::text[])
            """;

    /**
     * Takes deliveries that are due, at most {@code limit}, and of one webhook as many as make two with those in flight. They come due again after a minute, unless
     * {@link #settle} is told how they ended: what a killed node has taken is made by another.
     *
     * @param inFlight how many of a webhook this node is making
     */
    public Future<List<DueDelivery>> claim(int limit, Map<String, Integer> inFlight) {
        return database.rows(
                        CLAIM,
                        limit,
                        Sql.texts(inFlight.keySet()),
                        inFlight.values().toArray(Integer[]::new))
                .compose(claimed -> tasks(claimed)
                        .map(tasks ->
                                claimed.stream().map(row -> due(row, tasks)).toList()));
    }

    private Future<Map<String, Row>> tasks(RowSet<Row> claimed) {
        List<String> ids = claimed.stream()
                .map(row -> row.getString("about_task"))
                .filter(Objects::nonNull)
                .toList();
        return ids.isEmpty()
                ? Future.succeededFuture(Map.of())
                : database.rows(TASKS, Sql.texts(ids))
                        .map(rows ->
                                rows.stream().collect(Collectors.toMap(row -> row.getString("task_id"), row -> row)));
    }

    private static DueDelivery due(Row row, Map<String, Row> tasks) {
        return new DueDelivery(
                row.getString("delivery_id"),
                row.getString("webhook_id"),
                row.getString("url"),
                row.getString("secret"),
                row.getString("event"),
                Sql.instant(row, "happened_at"),
                row.getLong("claims"),
                row.getInteger("attempts") + 1,
                Sql.optional(row, "about_session"),
                Sql.optional(row, "session_id").flatMap(there -> readable(row, SessionRow::summary)),
                Sql.optional(row, "about_task").map(tasks::get).flatMap(task -> readable(task, TaskRepository::view)));
    }

    /**
     * Reads a delivery. A delivery that this version can't read is left out, so that it does not block the others each time it is due.
     */
    private static <T> Optional<T> readable(Row row, Function<Row, T> read) {
        try {
            return Optional.of(read.apply(row));
        } catch (RuntimeException e) {
            log.warn("a webhook delivery leaves out data that can't be read from Postgres", e);
            return Optional.empty();
        }
    }

    private static final String SETTLE = """
            update webhook_deliveries set attempts = attempts + 1, state = $3, last_status = $4, last_error = $5,
                duration_millis = $6, next_attempt_at = now() + $7::bigint * interval '1 millisecond'
            where delivery_id = $1 and claims = $2 and state = 'pending'
            """;

    /** Records how an attempt ended, unless the delivery was claimed or replayed again since. */
    public Future<Void> settle(DueDelivery made, Attempt how) {
        return database.rows(
                        SETTLE,
                        made.deliveryId(),
                        made.claim(),
                        how.state(),
                        how.status(),
                        how.error().map(Sql::clean),
                        how.durationMillis(),
                        how.retryMillis())
                .mapEmpty();
    }

    private static final String PURGE_OLD = """
            delete from webhook_deliveries where delivery_id in (
                select delivery_id from webhook_deliveries
                where created_at < now() - interval '7 days' and next_attempt_at is null limit %d)
            """.formatted(PURGED_AT_ONCE);

    /** Deletes the deliveries that are too many; waiting ones go last. The rows are sorted only of webhooks that have too many. */
    private static final String PURGE_MANY = """
            with many as (
                select d.delivery_id from webhooks w cross join lateral (
                    select delivery_id from webhook_deliveries where webhook_id = w.webhook_id
                    order by next_attempt_at is not null desc, created_at desc, delivery_id offset %1$d) d
                where exists (select from webhook_deliveries where webhook_id = w.webhook_id offset %1$d) limit %2$d),
            gone as (
                delete from webhook_deliveries where delivery_id in (select delivery_id from many) returning next_attempt_at)
            select count(*), count(next_attempt_at) from gone
            """.formatted(MAX_KEPT, PURGED_AT_ONCE);

    /**
     * Removes some of the deliveries that ended and are older than a week, and of those of a webhook that has too many: the oldest that
     * ended, then the oldest that wait.
     */
    public Future<Purged> purge() {
        return database.update(PURGE_OLD)
                .compose(old -> database.rows(PURGE_MANY)
                        .map(rows -> rows.iterator().next())
                        .map(many -> new Purged(Math.max(old, many.getLong(0)) == PURGED_AT_ONCE, many.getLong(1))));
    }
}
