package dev.berth.mcp;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.AwaitRunning;
import dev.berth.protocol.SessionCommand.DescribeSession;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The browser session that a client of MCP works with: one of its own, made when it is first needed and ended with it, or another
 * one of its user. On the context of the client's session.
 */
final class ClientWorkbench extends Workbench {
    private static final Map<String, String> LABELS = Map.of("client", "mcp");

    private final Vertx vertx;
    /** Read on any thread. */
    private volatile Optional<OwnSession> own = Optional.empty();

    private Optional<SessionId> current = Optional.empty();
    /** The latest change of the two: calls of a client run at the same time, and the next change begins when this one is done. */
    private Future<?> changed = Future.succeededFuture();

    private boolean closed;

    ClientWorkbench(Vertx vertx, SessionClient client, Caller caller, SessionOptions defaults) {
        super(client, caller, defaults);
        this.vertx = vertx;
    }

    /** Whether the client has a browser session of its own, or one is being made. For any thread. */
    boolean hasOwn() {
        return own.isPresent();
    }

    private <T> Future<T> change(Supplier<Future<T>> change) {
        Future<T> next = changed.transform(before -> closed ? over() : change.get());
        changed = next;
        return next;
    }

    private static <T> Future<T> over() {
        return Future.failedFuture(new BerthException(ErrorCode.SESSION_ENDED, "the MCP session has ended"));
    }

    @Override
    Future<SessionId> session() {
        return change(() -> current.map(Future::succeededFuture).orElseGet(() -> create(command(defaults(), LABELS))));
    }

    @Override
    Future<SessionId> existing() {
        return change(() -> current.map(Future::succeededFuture).orElseGet(ClientWorkbench::none));
    }

    static <T> Future<T> none() {
        return Future.failedFuture(
                new BerthException(ErrorCode.NOT_FOUND, "there is no browser session yet: any tool opens one"));
    }

    /** Ends the client's own session or another. The next call makes a new one. */
    @Override
    Future<SessionId> end() {
        return change(() -> current.map(this::end).orElseGet(ClientWorkbench::none));
    }

    private Future<SessionId> end(SessionId id) {
        return ask(id, new EndSession(EndReason.CLIENT)).map(over -> {
            forget(id);
            return id;
        });
    }

    /** Ends the client's own session, if it has one, and makes another. */
    @Override
    Future<SessionId> renew(SessionOptions options) {
        CreateSession command = command(options, LABELS);
        return change(() -> endOwn(EndReason.CLIENT).compose(ended -> closed ? over() : create(command)));
    }

    /** The session does not end with the client. */
    @Override
    Future<SessionId> use(SessionId id) {
        return change(() -> client().ask(id, new DescribeSession())
                .compose(found -> own.filter(mine -> mine.id().equals(id)).isPresent()
                        ? Future.succeededFuture()
                        : endOwn(EndReason.CLIENT))
                .map(ended -> {
                    current = Optional.of(id);
                    return id;
                }));
    }

    /** Where the session is over, the next call makes a new one. */
    @Override
    <T> Future<T> watched(SessionId id, Future<T> result) {
        return result.recover(e -> {
            if (!(e instanceof BerthException known) || !isOver(known.code())) {
                return Future.failedFuture(e);
            }
            forget(id);
            return Future.failedFuture(new BerthException(
                    known.code(),
                    "the browser session " + id + " has ended (" + e.getMessage()
                            + "); the next call opens a new one"));
        });
    }

    private static boolean isOver(ErrorCode code) {
        return code == ErrorCode.SESSION_ENDED || code == ErrorCode.SESSION_NOT_FOUND;
    }

    private void forget(SessionId id) {
        current = current.filter(using -> !using.equals(id));
        own = own.filter(mine -> !mine.id().equals(id));
    }

    private Future<SessionId> create(CreateSession command) {
        SessionId id = command.sessionId();
        OwnSession mine = new OwnSession(vertx, client(), id);
        own = Optional.of(mine);
        return mine.make(() -> client().create(command))
                .compose(accepted -> client().ask(id, new AwaitRunning()))
                .map(running -> {
                    current = Optional.of(id);
                    return id;
                })
                .recover(e -> {
                    forget(id);
                    return mine.end(EndReason.CLIENT).transform(ended -> Future.failedFuture(e));
                });
    }

    private Future<?> endOwn(EndReason reason) {
        Optional<OwnSession> mine = own;
        own = Optional.empty();
        current = Optional.empty();
        return mine.<Future<?>>map(session -> session.end(reason)).orElseGet(Future::succeededFuture);
    }

    /** Ends the client's own session, and what is being made. */
    Future<?> close(EndReason reason) {
        closed = true;
        return endOwn(reason).transform(ended -> changed).otherwiseEmpty();
    }
}
