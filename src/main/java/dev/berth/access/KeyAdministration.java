package dev.berth.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.berth.access.AdminLog.Act;
import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.database.Statements;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The acts of admins on API keys. All nodes hear of each act, by triggers, and each has its entry in the log. Thread-safe. */
public final class KeyAdministration {
    private final Database database;

    public KeyAdministration(Database database) {
        this.database = database;
    }

    /**
     * A key that is wished for.
     *
     * @param name tells people what the key is for
     */
    public record Wish(String user, String name, Role role, Optional<Instant> expiresAt, KeyLimits limits) {
        public Wish {
            ListedKey.checkExpiry(expiresAt);
        }
    }

    /** A new key, with the key itself, which is told only now. */
    @JsonInclude(Include.NON_ABSENT)
    public record NewKey(
            long keyId,
            String key,
            String user,
            String name,
            Role role,
            Instant createdAt,
            Optional<Instant> expiresAt,
            KeyLimits limits) {
        /** Whether the role is that of an admin. */
        @JsonProperty
        public boolean admin() {
            return role == Role.ADMIN;
        }
    }

    /** A page of the list of keys, and the total number of keys. */
    public record Page(List<ListedKey> keys, long total) {}

    private static final String LIST = """
            select key_id, users.name as user_name, api_keys.name, admin, viewer, api_keys.created_at, expires_at, last_used_at, limits
            from api_keys join users using (user_id) where $1::text is null or users.name = $1 order by key_id limit $2 offset $3
            """;
    private static final String COUNT =
            "select count(*) from api_keys join users using (user_id) where $1::text is null or users.name = $1";

    /**
     * The keys, oldest first.
     *
     * @param user the name of the user whose keys are listed; those of all where it is absent
     */
    public Future<Page> list(Optional<String> user, int limit, long offset) {
        return database.list(LIST, ListedKey::of, user, (long) limit, offset)
                .compose(keys -> database.number(COUNT, user).map(total -> new Page(keys, total)));
    }

    private static final String ADD = """
            insert into api_keys (key_hash, user_id, name, admin, viewer, expires_at, limits)
            select $1, user_id, $3, $4, $5, $6, $7 from users where name = $2 returning key_id, created_at
            """;

    /** Makes a key, and its user where there is none of this name. */
    public Future<NewKey> create(Actor by, Wish wish) {
        UserAdministration.checkText("user", wish.user());
        UserAdministration.checkText("name", wish.name());
        return database.transaction(together -> UserAdministration.ensure(together, by, wish.user())
                .compose(there -> add(together, wish))
                .compose(
                        made -> AdminLog.add(together, by, Act.KEY_CREATED, String.valueOf(made.keyId()), details(wish))
                                .map(made)));
    }

    private static Future<NewKey> add(Statements together, Wish wish) {
        String key = KeyRepository.random();
        return together.first(
                        ADD,
                        row -> new NewKey(
                                row.getLong("key_id"),
                                key,
                                wish.user(),
                                wish.name(),
                                wish.role(),
                                Sql.instant(row, "created_at"),
                                wish.expiresAt(),
                                wish.limits()),
                        Buffer.buffer(KeyRepository.hash(key)),
                        wish.user(),
                        wish.name(),
                        wish.role() == Role.ADMIN,
                        wish.role() == Role.VIEWER,
                        wish.expiresAt(),
                        Sql.json(wish.limits()))
                .map(Optional::orElseThrow);
    }

    private static JsonObject details(Wish wish) {
        JsonObject details = new JsonObject().put("user", wish.user()).put("name", wish.name());
        if (wish.role() != Role.USER) {
            details.put("role", wish.role().wireName());
        }
        wish.expiresAt().ifPresent(at -> details.put("expiresAt", at.toString()));
        return wish.limits().isEmpty() ? details : details.put("limits", Sql.json(wish.limits()));
    }

    private static final String CHANGE =
            "update api_keys set name = $2, expires_at = $3, limits = $4 where key_id = $1";

    /** Changes a key's name, expiry or limits. */
    public Future<ListedKey> change(Actor by, long keyId, UnaryOperator<ListedKey> change) {
        return onKey(keyId, (together, old) -> {
            ListedKey changed = change.apply(old);
            return (changed.keepsTheDoorOpen() ? Future.<Void>succeededFuture() : refuseIfLast(together, old))
                    .compose(fine -> together.rows(
                            CHANGE, keyId, changed.name(), changed.expiresAt(), Sql.json(changed.limits())))
                    .compose(done -> AdminLog.add(
                            together, by, Act.KEY_CHANGED, String.valueOf(keyId), difference(old, changed)))
                    .map(changed);
        });
    }

