package dev.berth.access;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.history.retention.Garbage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Users, the hashes of their API keys, and the secrets that all nodes share. Thread-safe. */
public final class KeyRepository {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 24;

    private final Database database;

    public KeyRepository(Database database) {
        this.database = database;
    }

    /** A random key, not yet stored. */
    public static String random() {
        byte[] random = new byte[KEY_BYTES];
        RANDOM.nextBytes(random);
        return "berth_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
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
            on conflict (key_hash) do update set admin = true, viewer = false where excluded.admin and not api_keys.admin
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

    /** However many sessions the user has. */
    private static final String REMOVE_LIMIT = "set local statement_timeout = '15s'";

    private static final String REMOVE = """
            with gone as (select user_id from users where name = $1),
                removed_sessions as (delete from sessions using gone where sessions.user_id = gone.user_id),
                removed_keys as (delete from api_keys using gone where api_keys.user_id = gone.user_id)
            delete from users using gone where users.user_id = gone.user_id
            """;

    /** Removes {@code user}, if it exists, with its keys and ended sessions; the sessions' objects become {@link Garbage}. */
    public Future<Void> remove(String user) {
        return database.longTransaction(together -> remove(together, user));
    }

    static Future<Void> remove(Statements together, String user) {
        return together.rows(REMOVE_LIMIT)
                .compose(limited -> together.rows(REMOVE, user))
                .mapEmpty();
    }

    private static final String KEYS = """
            select key_id, user_id, users.name as user_name, api_keys.name, admin, viewer, expires_at, limits
            from api_keys join users using (user_id)
            """;
    private static final String FIND = KEYS + "where key_hash = $1";

    /** The key with this hash, which may have expired; empty where there is none. */
    public Future<Optional<ApiKey>> find(byte[] hash) {
        return database.first(FIND, KeyRepository::key, Buffer.buffer(hash));
    }

    private static final String FIND_BY_ID = KEYS + "where key_id = $1";

    /** The key of this id, which may have expired; empty where there is none. */
    public Future<Optional<ApiKey>> find(long keyId) {
        return database.first(FIND_BY_ID, KeyRepository::key, keyId);
    }

    private static final String FIND_FOR = KEYS + """
            where users.name = $1 and not viewer and (expires_at is null or expires_at > now()) order by key_id limit 1
            """;

    /** The oldest key of a user that may do more than read, without the rights of an admin; empty where the user has none. */
    public Future<Optional<ApiKey>> ofUser(String name) {
        return database.first(FIND_FOR, KeyRepository::key, name).map(found -> found.map(ApiKey::withoutAdmin));
    }

    private static ApiKey key(Row row) {
        return new ApiKey(
                row.getLong("key_id"),
                row.getLong("user_id"),
                row.getString("user_name"),
                row.getString("name"),
                Role.of(row),
                Sql.optionalInstant(row, "expires_at"),
                KeyLimits.of(row.getJsonObject("limits")));
    }

    private static final String USED = """
            update api_keys set last_used_at = greatest(last_used_at, used.at)
            from unnest($1::int8[], $2::timestamptz[]) as used (key_id, at) where api_keys.key_id = used.key_id
            """;

    /** Notes when keys were last used. */
    public Future<Void> used(Map<Long, Instant> times) {
        List<Long> ids = List.copyOf(times.keySet());
        Object at =
                ids.stream().map(id -> times.get(id).atOffset(ZoneOffset.UTC)).toArray(OffsetDateTime[]::new);
        return database.rows(USED, Sql.longs(ids), at).mapEmpty();
    }

    private static final String EXPIRE = """
            with gone as (
                delete from api_keys using users where users.user_id = api_keys.user_id and expires_at <= now()
                returning key_id, users.name as of_user, api_keys.name)
            insert into admin_log (user_name, act, subject, details, address)
            select 'server', 'key.expired', key_id, jsonb_build_object('user', of_user, 'name', name), '' from gone
            """;

    /** Removes the keys that have expired, as if they were revoked. */
    public Future<Void> removeExpired() {
        return database.rows(EXPIRE).mapEmpty();
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
