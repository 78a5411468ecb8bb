package dev.berth.browser.watch.network;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.watch.network.NetworkTracker.DocumentListener;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reports the requests of all targets of one Chrome to the listener, and holds requests where the session's options and rules want that.
 * Lives on the browser's context.
 */
public final class NetworkWatcher {
    private static final long BODIES_MILLIS = 1_000;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final boolean ignoreHttpsErrors;
    private final AddedHeaders headers;
    private final ResponseBodies bodies;
    private final NetworkTracker tracker;
    private final Interception interception;
    private long bodiesTimer = -1;

    /**
     * @param pageOf the page that a session of the eyes belongs to
     * @param renewal makes Chrome ask about the requests of documents and workers that run already
     */
    public NetworkWatcher(
            Vertx vertx,
            CdpConnection connection,
            SessionOptions options,
            ExtensionOrigins extensions,
            Function<String, Optional<String>> pageOf,
            ConnectionOutcomes outcomes,
            Supplier<Future<Void>> renewal,
            DocumentListener responded,
            BrowserListener listener) {
        this.vertx = vertx;
        this.connection = connection;
        this.ignoreHttpsErrors = options.ignoreHttpsErrors();
        this.headers = new AddedHeaders(options.headers());
        this.bodies = new ResponseBodies(connection, listener, options.bodies());
        this.tracker = new NetworkTracker(
                listener::requestFinished,
                bodies::finished,
                responded,
                System::nanoTime,
                pageOf,
                outcomes,
                options.bodies(),
                extensions);
        this.interception = new Interception(
                vertx, connection, new HttpLogins(options.httpCredentials()), tracker, headers, renewal);
    }

    /** Begins to watch all pages and workers, those of CDP clients too. To be called before a page loads something. */
    public Future<?> start() {
        JsonObject ignore = new JsonObject().put("ignore", true);
        return Future.all(
                interception.start(),
                ignoreHttpsErrors
                        ? connection.send(CdpConnection.BROWSER, "Security.setIgnoreCertificateErrors", ignore)
                        : Future.succeededFuture());
    }

    /** Takes any event of the {@code Network} domain. */
    public void handle(CdpEvent event) {
        headers.hide(event);
        tracker.handle(event);
        watchBodies();
    }

    private void watchBodies() {
        if (bodiesTimer < 0 && tracker.awaitsBodies()) {
            bodiesTimer = vertx.setTimer(BODIES_MILLIS, tick -> {
                bodiesTimer = -1;
                tracker.endUnread();
                watchBodies();
            });
        }
    }

    public Interception interception() {
        return interception;
    }

    public void documentGone(String sessionId) {
        tracker.documentGone(sessionId);
    }

    public void detached(String sessionId) {
        tracker.targetGone(sessionId);
    }

    /** Reports the requests that are in flight; the listener is told nothing afterwards. */
    public void stop() {
        bodies.stop();
        tracker.abandonAll();
        vertx.cancelTimer(bodiesTimer);
    }
}
