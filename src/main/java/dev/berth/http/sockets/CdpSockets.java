package dev.berth.http.sockets;

import dev.berth.cdpclient.CdpRelays;
import dev.berth.http.sockets.SocketDoor.Admission;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The WebSockets {@code /api/sessions/:id/cdp} and {@code /connect}. Takes these requests before the router, whose handlers
 * expect requests that end. On one event loop.
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

    /** The error for a request to one of these paths that is no WebSocket upgrade. */
    public static Future<Object> notASocket() {
        return Future.failedFuture(new BerthException(
                ErrorCode.INVALID_ARGUMENT,
                "this is a WebSocket: connect to it with puppeteer.connect or chromium.connectOverCDP"));
    }

    /** Handles the request if it is for one of these sockets. Gives whether it was. */
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
        return access.enterForCdp(request, path)
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

    /** Closes all sockets, since the server stops. */
    public Future<?> stop() {
        return door.stop().eventually(relays::settled);
    }
}
