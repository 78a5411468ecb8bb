package dev.berth.browser.watch;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.process.BrowserFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The eyes of a Chrome that waits for a session: they set up its page as for a session without options, and keep what they hear, so
 * that the session's {@link ChromeWatcher} goes on where they were. Live on the context that made them.
 */
public final class WarmEyes {
    /** A blank page tells some dozens. */
    static final int MAX_EVENTS = 1_000;

    private static final long TIMEOUT_MILLIS = 10_000;

    private final CdpConnection connection;
    private final TargetSetup setup;
    private final Future<JsonObject> version;
    private final Promise<Void> watched;
    private final List<CdpEvent> seen = new ArrayList<>();
    private boolean missedSome;

    /** @param connection of the context of the caller */
    public WarmEyes(Vertx vertx, CdpConnection connection, BrowserFiles files) {
        this.connection = connection;
        this.setup = new TargetSetup(connection, () -> TargetSteps.PLAIN, files.downloads());
        this.watched = ((ContextInternal) vertx.getOrCreateContext()).promise();
        connection.onEvent(this::heard);
        connection.onOversizedEvent(event -> missedSome = true);
        connection.onDropped(entries -> missedSome = true);
        this.version = connection.send(CdpConnection.BROWSER, "Browser.getVersion", new JsonObject());
    }

    /** Completes when the page is watched. */
    public Future<Void> watch() {
        return Future.all(version, setup.discover())
                .compose(discovered -> watched.future().timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
    }

    private void heard(CdpEvent event) {
        if (seen.size() == MAX_EVENTS) {
            missedSome = true;
            return;
        }
        seen.add(event);
        if (event.method().equals("Target.attachedToTarget")) {
            attached(event.params().getString("sessionId"), event.params().getJsonObject("targetInfo"));
        }
    }

    private void attached(String sessionId, JsonObject target) {
        Future<Void> ready = setup.prepare(sessionId, target, Future.succeededFuture(TargetHolds.Starter.EYES));
        if ("page".equals(target.getString("type"))) {
            ready.onComplete(watched::handle);
        }
    }

    /** Fails where they missed something: a session can't go on from there. */
    public Future<Void> sawAll() {
        return missedSome
                ? Future.failedFuture("more happened in a warm Chrome than is kept")
                : Future.succeededFuture();
    }

    /** Gives the session all they have, on the context of the caller; they see nothing any more. For any thread. */
    public Future<Sight> moveHere() {
        return connection
                .moveHere()
                .compose(moved -> sawAll().map(all -> new Sight(moved, version, Optional.of(List.copyOf(seen)))));
    }
}
