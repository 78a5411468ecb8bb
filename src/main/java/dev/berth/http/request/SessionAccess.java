package dev.berth.http.request;

import dev.berth.history.SessionRepository;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;

/** Reaches a user's sessions: live ones over the bus, ended ones in the history. */
public final class SessionAccess {
    private final SessionClient client;
    private final SessionRepository sessions;

    public SessionAccess(SessionClient client, SessionRepository sessions) {
        this.client = client;
        this.sessions = sessions;
    }

    /** The session that the path names. Something that is no id gets the same error as an unknown session. */
    public static SessionId id(RoutingContext ctx) {
        return id(ctx.pathParam("sessionId"));
    }

    /** The session that a request names. */
    public static SessionId id(String text) {
        return SessionId.parse(text).orElseThrow(SessionAccess::notFound);
    }

    private static BerthException notFound() {
        return new BerthException(ErrorCode.SESSION_NOT_FOUND, "you have no session with this id");
    }

    /** Asks the live session. Where there is none, {@code ended} answers from its row in the history. */
    public <R extends SessionReply, T> Future<T> ask(
            RoutingContext ctx,
            SessionCommand<R> command,
            Function<R, Future<T>> live,
            Function<SessionDescription, Future<T>> ended) {
        long user = Authentication.user(ctx);
        return ask(client.as(user), user, id(ctx), command, live, ended);
    }

    private <R extends SessionReply, T> Future<T> ask(
            SessionClient asking,
            long user,
            SessionId id,
            SessionCommand<R> command,
            Function<R, Future<T>> live,
            Function<SessionDescription, Future<T>> ended) {
        return asking.ask(id, command).transform(asked -> {
            if (asked.succeeded()) {
                return live.apply(asked.result());
            }
            return ErrorCode.SESSION_NOT_FOUND.isOf(asked.cause())
                    ? find(id, user).compose(ended)
                    : Future.failedFuture(asked.cause());
        });
    }

    /** The session, if it belongs to the user. */
    public Future<SessionDescription> describe(RoutingContext ctx) {
        return describe(Authentication.user(ctx), id(ctx));
    }

    public Future<SessionDescription> describe(long user, SessionId id) {
        return ask(client.as(user), user, id, new DescribeSession(), Future::succeededFuture, Future::succeededFuture);
    }

    /** Asks the live session. Fails with 410 and the reason where the session has ended. */
    public <R extends SessionReply> Future<R> askLive(RoutingContext ctx, SessionCommand<R> command) {
        return askLive(ctx, client.as(Authentication.user(ctx)), command);
    }

    /** Performs an action in the live session. Fails with 410 and the reason where the session has ended. */
    public <R extends SessionReply> Future<R> act(RoutingContext ctx, Action<R> action, Optional<String> page) {
        SessionClient asking = client.as(Authentication.user(ctx));
        return askLive(ctx, page.map(asking::on).orElse(asking), action);
    }

    private <R extends SessionReply> Future<R> askLive(
            RoutingContext ctx, SessionClient asking, SessionCommand<R> command) {
        return ask(
                asking,
                Authentication.user(ctx),
                id(ctx),
                command,
                Future::succeededFuture,
                over -> Future.failedFuture(over.absence()));
    }

    /** Ends a session whose row says that it is live, but which does not answer. */
    public Future<?> endLost(SessionDescription session) {
        return client.endLost(session.machineId(), session.sessionId())
                .recover(e -> Future.failedFuture(new BerthException(
                        ErrorCode.NOT_READY,
                        "the session was not ended: its node " + session.machineId() + " is not responding",
                        e)));
    }

    private Future<SessionDescription> find(SessionId id, long user) {
        return sessions.find(id, user).map(found -> found.orElseThrow(SessionAccess::notFound));
    }
}
