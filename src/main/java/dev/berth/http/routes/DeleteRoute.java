package dev.berth.http.routes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.berth.access.AdminLog;
import dev.berth.history.retention.Removals.RemovedSession;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.retention.Purge;
import dev.berth.retention.Purge.Purged;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Ends a session, and removes it where that is asked for. */
public final class DeleteRoute {
    private final SessionAccess access;
    private final AdminAccess who;
    private final AdminLog log;
    private final Purge purge;

    public DeleteRoute(SessionAccess access, AdminAccess who, AdminLog log, Purge purge) {
        this.access = access;
        this.who = who;
        this.log = log;
        this.purge = purge;
    }

    /** The response. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Deleted(boolean success, String message, Optional<Gone> removed) {}

    /** The parts of a session that were deleted. */
    public record Gone(
            @JsonUnwrapped @JsonIgnoreProperties("objectKeys")
            RemovedSession removed,

            long objectsLeft) {
        static Gone of(Purged purged) {
            return new Gone(purged.removed(), purged.objectsLeft());
        }
    }

    public Future<Deleted> delete(RoutingContext ctx) {
        return end(ctx).compose(ended -> QueryParameters.of(ctx).flag("purge")
                ? purge(ctx)
                : Future.succeededFuture(new Deleted(true, "Session terminated", Optional.empty())));
    }

    /** Ends the session, if it has not ended. */
    public Future<?> end(RoutingContext ctx) {
        return access.ask(
                ctx,
                new EndSession(EndReason.CLIENT),
                Future::succeededFuture,
                ended -> ended.status().terminal()
                        ? Future.succeededFuture()
                        : access.endLost(ended).mapEmpty());
    }

    private Future<Deleted> purge(RoutingContext ctx) {
        return who.actor(ctx)
                .compose(by -> log.add(
                        by, AdminLog.Act.SESSION_PURGED, SessionAccess.id(ctx).value(), new JsonObject()))
                .compose(told -> purge.run(SessionAccess.id(ctx), Authentication.user(ctx)))
                .map(purged -> purged.map(Gone::of)
                        .map(gone -> new Deleted(true, "Session removed", Optional.of(gone)))
                        .orElseThrow(() -> new BerthException(
                                ErrorCode.SESSION_NOT_FOUND, "the session has already been removed")));
    }
}