    private static JsonObject difference(ListedKey old, ListedKey changed) {
        JsonObject details = new JsonObject().put("user", old.user()).put("name", changed.name());
        if (!old.name().equals(changed.name())) {
            details.put("nameBefore", old.name());
        }
        if (!old.expiresAt().equals(changed.expiresAt())) {
            details.put("expiresAt", changed.expiresAt().map(Instant::toString).orElse("never"));
        }
        return old.limits().equals(changed.limits()) ? details : details.put("limits", Sql.json(changed.limits()));
    }

    private static final String REVOKE = "delete from api_keys where key_id = $1";

    public Future<Void> revoke(Actor by, long keyId) {
        return onKey(
                keyId,
                (together, old) -> refuseIfLast(together, old)
                        .compose(fine -> together.rows(REVOKE, keyId))
                        .compose(done -> AdminLog.add(
                                together, by, Act.KEY_REVOKED, String.valueOf(keyId), difference(old, old))));
    }

    private static final String HAND_OVER = """
            with hooks as (update webhooks set key_id = $2 where key_id = $1)
            update share_links set key_id = $2 where key_id = $1
            """;
    private static final String EXPIRE =
            "update api_keys set expires_at = least(expires_at, now() + $2 * interval '1 second') where key_id = $1";

    /** Makes a new key like the old one, with its webhooks and links. The old one ends after the grace: at once where that is 0. */
    public Future<NewKey> rotate(Actor by, long keyId, long graceSeconds) {
        return onKey(
                keyId,
                (together, old) -> add(together, like(old))
                        .compose(made -> together.rows(HAND_OVER, keyId, made.keyId())
                                .compose(done -> graceSeconds == 0
                                        ? together.rows(REVOKE, keyId)
                                        : together.rows(EXPIRE, keyId, (double) graceSeconds))
                                .compose(done -> AdminLog.add(
                                        together,
                                        by,
                                        Act.KEY_ROTATED,
                                        String.valueOf(keyId),
                                        difference(old, old)
                                                .put("newKeyId", made.keyId())
                                                .put("graceSeconds", graceSeconds)))
                                .map(made)));
    }

    /** A key like the old one, which lives from now on as long as the old one was to live when it was made. */
    private static Wish like(ListedKey old) {
        return new Wish(
                old.user(),
                old.name(),
                old.role(),
                old.expiresAt().map(at -> Instant.now().plus(Duration.between(old.createdAt(), at))),
                old.limits());
    }

    /** Does something with a key that stays as it is meanwhile. */
    private interface OnKey<T> {
        Future<T> apply(Statements together, ListedKey key);
    }

    private static final String FIND = """
            select key_id, users.name as user_name, api_keys.name, admin, viewer, api_keys.created_at, expires_at, last_used_at, limits
            from api_keys join users using (user_id) where key_id = $1 for no key update of api_keys
            """;

    private <T> Future<T> onKey(long keyId, OnKey<T> work) {
        return database.transaction(together -> lockAdmins(together)
                .compose(locked -> together.first(FIND, ListedKey::of, keyId))
                .map(found -> found.orElseThrow(() -> new BerthException(
                        ErrorCode.NOT_FOUND,
                        "no key has the id " + keyId + ": it was revoked, has expired, or never existed")))
                .compose(key -> work.apply(together, key)));
    }

    private static final String LOCK_ADMINS =
            "select from api_keys where admin and expires_at is null order by key_id for no key update";

    /** Locks the admins' keys, so that two admins do not take each other's keys away at the same time. */
    static Future<?> lockAdmins(Statements together) {
        return together.rows(LOCK_ADMINS);
    }

    private static final String ANOTHER =
            "select count(*) from api_keys where admin and expires_at is null and key_id <> $1";

    /** Without an admin's key nobody could make keys over HTTP, and without any key the next start makes the first one valid again. */
    private static Future<Void> refuseIfLast(Statements together, ListedKey old) {
        return old.keepsTheDoorOpen()
                ? together.number(ANOTHER, old.keyId())
                        .compose(others -> others > 0 ? Future.succeededFuture() : Future.failedFuture(last()))
                : Future.succeededFuture();
    }

    static BerthException last() {
        return new BerthException(
                ErrorCode.CONFLICT,
                "this is the last admin key without an expiry, and at least one must remain",
                "create another admin key without an expiry first");
    }
}
