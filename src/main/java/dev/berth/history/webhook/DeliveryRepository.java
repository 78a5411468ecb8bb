package dev.berth.history.webhook;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Deliveries as users see them. Thread-safe. */
public final class DeliveryRepository {
    /** The type of the event that {@link #test} sends. */
    public static final String TEST = "webhook.test";

    /** Tests of a webhook that may wait at the same time. */
    public static final int MAX_TESTS = 10;

    private final Database database;

    public DeliveryRepository(Database database) {
        this.database = database;
    }

    /**
     * An event that a webhook is told, or was.
     *
     * @param state {@code pending}, {@code retrying}, {@code delivered} or {@code failed}
     * @param attempts how many have ended since it was made or replayed
     * @param nextAttemptAt present only while it is pending or retrying
     * @param lastStatus of the last answer, if there was one
     * @param lastError why the last attempt failed
     * @param durationMillis of the last attempt
     */
    public record Delivery(
            String deliveryId,
            String event,
            Optional<String> sessionId,
            Optional<String> taskId,
            Instant createdAt,
            String state,
            int attempts,
            Optional<Instant> nextAttemptAt,
            Optional<Integer> lastStatus,
            Optional<String> lastError,
            Optional<Long> durationMillis) {}

    /**
     * A part of the list.
     *
     * @param total the number of all of the webhook
     */
    public record Page(List<Delivery> deliveries, long total) {}

    private static final String LIST = """
            select * from webhook_deliveries where webhook_id = $1 order by created_at desc, delivery_id limit $2 offset $3
            """;

    private static final String COUNT = "select count(*) from webhook_deliveries where webhook_id = $1";

    /** The deliveries of a webhook, newest first. */
    public Future<Page> list(String webhookId, int limit, long offset) {
        return Future.all(
                        database.list(LIST, DeliveryRepository::delivery, webhookId, limit, offset),
                        database.number(COUNT, webhookId))
                .map(both -> new Page(both.resultAt(0), both.resultAt(1)));
    }

    /** Looks at few of them: a webhook may have thousands, and a user who looks at the webhooks asks every few seconds. */
    private static final String LAST_FAILURES = """
            select failed.* from webhooks w cross join lateral (
                select * from (
                    select * from webhook_deliveries where webhook_id = w.webhook_id
                    order by created_at desc, delivery_id limit 100) latest
                where last_error is not null order by created_at desc, delivery_id limit 1) failed
            where w.user_id = $1
            """;

    /**
     * The last failure of each of a user's webhooks, by the webhook's id: the newest of its latest 100 deliveries whose last attempt
     * failed. A webhook without such a delivery has no entry.
     */
    public Future<Map<String, Delivery>> lastFailures(long userId) {
        return database.rows(LAST_FAILURES, userId)
                .map(rows -> rows.stream()
                        .collect(Collectors.toMap(row -> row.getString("webhook_id"), DeliveryRepository::delivery)));
    }

    private static final String REPLAY = """
            update webhook_deliveries set state = 'pending', attempts = 0, claims = claims + 1, next_attempt_at = now()
            where webhook_id = $1 and delivery_id = $2 returning *
            """;

    /** Makes a delivery due again, with all its attempts before it, and records nothing of one that is being made; empty where the webhook has no such delivery. */
    public Future<Optional<Delivery>> replay(String webhookId, String deliveryId) {
        return database.first(REPLAY, DeliveryRepository::delivery, webhookId, deliveryId);
    }

    private static final String ADD_TEST = """
            insert into webhook_deliveries (delivery_id, webhook_id, event)
            select 'delivery-' || $2, webhook_id, $3 from webhooks where webhook_id = $1 and (
                select count(*) from webhook_deliveries
                where webhook_id = $1 and next_attempt_at is not null and event = $3) < $4
            returning *
            """;

    /** Makes a delivery that tells of nothing; empty where too many tests of the webhook wait. */
    public Future<Optional<Delivery>> test(String webhookId) {
        return database.first(
                ADD_TEST,
                DeliveryRepository::delivery,
                webhookId,
                UUID.randomUUID().toString(),
                TEST,
                MAX_TESTS);
    }

    /** A pending delivery that has been tried is retrying; the row says {@code pending} of both. */
    private static String state(Row row) {
        String state = row.getString("state");
        return state.equals("pending") && row.getInteger("attempts") > 0 ? "retrying" : state;
    }

    private static Delivery delivery(Row row) {
        return new Delivery(
                row.getString("delivery_id"),
                row.getString("event"),
                Sql.optional(row, "session_id"),
                Sql.optional(row, "task_id"),
                Sql.instant(row, "created_at"),
                state(row),
                row.getInteger("attempts"),
                Sql.optionalInstant(row, "next_attempt_at"),
                Optional.ofNullable(row.getInteger("last_status")),
                Sql.optional(row, "last_error"),
                Optional.ofNullable(row.getLong("duration_millis")));
    }
}
