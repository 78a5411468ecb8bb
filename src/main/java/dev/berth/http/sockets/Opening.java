package dev.berth.http.sockets;

import dev.berth.http.request.Problem;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;

/** A client between its request and its socket. It may leave at any time. On its event loop. */
final class Opening {
    private static final BerthException GONE = new BerthException(ErrorCode.CONFLICT, "the client left");

    private final HttpServerRequest request;
    private final Promise<NetSocket> granted = Promise.promise();
    private Optional<SocketUse> use = Optional.empty();
    private boolean left;
    private boolean started;
    private boolean passed;

    Opening(HttpServerRequest request) {
        this.request = request;
        request.pause();
        request.connection().closeHandler(closed -> left());
    }

    private void left() {
        left = true;
        abandon();
        // The future of a response to a closed connection may never complete.
        granted.tryFail(GONE);
    }

    /** Undoes what was opened for the client, unless it has its socket. */
    void abandon() {
        if (!started) {
            use.ifPresent(SocketUse::abandon);
        }
    }

    /** Completes when the client has its socket. Fails where the client has left. */
    Future<NetSocket> open(SocketUse of) {
        if (left) {
            return Future.failedFuture(GONE);
        }
        use = Optional.of(of);
        return of.open().compose(open -> left ? Future.failedFuture(GONE) : grant());
    }

    private Future<NetSocket> grant() {
        Upgrade.grant(request).onSuccess(granted::tryComplete).onFailure(granted::tryFail);
        return granted.future();
    }

    /** From here on {@link SocketUse} sees by itself that the client leaves. */
    void starts() {
        started = true;
    }

    /** Leaves the request to another, unless the client has its socket, was refused or has left. */
    void pass(Handler<HttpServerRequest> to) {
        if (!left && !started && !request.response().headWritten()) {
            passed = true;
            left();
            to.handle(request);
        }
    }

    /**
     * Refuses with an HTTP response, while the upgrade has not happened: clients show its text, but not that of a close frame.
     */
    void refuse(BerthException problem) {
        if (!passed && isConnected() && !request.response().headWritten()) {
            request.resume();
            Problem.refuseAndClose(request, problem);
        }
    }

    private boolean isConnected() {
        return ((ConnectionBase) request.connection()).channel().isActive();
    }
}
