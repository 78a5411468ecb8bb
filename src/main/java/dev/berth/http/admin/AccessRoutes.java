package dev.berth.http.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.berth.access.Actor;
import dev.berth.access.KeyAdministration;
import dev.berth.access.KeyAdministration.NewKey;
import dev.berth.access.KeyAdministration.Wish;
import dev.berth.access.KeyLimits;
import dev.berth.access.ListedKey;
import dev.berth.access.Role;
import dev.berth.access.UserAdministration;
import dev.berth.access.UserAdministration.User;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.JsonBody;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.Validation;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The routes of admins for users and their API keys. For any event loop. */
public final class AccessRoutes {
    static final int DEFAULT_LIMIT = 30;

    private static final Pattern KEY_ID = Pattern.compile("\\d{1,18}");
    private final UserAdministration users;
    private final KeyAdministration keys;
    private final AdminAccess access;
    private final SessionEnds ends;

    public AccessRoutes(UserAdministration users, KeyAdministration keys, AdminAccess access, SessionEnds ends) {
        this.users = users;
        this.keys = keys;
        this.access = access;
        this.ends = ends;
    }

    /** The response to {@code DELETE}: how many keys and sessions the user had. */
    public record Removed(boolean success, long keys, long sessions) {}

    public Future<User> createUser(RoutingContext ctx) {
        return access.admin(ctx).compose(by -> users.create(by, JsonBody.of(ctx).getString("user")));
    }

    public Future<UserAdministration.Page> listUsers(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        return AdminAccess.require(ctx).compose(admin -> users.list(query.limit(DEFAULT_LIMIT), query.offset()));
    }

    public Future<Removed> removeUser(RoutingContext ctx) {
        String user = ctx.pathParam("user");
        return access.admin(ctx)
                .compose(by -> (endsSessions(ctx) ? endSessions(by, user) : Future.succeededFuture())
                        .compose(ended -> users.remove(by, user)))
                .map(removed -> new Removed(true, removed.keys(), removed.sessions()));
    }

    private Future<?> endSessions(Actor by, String user) {
        return users.requireRemovable(user).compose(fine -> ends.endOfUser(by, user));
    }

    private static boolean endsSessions(RoutingContext ctx) {
        return QueryParameters.of(ctx).text("sessions").isPresent();
    }

    public Future<NewKey> createKey(RoutingContext ctx) {
        JsonObject body = JsonBody.of(ctx);
        return access.admin(ctx)
                .compose(by -> keys.create(
                        by,
                        new Wish(
                                body.getString("user"),
                                body.getString("name", ""),
                                role(body),
                                expiry(body),
                                limits(body).orElse(KeyLimits.NONE))));
    }

    /** {@code admin} is the older form of {@code role}. */
    private static Role role(JsonObject body) {
        boolean admin = body.getBoolean("admin", false);
        Role role =
                Optional.ofNullable(body.getString("role")).flatMap(Role::parse).orElse(admin ? Role.ADMIN : Role.USER);
        if (body.containsKey("admin") && admin != (role == Role.ADMIN)) {
            throw Validation.invalid("admin: can't be combined with role " + role.wireName() + "; leave it out");
        }
        return role;
    }

    public Future<KeyAdministration.Page> listKeys(RoutingContext ctx) {
        QueryParameters query = QueryParameters.of(ctx);
        return AdminAccess.require(ctx)
                .compose(admin -> keys.list(query.text("user"), query.limit(DEFAULT_LIMIT), query.offset()));
    }

    public Future<ListedKey> changeKey(RoutingContext ctx) {
        JsonObject body = JsonBody.of(ctx);
        return access.admin(ctx).compose(by -> keys.change(by, id(ctx), key -> changed(key, body)));
    }

    private static ListedKey changed(ListedKey key, JsonObject body) {
        if (body.isEmpty()) {
            throw Validation.invalid("the body: must have name, expiresAt or limits");
        }
        ListedKey named = key.named(body.getString("name", key.name()));
        ListedKey expiring = body.containsKey("expiresAt") ? named.expiring(expiry(body)) : named;
        return limits(body).map(expiring::limited).orElse(expiring);
    }

    /**
     * The response to the {@code DELETE} of a key.
     *
     * @param sessionsEnded how many sessions of the key were ended, where that was asked for
     */
    @JsonInclude(Include.NON_ABSENT)
    public record Revoked(boolean success, Optional<Integer> sessionsEnded) {}

    /** The sessions end after the key, with which no further one is made then. */
    public Future<Revoked> revokeKey(RoutingContext ctx) {
        long key = id(ctx);
        return access.admin(ctx)
                .compose(by -> keys.revoke(by, key)
                        .compose(revoked -> endsSessions(ctx)
                                ? ends.endOfKey(by, key).map(Optional::of).recover(AccessRoutes::notAllEnded)
                                : Future.succeededFuture(Optional.<Integer>empty())))
                .map(ended -> new Revoked(true, ended));
    }

    private static <T> Future<T> notAllEnded(Throwable e) {
        return Future.failedFuture(new BerthException(
                ErrorCode.NOT_READY,
                "the key is revoked, but not all of its sessions have ended: " + e.getMessage(),
                "GET /api/admin/sessions lists the running sessions; DELETE /api/admin/sessions/:id ends one"));
    }

    public Future<NewKey> rotateKey(RoutingContext ctx) {
        long graceSeconds = JsonBody.of(ctx).getLong("graceSeconds", 0L);
        return access.admin(ctx).compose(by -> keys.rotate(by, id(ctx), graceSeconds));
    }

    private static long id(RoutingContext ctx) {
        return Optional.of(ctx.pathParam("keyId"))
                .filter(text -> KEY_ID.matcher(text).matches())
                .map(Long::valueOf)
                .orElseThrow(() -> new BerthException(
                        ErrorCode.NOT_FOUND, "keyId: must be the keyId of a key in GET /api/admin/keys"));
    }

    private static Optional<Instant> expiry(JsonObject body) {
        try {
            return Optional.ofNullable(body.getString("expiresAt")).map(Instant::parse);
        } catch (DateTimeParseException e) {
            throw Validation.invalid("expiresAt: must be a time such as 2026-01-02T03:04:05Z");
        }
    }

    private static Optional<KeyLimits> limits(JsonObject body) {
        return Optional.ofNullable(body.getJsonObject("limits")).map(KeyLimits::of);
    }
}
