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
import java.util.function.Supplier;

/** Reaches a user's sessions: live ones over the bus, ended ones in the history. */
public final class SessionAccess {
    private final SessionClient client;
    private final SessionRepository sessions;
    private final AdminReads admins;

    public SessionAccess(SessionClient client, SessionRepository sessions, AdminReads admins) {
        this.client = client;
        this.sessions = sessions;
        this.admins = admins;
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
        SessionId id = id(ctx);
        Future<T> own = ask(client.as(user), ofUser(id, user), id, command, live, ended);
        return own.recover(e -> ErrorCode.SESSION_NOT_FOUND.isOf(e) && admins.allows(ctx)
                ? askForeign(ctx, id, command, live, ended)
                : Future.failedFuture(e));
    }

    /** Asks the session of another user for an admin who may read it. The log tells of that before anything of it is told. */
    private <R extends SessionReply, T> Future<T> askForeign(
            RoutingContext ctx,
            SessionId id,
            SessionCommand<R> command,
            Function<R, Future<T>> live,
            Function<SessionDescription, Future<T>> ended) {
        return ask(
                client,
                () -> sessions.find(id),
                id,
                command,
                reply -> admins.opened(ctx, id).compose(told -> live.apply(reply)),
                over -> admins.opened(ctx, id).compose(told -> ended.apply(over)));
    }

    private Supplier<Future<Optional<SessionDescription>>> ofUser(SessionId id, long user) {
        return () -> sessions.find(id, user);
    }

    /** @param row finds the row in the history */
    private <R extends SessionReply, T> Future<T> ask(
            SessionClient asking,
            Supplier<Future<Optional<SessionDescription>>> row,
            SessionId id,
            SessionCommand<R> command,
            Function<R, Future<T>> live,
            Function<SessionDescription, Future<T>> ended) {
        return asking.ask(id, command).transform(asked -> {
            if (asked.succeeded()) {
                return live.apply(asked.result());
            }
            return ErrorCode.SESSION_NOT_FOUND.isOf(asked.cause())
                    ? row.get().compose(found -> ended.apply(found.orElseThrow(SessionAccess::notFound)))
                    : Future.failedFuture(asked.cause());
        });
    }

    /** The session, if it belongs to the user. */
    public Future<SessionDescription> describe(RoutingContext ctx) {
        return ask(ctx, new DescribeSession(), Future::succeededFuture, Future::succeededFuture);
    }

    public Future<SessionDescription> describe(long user, SessionId id) {
        return ask(
                client.as(user),
                ofUser(id, user),
                id,
                new DescribeSession(),
                Future::succeededFuture,
                Future::succeededFuture);
    }

    /** Asks the live session. Fails with 410 and the reason where the session has ended. */
    public <R extends SessionReply> Future<R> askLive(RoutingContext ctx, SessionCommand<R> command) {
        return ask(ctx, command, Future::succeededFuture, over -> Future.failedFuture(over.absence()));
    }

    /** Performs an action in the live session. Fails with 410 and the reason where the session has ended. */
    public <R extends SessionReply> Future<R> act(RoutingContext ctx, Action<R> action, Optional<String> page) {
        long user = Authentication.user(ctx);
        SessionClient asking = client.as(user);
        return ask(
                page.map(asking::on).orElse(asking),
                ofUser(id(ctx), user),
                id(ctx),
                action,
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
}
