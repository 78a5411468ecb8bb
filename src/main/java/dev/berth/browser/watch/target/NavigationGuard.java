package dev.berth.browser.watch.target;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.protocol.AllowedDomains;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops navigations to hosts where a session may not go, whoever starts them, redirects too, before they are sent: Chrome holds each
 * request for a document until it is judged here. The page stays as it is. Lives on the browser's context.
 */
public final class NavigationGuard {
    private static final Logger log = LoggerFactory.getLogger(NavigationGuard.class);
    private static final Set<String> DOCUMENTS = Set.of("page", "iframe");
    /** A dedicated worker's requests are its document's. */
    private static final Set<String> WORKERS = Set.of("shared_worker", "service_worker");

    private static final JsonObject HOLD = new JsonObject()
            .put(
                    "patterns",
                    new JsonArray().add(new JsonObject().put("urlPattern", "*").put("resourceType", "Document")));

    private static final JsonObject NOTHING =
            new JsonObject().put("patterns", new JsonArray().add(new JsonObject().put("urlPattern", "nothing:")));

    private final CdpConnection connection;
    private final BiConsumer<String, String> onStopped;
    private final Set<String> sessions = new LinkedHashSet<>();
    private final Set<String> workers = new LinkedHashSet<>();
    private final List<AllowedDomains> rules = new ArrayList<>();

    /** @param onStopped receives the eyes' session and the URL */
    public NavigationGuard(CdpConnection connection, BiConsumer<String, String> onStopped) {
        this.connection = connection;
        this.onStopped = onStopped;
    }

    /** Completes when it holds for all targets. Where it is called several times, all rules hold. */
    public Future<Void> restrict(AllowedDomains domains) {
        boolean first = rules.isEmpty();
        if (domains.hosts().isEmpty() || rules.contains(domains)) {
            return Future.succeededFuture();
        }
        rules.add(domains);
        return first ? Future.join(sessions.stream().map(this::hold).toList()).mapEmpty() : Future.succeededFuture();
    }

    /** To be called before the target may run. */
    public void attached(String sessionId, String type) {
        if (DOCUMENTS.contains(type)) {
            sessions.add(sessionId);
            if (!rules.isEmpty()) {
                hold(sessionId).onFailure(e -> close(sessionId, e));
            }
        } else if (WORKERS.contains(type)) {
            workers.add(sessionId);
        }
    }

    /** Better no page than one that may go anywhere. */
    private void close(String sessionId, Throwable why) {
        if (sessions.contains(sessionId)) {
            log.warn("a page is closed, because its allowed domains can't be enforced: {}", why.getMessage());
            connection.send(sessionId, "Page.close", new JsonObject()).otherwiseEmpty();
        }
    }

    public void detached(String sessionId) {
        sessions.remove(sessionId);
        workers.remove(sessionId);
    }

    /**
     * Sets the interception of each target anew: only then does Chrome ask the browser's about what documents and workers that run
     * already request.
     */
    public Future<Void> renewAll() {
        return Future.join(Stream.concat(sessions.stream(), workers.stream())
                        .map(this::renew)
                        .toList())
                .mapEmpty();
    }

    private Future<?> renew(String sessionId) {
        if (sessions.contains(sessionId) && !rules.isEmpty()) {
            return hold(sessionId);
        }
        Future<?> set = connection.send(sessionId, "Fetch.enable", NOTHING);
        return Future.join(set, connection.send(sessionId, "Fetch.disable", new JsonObject()))
                .otherwiseEmpty();
    }

    private Future<?> hold(String sessionId) {
        return connection
                .send(sessionId, "Fetch.enable", HOLD)
                .recover(e -> isGone(e) ? Future.succeededFuture() : Future.failedFuture(e));
    }

    /** Whether the target went away meanwhile: it navigates no more. */
    private static boolean isGone(Throwable e) {
        return e instanceof ChromeRefusal;
    }

    /** {@code Fetch.requestPaused}. */
    public void paused(CdpEvent event) {
        JsonObject request = new JsonObject().put("requestId", event.params().getString("requestId"));
        String url = event.params().getJsonObject("request").getString("url");
        if (rules.stream().allMatch(rule -> rule.allow(url))) {
            answer(event, "Fetch.continueRequest", request);
        } else {
            // Any other reason would put an error page in the place of the page.
            answer(event, "Fetch.failRequest", request.put("errorReason", "Aborted"));
            onStopped.accept(event.sessionId(), url);
        }
    }

    /** Fails where the request is over already. */
    private void answer(CdpEvent event, String method, JsonObject request) {
        connection.send(event.sessionId(), method, request).otherwiseEmpty();
    }

    /** The hosts of the latest rule, for people. */
    public String allowed() {
        return String.join(", ", rules.get(rules.size() - 1).hosts());
    }
}
