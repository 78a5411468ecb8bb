package dev.berth.http.sockets;

import dev.berth.access.ApiKey;
import dev.berth.cdpclient.CdpRelays;
import dev.berth.http.request.DriverTokens;
import dev.berth.http.sockets.SocketDoor.Admission;
import dev.berth.protocol.SessionClient;
import dev.berth.webdriver.BidiClient;
import dev.berth.webdriver.WebDriverSessions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The WebSockets of a WebDriver session, also below {@code /wd/hub}: {@code /session/ID} for WebDriver BiDi, and {@code /session/ID/se/cdp} for
 * a client of CDP. Takes these requests before the router. On one event loop.
 */
public final class DriverSockets {
    private static final Pattern PATH = Pattern.compile("(?:/wd/hub)?/session/([^/]+)(/se/cdp)?/?");

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
        boolean cdp = path.group(2) != null;
        door.open(
                request, () -> access.driverKey(request, path.group(1)).compose(key -> admit(key, path.group(1), cdp)));
        return true;
    }

    private Future<Admission> admit(ApiKey key, String driverId, boolean cdp) {
        SessionClient own = sessions.as(key.userId());
        return DriverTokens.session(driverId)
                .map(id -> drivers.get(own, id, key.userId())
                        .map(driver -> new Admission(
                                key.keyId(), id, cdp ? relays.client(own, id, driver::used) : new BidiClient(driver))))
                .orElseGet(SocketAccess::unknown);
    }

    /** Closes all sockets, since the server stops. */
    public Future<?> stop() {
        return door.stop();
    }
}
