package dev.berth.http.sockets;

import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.relay.CdpRelays;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The WebSockets {@code /api/sessions/:id/cdp} and {@code /connect}. Takes their requests before the router, whose handlers
 * are for requests with an end. On one event loop.
 */
public final class CdpSockets {
    private static final Pattern CDP = Pattern.compile("/api/sessions/([^/]+)/cdp/?");
    private static final Pattern CONNECT = Pattern.compile("/connect/?");

    private final Vertx vertx;
    private final SessionClient sessions;
    private final SocketDoor door;
    private final SocketAccess access;
    private final CdpVersion version;
    private final ConnectQuery connectQuery;
    private final CdpRelays relays;

    public CdpSockets(
            Vertx vertx,
            SessionClient sessions,
            SocketDoor door,
            SocketAccess access,
            CdpVersion version,
            ConnectQuery connectQuery,
            CdpRelays relays) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.door = door;
        this.access = access;
        this.version = version;
        this.connectQuery = connectQuery;
        this.relays = relays;
    }

    /** What a request gets that is for one of these sockets, and is not for a WebSocket. */
    public static Future<Object> notASocket() {
        return Future.failedFuture(new BerthException(
                ErrorCode.INVALID_ARGUMENT,
                "this is a WebSocket: connect to it with puppeteer.connect or chromium.connectOverCDP"));
    }

    /** Whether it is a request for one of these sockets, which is then taken care of. */
    public boolean take(HttpServerRequest request) {
        if (!Upgrade.isAskedFor(request)) {
            return version.take(request);
        }
        Matcher cdp = CDP.matcher(request.path());
        if (cdp.matches()) {
            door.open(request, () -> find(request, cdp.group(1)));
            return true;
        }
        if (CONNECT.matcher(request.path()).matches()) {
            door.open(request, () -> create(request));
            return true;
        }
        return false;
    }

    private Future<Admission> find(HttpServerRequest request, String path) {
        return access.enter(request, path, SessionLinks::thing)
                .map(entrance -> new Admission(
                        entrance.keyId(),
                        entrance.id(),
                        new CdpUse(relays.client(entrance.sessions(), entrance.id()))));
    }

    private Future<Admission> create(HttpServerRequest request) {
        return access.keyOf(request).map(key -> {
            CreateSession command = connectQuery.read(request.params(), key.userId());
            SessionClient own = sessions.as(key.userId());
            return new Admission(
                    key.keyId(),
                    command.sessionId(),
                    new ConnectUse(vertx, own, command, relays.client(own, command.sessionId())));
        });
    }

    /** Tells all clients that the server stops. */
    public Future<?> stop() {
        return door.stop().eventually(relays::settled);
    }
}
