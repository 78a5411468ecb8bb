package dev.berth.http.request;

import dev.berth.access.Actor;
import dev.berth.access.ApiKey;
import dev.berth.access.KeyRepository;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** The actor of a request about the whole server, for the log of such acts. For any event loop. */
public final class AdminAccess {
    private final KeyRepository keys;

    public AdminAccess(KeyRepository keys) {
        this.keys = keys;
    }

    /** Fails where the request's key is no admin's. */
    public static Future<Void> require(RoutingContext ctx) {
        return Authentication.key(ctx).admin()
                ? Future.succeededFuture()
                : Future.failedFuture(new BerthException(
                        ErrorCode.FORBIDDEN,
                        "this request needs an admin's key",
                        "the first key is an admin's; GET /api/me shows whether a key is"));
    }

    /** The admin whose key the request has; fails where the key is no admin's. */
    public Future<Actor> admin(RoutingContext ctx) {
        return require(ctx).compose(admin -> actor(ctx));
    }

    /** The user and key of the request, admin or not. */
    public Future<Actor> actor(RoutingContext ctx) {
        ApiKey key = Authentication.key(ctx);
        return keys.userName(key.userId())
                .map(name -> new Actor(
                        Optional.of(key.keyId()),
                        name.orElse(""),
                        ctx.request().remoteAddress().hostAddress()));
    }
}
