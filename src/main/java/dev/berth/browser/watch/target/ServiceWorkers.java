package dev.berth.browser.watch.target;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detaches from service workers that have ended: Chrome keeps an unregistered or stopped worker as long as a client is attached to the
 * worker. A worker that starts again is a new target, unless a CDP client stayed attached: then the next run is not watched. Lives on
 * the browser's context.
 */
public final class ServiceWorkers {
    private static final Logger log = LoggerFactory.getLogger(ServiceWorkers.class);
    public static final String TYPE = "service_worker";

    private final CdpConnection connection;
    /** The service workers, by target id. */
    private final Map<String, Worker> workers = new HashMap<>();
    /** The browser contexts of the pages, by session: only pages get events about the state of their context's workers. */
    private final Map<String, String> pages = new HashMap<>();

    /** The pages whose {@code ServiceWorker} domain is enabled. */
    private final Set<String> listening = new HashSet<>();

    public ServiceWorkers(CdpConnection connection) {
        this.connection = connection;
    }

    private record Worker(String sessionId, String context) {}

    /** The browser-level session was attached to a target of any type. */
    public void attached(String sessionId, JsonObject target) {
        String context = target.getString("browserContextId", "");
        if (TYPE.equals(target.getString("type"))) {
            workers.put(target.getString("targetId"), new Worker(sessionId, context));
            List.copyOf(pages.keySet()).stream()
                    .filter(page -> pages.get(page).equals(context))
                    .forEach(this::listen);
        } else if ("page".equals(target.getString("type"))) {
            pages.put(sessionId, context);
        }
    }

    /**
     * A page that uses a worker attaches to it as well, and Chrome holds the worker's script until that session lets it run or
     * is detached. Detaches it after a round trip: by then the commands that watch the worker over the browser-level session
     * have been sent.
     */
    public void attachedByPage(String sessionId, String pageSession) {
        browser("Browser.getVersion", new JsonObject())
                .compose(told -> connection.send(
                        pageSession, "Target.detachFromTarget", new JsonObject().put("sessionId", sessionId)))
                .onFailure(ServiceWorkers::gone);
    }

    /** A page has its own process now, and accepts commands. */
    public void prepared(String pageSession) {
        String context = pages.get(pageSession);
        if (context != null
                && workers.values().stream().anyMatch(worker -> worker.context().equals(context))) {
            listen(pageSession);
        }
    }

    private void listen(String page) {
        if (listening.add(page)) {
            connection.send(page, "ServiceWorker.enable", new JsonObject()).onFailure(e -> listening.remove(page));
        }
    }

    public void detached(String sessionId) {
        workers.values().removeIf(worker -> worker.sessionId().equals(sessionId));
        pages.remove(sessionId);
        listening.remove(sessionId);
    }

    public void handle(CdpEvent event) {
        switch (event.method()) {
            case "ServiceWorker.workerVersionUpdated" ->
                event.params().getJsonArray("versions").stream()
                        .map(JsonObject.class::cast)
                        .filter(version -> "redundant".equals(version.getString("status")))
                        .map(version -> version.getString("targetId", ""))
                        .forEach(target -> detach(target).onFailure(ServiceWorkers::gone));
            // For a worker this means that it was stopped.
            case "Inspector.targetCrashed" ->
                target(event.sessionId()).ifPresent(target -> detach(target).onFailure(ServiceWorkers::gone));
            default -> {}
        }
    }

    private Optional<String> target(String sessionId) {
        return workers.keySet().stream()
                .filter(target -> workers.get(target).sessionId().equals(sessionId))
                .findFirst();
    }

    private Future<JsonObject> detach(String targetId) {
        Worker worker = workers.remove(targetId);
        return worker == null
                ? Future.succeededFuture()
                : browser("Target.detachFromTarget", new JsonObject().put("sessionId", worker.sessionId()));
    }

    private Future<JsonObject> browser(String method, JsonObject params) {
        return connection.send(CdpConnection.BROWSER, method, params);
    }

    private static void gone(Throwable e) {
        log.debug("a service worker has gone: {}", e.getMessage());
    }
}
