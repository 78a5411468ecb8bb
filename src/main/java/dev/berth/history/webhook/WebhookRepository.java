package dev.berth.history.webhook;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The webhooks of users. Thread-safe. */
public final class WebhookRepository {
    /** Limit for the webhooks of a user. */
    public static final int MAX_OF_USER = 20;

    private final Database database;

    public WebhookRepository(Database database) {
        this.database = database;
    }

    /**
     * A URL that is told of a user's events.
     *
     * @param keyId of the API key that it was made with, and ends with
     * @param secret signs what is sent there
     */
    public record Webhook(
            String webhookId,
            long userId,
            long keyId,
            String url,
            List<String> events,
            String secret,
            Instant createdAt) {
        public Webhook {
            events = List.copyOf(events);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return webhookId;
        }
    }

    private static final String LOCK = "select from users where user_id = $1 for no key update";

    private static final String ADD = """
            insert into webhooks (webhook_id, user_id, url, events, secret, created_at, key_id)
            select $1, $2, $3, $4, $5, $6, $8 where (select count(*) from webhooks where user_id = $2) < $7
            """;

    /**
     * Adds a webhook, unless its user has the most that one may have; gives whether it did. Two statements: the second one counts all
     * that was committed before the lock was given.
     */
    public Future<Boolean> add(Webhook webhook) {
        return database.transaction(together -> together.rows(LOCK, webhook.userId())
                        .compose(locked -> together.update(
                                ADD,
                                webhook.webhookId(),
                                webhook.userId(),
                                webhook.url(),
                                Sql.texts(webhook.events()),
                                webhook.secret(),
                                webhook.createdAt(),
                                MAX_OF_USER,
                                webhook.keyId())))
                .map(added -> added == 1);
    }

    private static final String LIST = "select * from webhooks where user_id = $1 order by created_at, webhook_id";

    /** A user's, oldest first. */
    public Future<List<Webhook>> list(long userId) {
        return database.list(LIST, WebhookRepository::webhook, userId);
    }

    private static final String FIND = "select * from webhooks where user_id = $1 and webhook_id = $2";

    public Future<Optional<Webhook>> find(long userId, String webhookId) {
        return database.first(FIND, WebhookRepository::webhook, userId, webhookId);
    }

    private static final String REMOVE = "delete from webhooks where user_id = $1 and webhook_id = $2";

    /** Removes a webhook with its deliveries; gives whether there was one. */
    public Future<Boolean> remove(long userId, String webhookId) {
        return database.update(REMOVE, userId, webhookId).map(removed -> removed == 1);
    }

    private static Webhook webhook(Row row) {
        return new Webhook(
                row.getString("webhook_id"),
                row.getLong("user_id"),
                row.getLong("key_id"),
                row.getString("url"),
                List.of(row.getArrayOfStrings("events")),
                row.getString("secret"),
                Sql.instant(row, "created_at"));
    }
}
