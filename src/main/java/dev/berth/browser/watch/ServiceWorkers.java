package dev.berth.browser.watch;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of service workers that are over: Chrome keeps one, though it was unregistered or stopped, as long as somebody is attached
 * to it. One that starts again is a new target, or the same where a client has kept it. Lives on the browser's context.
 */
final class ServiceWorkers {
    private static final Logger log = LoggerFactory.getLogger(ServiceWorkers.class);
    static final String TYPE = "service_worker";
    private static final long COME_BACK_MILLIS = 500;

    private final Vertx vertx;
    private final CdpConnection connection;
    private final BiConsumer<String, String> onRestart;
    /** By their target's id. */
    private final Map<String, Worker> workers = new HashMap<>();
    /** By session, the contexts of the pages: only pages tell how it stands with the workers of their context. */
    private final Map<String, String> pages = new HashMap<>();

    private final Set<String> telling = new HashSet<>();
    private final Set<Long> comingBack = new HashSet<>();

    /** @param onRestart gets session and target of one that waits again to be let run */
    ServiceWorkers(Vertx vertx, CdpConnection connection, BiConsumer<String, String> onRestart) {
        this.vertx = vertx;
        this.connection = connection;
        this.onRestart = onRestart;
    }

    private record Worker(String sessionId, String context) {}

    /** A target of any type, to which the browser's own session was attached. */
    void attached(String sessionId, JsonObject target) {
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
     * A page that uses it tells of it, too, and holds back its script until this session is let run or gone. It has gone once what the
     * browser's own session takes to watch the worker has been sent.
     */
    void attachedByPage(String sessionId, String pageSession) {
        browser("Browser.getVersion", new JsonObject())
                .compose(told -> connection.send(
                        pageSession, "Target.detachFromTarget", new JsonObject().put("sessionId", sessionId)))
                .onFailure(ServiceWorkers::gone);
    }

    /** A page has a process of its own now, and can be asked. */
    void prepared(String pageSession) {
        String context = pages.get(pageSession);
        if (context != null
                && workers.values().stream().anyMatch(worker -> worker.context().equals(context))) {
            listen(pageSession);
        }
    }

    private void listen(String page) {
        if (telling.add(page)) {
            connection.send(page, "ServiceWorker.enable", new JsonObject()).onFailure(e -> telling.remove(page));
        }
    }

    void detached(String sessionId) {
        workers.values().removeIf(worker -> worker.sessionId().equals(sessionId));
        pages.remove(sessionId);
        telling.remove(sessionId);
    }

    void handle(CdpEvent event) {
        switch (event.method()) {
            case "ServiceWorker.workerVersionUpdated" ->
                event.params().getJsonArray("versions").stream()
                        .map(JsonObject.class::cast)
                        .filter(version -> "redundant".equals(version.getString("status")))
                        .map(version -> version.getString("targetId", ""))
                        .forEach(target -> letGo(target).onFailure(ServiceWorkers::gone));
            // Of a worker it means that it was stopped.
            case "Inspector.targetCrashed" ->
                target(event.sessionId())
                        .ifPresent(target -> letGo(target)
                                .onSuccess(detached -> comeBackLater(target))
                                .onFailure(ServiceWorkers::gone));
            case "Inspector.targetReloadedAfterCrash" ->
                target(event.sessionId()).ifPresent(target -> onRestart.accept(event.sessionId(), target));
            default -> {}
        }
    }

    private Optional<String> target(String sessionId) {
        return workers.keySet().stream()
                .filter(target -> workers.get(target).sessionId().equals(sessionId))
                .findFirst();
    }

    private Future<JsonObject> letGo(String targetId) {
        Worker worker = workers.remove(targetId);
        return worker == null
                ? Future.succeededFuture()
                : browser("Target.detachFromTarget", new JsonObject().put("sessionId", worker.sessionId()));
    }

    /** Where a client stays attached it will start again without being told of as new. Who stops one may be about to detach. */
    private void comeBackLater(String targetId) {
        long timer = vertx.setTimer(COME_BACK_MILLIS, self -> {
            comingBack.remove(self);
            JsonObject target = new JsonObject().put("targetId", targetId);
            browser("Target.getTargetInfo", target)
                    .compose(kept ->
                            browser("Target.attachToTarget", target.copy().put("flatten", true)))
                    .onFailure(ServiceWorkers::gone);
        });
        comingBack.add(timer);
    }

    void stop() {
        comingBack.forEach(vertx::cancelTimer);
    }

    private Future<JsonObject> browser(String method, JsonObject params) {
        return connection.send(CdpConnection.BROWSER, method, params);
    }

    private static void gone(Throwable e) {
        log.debug("a service worker has gone: {}", e.getMessage());
    }
}
