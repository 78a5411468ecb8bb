package dev.berth.http.sockets;

import dev.berth.access.ApiKey;
import dev.berth.cdpclient.CdpRelays;
import dev.berth.http.request.DriverTokens;
import dev.berth.http.sockets.SocketDoor.Admission;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.webdriver.LiveDriver;
import dev.berth.webdriver.WebDriverSessions;
import dev.berth.websocket.SocketUse;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The WebSocket {@code /session/ID/se/cdp} of a WebDriver session, also below {@code /wd/hub}: the session's Chrome, for a client of CDP.
 * Takes these requests before the router. On one event loop.
 */
public final class DriverSockets {
    private static final Pattern PATH = Pattern.compile("(?:/wd/hub)?/session/([^/]+)/se/cdp/?");

    private final SessionClient sessions;
    private final SocketDoor door;
    private final SocketAccess access;
    private final WebDriverSessions drivers;
    private final CdpRelays relays;

    public DriverSockets(
            SessionClient sessions, SocketDoor door, SocketAccess access, WebDriverSessions drivers, CdpRelays relays) {
        this.sessions = sessions;
        this.door = door;
        this.access = access;
        this.drivers = drivers;
        this.relays = relays;
    }

    /** Handles the request if it is for this socket. Gives whether it was. */
    public boolean take(HttpServerRequest request) {
        Matcher path = PATH.matcher(request.path());
        if (!Opening.isAskedFor(request) || !path.matches()) {
            return false;
        }
        door.open(request, () -> access.driverKey(request, path.group(1)).compose(key -> admit(key, path.group(1))));
        return true;
    }

    private Future<Admission> admit(ApiKey key, String driverId) {
        SessionClient own = sessions.as(key.userId());
        return DriverTokens.session(driverId)
                .map(id -> drivers.get(own, id, key.userId())
                        .map(driver -> new Admission(key.keyId(), id, use(own, id, driver))))
                .orElseGet(SocketAccess::unknown);
    }

    private SocketUse use(SessionClient own, SessionId id, LiveDriver driver) {
        return relays.client(own, id, driver::used);
    }

    /** Closes all sockets, since the server stops. */
    public Future<?> stop() {
        return door.stop();
    }
}
