package dev.berth.mcp;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The browser session that a client of MCP works with: one of its own, made when it is first needed and ended with it, or another
 * one of its user. On the context of the client's session.
 */
final class Workbench {
    private static final Logger log = LoggerFactory.getLogger(Workbench.class);

    private final SessionClient client;
    private final long userId;
    private final SessionOptions defaults;
    private Optional<SessionId> own = Optional.empty();
    private Optional<Future<SessionId>> current = Optional.empty();
    private boolean closed;

    Workbench(SessionClient client, long userId, SessionOptions defaults) {
        this.client = client.as(userId).from(ActionSource.MCP);
        this.userId = userId;
        this.defaults = defaults;
    }

    SessionClient client() {
        return client;
    }

    long userId() {
        return userId;
    }

    SessionOptions defaults() {
        return defaults;
    }

    /** The session to work with; makes one where there is none. */
    Future<SessionId> session() {
        return current.orElseGet(() -> create(defaults));
    }

    /** The session to work with; fails where there is none yet. */
    Future<SessionId> existing() {
        return current.orElseGet(() -> Future.failedFuture(
                new BerthException(ErrorCode.NOT_FOUND, "there is no browser session yet: any tool opens one")));
    }

    /** Ends the client's own session, if it has one, and makes another. */
    Future<SessionId> renew(SessionOptions options) {
        return endOwn().compose(ended -> create(options));
    }

    /** Works with a session that the user has already. It does not end with the client. */
    Future<SessionId> use(SessionId id) {
        return client.ask(id, new DescribeSession()).compose(found -> {
            if (own.filter(id::equals).isPresent()) {
                return session();
            }
            Future<SessionId> using = Future.succeededFuture(id);
            return endOwn().compose(ended -> {
                current = Optional.of(using);
                return using;
            });
        });
    }

    /** Asks the session; where it is over, the next call makes a new one. */
    <R extends SessionReply> Future<R> ask(SessionId id, SessionCommand<R> command) {
        return watched(id, client.ask(id, command));
    }

    /** The same result, noting whether the session is over. */
    <T> Future<T> watched(SessionId id, Future<T> result) {
        return result.recover(e -> {
            if (!(e instanceof BerthException known) || !isOver(known.code())) {
                return Future.failedFuture(e);
            }
            forget(id);
            return Future.failedFuture(new BerthException(
                    known.code(),
                    "the browser session " + id + " is over (" + e.getMessage() + "); the next call opens a new one"));
        });
    }

    private static boolean isOver(ErrorCode code) {
        return code == ErrorCode.SESSION_ENDED || code == ErrorCode.SESSION_NOT_FOUND;
    }

    private void forget(SessionId id) {
        current = current.filter(using -> !(using.succeeded() && using.result().equals(id)));
        own = own.filter(mine -> !mine.equals(id));
    }

    private Future<SessionId> create(SessionOptions options) {
        if (closed) {
            return Future.failedFuture(new BerthException(ErrorCode.SESSION_ENDED, "the MCP session has ended"));
        }
        SessionId id = SessionId.random();
        own = Optional.of(id);
        Future<SessionId> made = client.create(new CreateSession(
                        id, userId, Optional.empty(), options, Map.of("client", "mcp"), Optional.empty()))
                .compose(accepted -> client.ask(id, new AwaitRunning()))
                .map(id);
        current = Optional.of(made);
        return made.onFailure(e -> {
            if (own.filter(id::equals).isPresent()) {
                own = Optional.empty();
                current = Optional.empty();
            }
        });
    }

    private Future<?> endOwn() {
        Optional<SessionId> mine = own;
        own = Optional.empty();
        current = Optional.empty();
        return mine.<Future<?>>map(id -> end(id, EndReason.CLIENT)).orElseGet(Future::succeededFuture);
    }

    private Future<?> end(SessionId id, EndReason reason) {
        return client.ask(id, new EndSession(reason)).transform(ended -> {
            if (ended.failed()) {
                log.debug("{} could not be ended: {}", id, ended.cause().getMessage());
            }
            return Future.succeededFuture();
        });
    }

    /** Ends the client's own session. */
    Future<?> close(EndReason reason) {
        closed = true;
        Optional<SessionId> mine = own;
        own = Optional.empty();
        return mine.<Future<?>>map(id -> end(id, reason)).orElseGet(Future::succeededFuture);
    }
}
