package dev.berth.history;

import static dev.berth.history.SessionRepository.utc;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** The webhooks of users. Thread-safe. */
public final class WebhookRepository {
    /** Of a user. */
    public static final int MAX_OF_USER = 20;

    private final Pool pool;

    public WebhookRepository(Database database) {
        this.pool = database.pool();
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
        Tuple row = Tuple.of(webhook.webhookId(), webhook.userId(), webhook.url())
                .addArrayOfString(webhook.events().toArray(String[]::new))
                .addString(webhook.secret())
                .addOffsetDateTime(utc(webhook.createdAt()))
                .addInteger(MAX_OF_USER)
                .addLong(webhook.keyId());
        return pool.withTransaction(connection -> connection
                        .preparedQuery(LOCK)
                        .execute(Tuple.of(webhook.userId()))
                        .compose(locked -> connection.preparedQuery(ADD).execute(row)))
                .map(added -> added.rowCount() == 1);
    }

    private static final String LIST = "select * from webhooks where user_id = $1 order by created_at, webhook_id";

    /** A user's, oldest first. */
    public Future<List<Webhook>> list(long userId) {
        return pool.preparedQuery(LIST).execute(Tuple.of(userId)).map(WebhookRepository::webhooks);
    }

    private static final String FIND = "select * from webhooks where user_id = $1 and webhook_id = $2";

    public Future<Optional<Webhook>> find(long userId, String webhookId) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(userId, webhookId))
                .map(rows -> webhooks(rows).stream().findFirst());
    }

    private static final String REMOVE = "delete from webhooks where user_id = $1 and webhook_id = $2";

    /** Removes a webhook with its deliveries; gives whether there was one. */
    public Future<Boolean> remove(long userId, String webhookId) {
        return pool.preparedQuery(REMOVE).execute(Tuple.of(userId, webhookId)).map(removed -> removed.rowCount() == 1);
    }

    private static List<Webhook> webhooks(RowSet<Row> rows) {
        return rows.stream()
                .map(row -> new Webhook(
                        row.getString("webhook_id"),
                        row.getLong("user_id"),
                        row.getLong("key_id"),
                        row.getString("url"),
                        List.of(row.getArrayOfStrings("events")),
                        row.getString("secret"),
                        SessionRow.instant(row, "created_at")))
                .toList();
    }
}
