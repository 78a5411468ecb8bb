package dev.berth.browser.watch.target;

import dev.berth.browser.Deadline;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** All targets of one Chrome: each is set up before it runs, and held to the session's options and rules. Lives on the browser's context. */
public final class TargetWatcher {
    private final TargetEmulation emulation;
    private final TargetSetup setup;
    private final BrowserContexts contexts;
    private final TargetHolds holds;
    private final NavigationGuard guard;
    private final ServiceWorkers serviceWorkers;

    /**
     * @param version Chrome's version: known before Chrome tells of a target, as Chrome answers in order
     * @param downloads the folder of files that pages download
     * @param onStopped receives the eyes' session and the URL of a navigation that was stopped
     */
    public TargetWatcher(
            Vertx vertx,
            CdpConnection connection,
            Future<JsonObject> version,
            SessionOptions options,
            Path downloads,
            BiConsumer<String, String> onStopped) {
        this.emulation = new TargetEmulation(
                connection, TargetSteps.of(options, () -> version.result().getString("userAgent")));
        this.setup = new TargetSetup(connection, emulation::steps, downloads);
        this.contexts = new BrowserContexts(vertx, connection, setup, downloads);
        this.holds = new TargetHolds(vertx);
        this.guard = new NavigationGuard(connection, onStopped);
        this.serviceWorkers = new ServiceWorkers(connection);
    }

    public TargetSetup setup() {
        return setup;
    }

    public BrowserContexts contexts() {
        return contexts;
    }

    public TargetHolds holds() {
        return holds;
    }

    public NavigationGuard guard() {
        return guard;
    }

    /** Changes what all targets find the browser to be: see {@link TargetEmulation}. */
    public Future<Emulation> emulate(Emulate change, Optional<String> activeSession, Deadline deadline) {
        boolean permits = change.permissions().isPresent()
                || change.reset() && !setup.permissions().isEmpty();
        Future<Emulation> changed = emulation.change(change, activeSession, deadline);
        Future<?> permitted = permits ? contexts.permit() : Future.succeededFuture();
        return permitted.recover(deadline::told).compose(done -> changed);
    }

    /**
     * The eyes are attached to a new target, or a page is to its service worker. Completes when the target is set up and runs.
     *
     * @param event {@code Target.attachedToTarget}
     * @param inAdvance whether the target was prepared in advance, and runs already
     * @param first does what else is to be done before the target may run
     */
    public Future<Void> attached(
            String parentSession, JsonObject event, boolean inAdvance, Supplier<Future<Void>> first) {
        String sessionId = event.getString("sessionId");
        JsonObject target = event.getJsonObject("targetInfo");
        String type = target.getString("type");
        if (ServiceWorkers.TYPE.equals(type) && !parentSession.equals(CdpConnection.BROWSER)) {
            serviceWorkers.attachedByPage(sessionId, parentSession);
            return Future.succeededFuture();
        }
        contexts.seen(target.getString("browserContextId", ""));
        guard.attached(sessionId, type);
        emulation.attached(sessionId, type);
        Future<Void> done = first.get();
        Future<Void> ready = inAdvance
                ? done.compose(before -> setup.complete(sessionId, target))
                : setup.prepare(sessionId, target, mayRun(parentSession, event));
        serviceWorkers.attached(sessionId, target);
        return ready;
    }

    /** CDP clients can hold top-level targets only: for targets within a page, Chrome itself waits for each attached session. */
    private Future<TargetHolds.Starter> mayRun(String parentSession, JsonObject event) {
        JsonObject target = event.getJsonObject("targetInfo");
        return parentSession.equals(CdpConnection.BROWSER) && event.getBoolean("waitingForDebugger", false)
                ? holds.over(target.getString("targetId"), target.getString("type"))
                : Future.succeededFuture(TargetHolds.Starter.EYES);
    }

    /** A page is set up, and runs. */
    public void prepared(String sessionId) {
        serviceWorkers.prepared(sessionId);
    }

    /** The document of a page or an iframe was replaced. */
    public void navigated(String sessionId) {
        emulation.navigated(sessionId);
    }

    /** Takes any event of a target. */
    public void handle(CdpEvent event) {
        serviceWorkers.handle(event);
    }

    /** @param event {@code Target.detachedFromTarget} */
    public void detached(String parentSession, JsonObject event) {
        String sessionId = event.getString("sessionId");
        if (parentSession.equals(CdpConnection.BROWSER)) {
            holds.gone(event.getString("targetId", ""));
        }
        serviceWorkers.detached(sessionId);
        guard.detached(sessionId);
        emulation.detached(sessionId);
    }

    public void stop() {
        holds.stop();
        contexts.stop();
    }
}
