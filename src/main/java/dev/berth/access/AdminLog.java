package dev.berth.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The log of administrative acts. An entry is written together with its act, or just before, so that no act lacks one. Thread-safe. */
public final class AdminLog {
    private final Database database;

    public AdminLog(Database database) {
        this.database = database;
    }

    /** Kind of an act. The subject of an act is a key's number, a user's name, a node's id or a session's id. */
    public enum Act {
        KEY_CREATED,
        KEY_CHANGED,
        KEY_ROTATED,
        KEY_REVOKED,
        KEY_EXPIRED,
        USER_CREATED,
        USER_REMOVED,
        NODE_DRAINED,
        NODE_UNDRAINED,
        SESSION_OPENED,
        SESSION_ENDED,
        SESSION_PURGED;

        /** The name in Postgres and in the API, such as {@code key.created}. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '.');
        }
    }

    /** An act, as it was told. */
    @JsonInclude(Include.NON_ABSENT)
    public record Entry(
            Instant at,
            Optional<Long> keyId,
            String user,
            String act,
            String subject,
            Map<String, Object> details,
            String address) {}

    /** Entries, the newest first. */
    public record Page(List<Entry> entries, boolean hasMore) {}

    private static final String ADD = """
            insert into admin_log (key_id, user_name, act, subject, details, address) values ($1, $2, $3, $4, $5, $6)
            """;

    /** Adds an entry, in the transaction of what is done. */
    static Future<Void> add(Statements together, Actor by, Act act, String subject, JsonObject details) {
        return together.rows(ADD, by.keyId(), by.user(), act.wireName(), subject, details, by.address())
                .mapEmpty();
    }

    /** Adds an entry of what is done outside Postgres: before it is done. */
    public Future<Void> add(Actor by, Act act, String subject, JsonObject details) {
        return add(database, by, act, subject, details);
    }

    private static final String LIST = "select * from admin_log order by entry_id desc limit $1 offset $2";

    public Future<Page> list(int limit, long offset) {
        return database.list(LIST, AdminLog::entry, limit + 1L, offset)
                .map(found -> new Page(found.stream().limit(limit).toList(), found.size() > limit));
    }

    private static Entry entry(Row row) {
        return new Entry(
                Sql.instant(row, "happened_at"),
                Optional.ofNullable(row.getLong("key_id")),
                row.getString("user_name"),
                row.getString("act"),
                row.getString("subject"),
                row.getJsonObject("details").getMap(),
                row.getString("address"));
    }
}
