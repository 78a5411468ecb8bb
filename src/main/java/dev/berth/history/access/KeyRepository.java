package dev.berth.history.access;

import dev.berth.history.Database;
import dev.berth.history.Sql;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Users, the hashes of their API keys, and the secrets that all nodes share. Thread-safe. */
public final class KeyRepository {
    private final Database database;

    public KeyRepository(Database database) {
        this.database = database;
    }

    /** The hash that is stored of a key. */
    public static byte[] hash(String key) {
        return Sql.sha256(key);
    }

    private static final String COUNT_KEYS = "select count(*) from api_keys";

    public Future<Boolean> hasKeys() {
        return database.number(COUNT_KEYS).map(keys -> keys > 0);
    }

    private static final String ADD_USER = "insert into users (name) values ($1) on conflict (name) do nothing";
    private static final String ADD_KEY = """
            insert into api_keys (key_hash, user_id, name, admin) select $1, user_id, $3, $4 from users where name = $2
            on conflict (key_hash) do update set admin = true where excluded.admin and not api_keys.admin
            """;

    /** Adds a key without a name that is no admin's. */
    public Future<Void> add(String user, String key) {
        return add(user, "", false, key);
    }

    /**
     * Adds {@code key} for {@code user}, and creates the user if needed.
     *
     * @param name tells people what the key is for
     */
    public Future<Void> add(String user, String name, boolean admin, String key) {
        return database.rows(ADD_USER, user)
                .compose(done -> database.rows(ADD_KEY, Buffer.buffer(hash(key)), user, name, admin))
                .mapEmpty();
    }

    /** A key in a list. */
    public record Listed(long keyId, String user, String name, boolean admin, OffsetDateTime createdAt) {}

    private static final String LIST = """
            select key_id, users.name as user_name, api_keys.name, admin, api_keys.created_at
            from api_keys join users using (user_id) order by key_id
            """;

    /** All keys, oldest first. */
    public Future<List<Listed>> list() {
        return database.list(
                LIST,
                row -> new Listed(
                        row.getLong("key_id"),
                        row.getString("user_name"),
                        row.getString("name"),
                        row.getBoolean("admin"),
                        row.getOffsetDateTime("created_at")));
    }

    private static final String REVOKE = """
            delete from api_keys where key_id = $1
            and (not admin or exists (select from api_keys other where other.admin and other.key_id <> $1))
            """;

    /** Revokes a key, on all nodes at once. Gives whether it did: not where there is no such key, or it is the last one of an admin. */
    public Future<Boolean> revoke(long keyId) {
        return database.update(REVOKE, keyId).map(revoked -> revoked > 0);
    }

    /** However many sessions the user has. */
    private static final String REMOVE_LIMIT = "set local statement_timeout = '15s'";

    private static final String OBJECTS = """
            with of_user as (select session_id from sessions join users using (user_id) where name = $1)
            select object_key from log_chunks join of_user using (session_id)
            union select object_key from artifacts join of_user using (session_id)
            """;

    private static final String REMOVE = """
            with gone as (select user_id from users where name = $1),
                removed_sessions as (delete from sessions using gone where sessions.user_id = gone.user_id),
                removed_keys as (delete from api_keys using gone where api_keys.user_id = gone.user_id)
            delete from users using gone where users.user_id = gone.user_id
            """;

    /**
     * Removes {@code user}, if it exists, with its keys and ended sessions. Gives the keys of the sessions' objects, to which nothing
     * refers any more.
     */
    public Future<List<String>> remove(String user) {
        return database.transaction(together -> together.rows(REMOVE_LIMIT)
                .compose(limited -> together.list(OBJECTS, row -> row.getString(0), user))
                .compose(objects -> together.rows(REMOVE, user).map(objects)));
    }

    private static final String FIND = "select key_id, user_id, admin from api_keys where key_hash = $1";

    /** The key with this hash; empty where there is none. */
    public Future<Optional<ApiKey>> find(byte[] hash) {
        return database.first(
                FIND,
                row -> new ApiKey(row.getLong("key_id"), row.getLong("user_id"), row.getBoolean("admin")),
                Buffer.buffer(hash));
    }

    private static final String USER = "select user_id from api_keys where key_id = $1";

    /** The user of a key; empty where the key does not exist. */
    public Future<Optional<Long>> user(long keyId) {
        return database.first(USER, row -> row.getLong(0), keyId);
    }

    private static final String USER_NAME = "select name from users where user_id = $1";

    /** The name of a user; empty where there is none. */
    public Future<Optional<String>> userName(long userId) {
        return database.first(USER_NAME, row -> row.getString(0), userId);
    }

    private static final String FIND_IDS = "select key_id from api_keys where key_id = any($1)";

    /** The ids among these whose keys still exist. */
    Future<Set<Long>> findIds(Collection<Long> keyIds) {
        return database.list(FIND_IDS, row -> row.getLong(0), Sql.longs(keyIds)).map(HashSet::new);
    }

    private static final String ADD_SECRET =
            "insert into secrets (name, value) values ($1, $2) on conflict (name) do nothing";
    private static final String GET_SECRET = "select value from secrets where name = $1";

    /** The secret of this name; stores {@code candidate} if no node has stored one before. */
    public Future<byte[]> secret(String name, byte[] candidate) {
        return database.rows(ADD_SECRET, name, Buffer.buffer(candidate))
                .compose(done ->
                        database.first(GET_SECRET, row -> row.getBuffer(0).getBytes(), name))
                .map(Optional::orElseThrow);
    }
}
