package dev.berth.http.request;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.access.AdminLog;
import dev.berth.access.AdminLog.Act;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** The admins' reading of sessions of other users, where the server's settings allow it. For any event loop. */
public final class AdminReads {
    private static final int MAX_KNOWN = 10_000;
    private static final String FOREIGN = "berth.foreign-session";

    private final boolean allowed;
    private final AdminAccess who;
    private final AdminLog log;
    /** One entry in the log tells of all requests of a key for a session within an hour: a page makes dozens. */
    private final Cache<Opening, Future<Void>> told = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofHours(1))
            .maximumSize(MAX_KNOWN)
            .executor(Runnable::run)
            .build();

    private record Opening(long keyId, SessionId session) {}

    public AdminReads(boolean allowed, AdminAccess who, AdminLog log) {
        this.allowed = allowed;
        this.who = who;
        this.log = log;
    }

    /** Whether the request may read a session of another user. */
    boolean allows(RoutingContext ctx) {
        return allowed && Authentication.key(ctx).admin() && Reading.isOfSession(ctx);
    }

    /** Logs that the request reads this session of another user; completes when Postgres has the entry. */
    Future<Void> opened(RoutingContext ctx, SessionId session) {
        ctx.put(FOREIGN, true);
        Opening opening = new Opening(Authentication.key(ctx).keyId(), session);
        return CallersContext.bring(told.get(opening, now -> tell(ctx, session)))
                .onFailure(e -> told.invalidate(opening));
    }

    private Future<Void> tell(RoutingContext ctx, SessionId session) {
        return who.actor(ctx).compose(by -> log.add(by, Act.SESSION_OPENED, session.value(), new JsonObject()));
    }

    /** Whether the session that the request reads is of another user than its key. */
    public static boolean isForeign(RoutingContext ctx) {
        return ctx.get(FOREIGN, false);
    }
}
