package dev.berth.http.sockets;

import dev.berth.http.request.Problem;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.websocket.SocketUse;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A client between its request and its socket. The client may leave at any time. On its event loop. */
final class Opening {
    private static final BerthException GONE = new BerthException(ErrorCode.CONFLICT, "the client left");

    private static final String KEY = "Sec-WebSocket-Key";
    private static final Pattern SOUND_KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

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

    /** Whether a request asks for a WebSocket (RFC 6455, 4.2). The user of the socket reads and writes its frames. */
    static boolean isAskedFor(HttpServerRequest request) {
        String key = request.getHeader(KEY);
        String connection = request.getHeader("Connection");
        return request.version() == HttpVersion.HTTP_1_1
                && request.method() == HttpMethod.GET
                && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                && connection != null
                && connection.toLowerCase(Locale.ROOT).contains("upgrade")
                && "13".equals(request.getHeader("Sec-WebSocket-Version"))
                && key != null
                && SOUND_KEY.matcher(key).matches();
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
        request.response()
                .putHeader("Upgrade", "websocket")
                .putHeader("Connection", "Upgrade")
                .putHeader("Sec-WebSocket-Accept", accept(request.getHeader(KEY)));
        request.resume();
        request.toNetSocket().onSuccess(granted::tryComplete).onFailure(granted::tryFail);
        return granted.future();
    }

    /** The {@code Sec-WebSocket-Accept} for a client's {@code Sec-WebSocket-Key} (RFC 6455, 4.2.2). */
    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-1
        }
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
