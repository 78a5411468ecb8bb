package dev.berth.browser.watch;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.process.BrowserFiles;
import dev.berth.browser.watch.target.TargetSetup;
import dev.berth.browser.watch.target.TargetSteps;
import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The start of a session's {@link ChromeWatcher}: its connection and the targets that it already watches. On the browser's context.
 *
 * @param version Chrome's version, as Chrome tells it
 * @param attached Chrome's events of the targets that are watched already, as far as all sessions want it; empty where nobody has
 *     watched this Chrome
 */
public record Eyes(CdpConnection connection, Future<JsonObject> version, Optional<List<CdpEvent>> attached) {
    private static final long TIMEOUT_MILLIS = 10_000;

    /** For a Chrome that is launched for its session. */
    public static Eyes of(CdpConnection connection) {
        return new Eyes(
                connection,
                connection.send(CdpConnection.BROWSER, "Browser.getVersion", new JsonObject()),
                Optional.empty());
    }

    /** For a Chrome that waits for a session. Completes when its page is watched. */
    public static Future<Eyes> warm(Vertx vertx, CdpConnection connection, BrowserFiles files) {
        Eyes cold = of(connection);
        TargetSetup setup = new TargetSetup(connection, () -> TargetSteps.PLAIN, files.downloads());
        Promise<Void> watched = LoopPromise.here(vertx);
        List<CdpEvent> attached = new ArrayList<>();
        connection.onEvent(event -> {
            if (event.method().equals("Target.attachedToTarget")) {
                attached.add(event);
                JsonObject target = event.params().getJsonObject("targetInfo");
                Future<Void> ready = setup.prepareInAdvance(event.params().getString("sessionId"), target);
                if ("page".equals(target.getString("type"))) {
                    ready.onComplete(watched::handle);
                }
            }
        });
        return Future.all(cold.version, setup.discover())
                .compose(discovered -> watched.future().timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS))
                .map(ready -> new Eyes(connection, cold.version, Optional.of(attached)));
    }
}
