package dev.berth.browser.watch;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * A Chrome as its session finds it, on the session's context.
 *
 * @param connection of the eyes
 * @param version what Chrome says of itself
 * @param seen all that the pool's eyes heard over the connection; empty where nobody has watched this Chrome
 */
public record Sight(CdpConnection connection, Future<JsonObject> version, Optional<List<CdpEvent>> seen) {
    /** Of a Chrome that nobody has watched. */
    public static Sight first(CdpConnection connection) {
        return new Sight(
                connection,
                connection.send(CdpConnection.BROWSER, "Browser.getVersion", new JsonObject()),
                Optional.empty());
    }
}
