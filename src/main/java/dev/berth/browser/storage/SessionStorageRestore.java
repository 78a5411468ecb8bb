package dev.berth.browser.storage;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.watch.page.BerthWorld;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores the {@code sessionStorage} that a profile has for an origin in the first page that opens it, before that page's own scripts run.
 * Once a page has opened an origin, no page gets its {@code sessionStorage} any more: a page that removes its login does not find it
 * again. Lives on the browser's context.
 */
final class SessionStorageRestore {
    private static final Logger log = LoggerFactory.getLogger(SessionStorageRestore.class);

    private final CdpConnection connection;
    private final Map<String, JsonArray> waiting;
    /** The identifiers of the scripts, by the session of their page. */
    private final Map<String, String> scripts = new HashMap<>();

    /** @param tabs pairs of name and value, by origin */
    SessionStorageRestore(CdpConnection connection, Map<String, JsonArray> tabs) {
        this.connection = connection;
        this.waiting = new LinkedHashMap<>(tabs);
    }

    /** Completes when the page has what it is to begin with. Never fails. */
    Future<Void> attached(String sessionId, String type) {
        if (waiting.isEmpty() || !type.equals("page")) {
            return Future.succeededFuture();
        }
        JsonObject script = new JsonObject().put("source", source()).put("worldName", BerthWorld.NAME);
        return connection
                .send(sessionId, "Page.addScriptToEvaluateOnNewDocument", script)
                .onSuccess(added -> scripts.put(sessionId, added.getString("identifier")))
                .onFailure(e -> log.debug("a page got no sessionStorage: {}", e.getMessage()))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private String source() {
        JsonObject byOrigin = new JsonObject();
        waiting.forEach(byOrigin::put);
        return """
                try {
                    const tab = window.top === window ? (%s)[location.origin] : undefined;
                    if (tab && sessionStorage.length === 0) {
                        tab.forEach(([name, value]) => sessionStorage.setItem(name, value));
                    }
                } catch (e) {
                    // This document may store nothing.
                }""".formatted(byOrigin.encode());
    }

    /** @param frame of any target, by CDP's {@code Page.Frame} */
    void navigated(JsonObject frame) {
        if (!frame.containsKey("parentId") && waiting.remove(frame.getString("securityOrigin", "")) != null) {
            Map.copyOf(scripts).forEach(this::replace);
        }
    }

    private void replace(String sessionId, String script) {
        scripts.remove(sessionId);
        connection
                .send(sessionId, "Page.removeScriptToEvaluateOnNewDocument", new JsonObject().put("identifier", script))
                .onFailure(e -> log.debug("a page may get its sessionStorage again: {}", e.getMessage()));
        attached(sessionId, "page");
    }

    void detached(String sessionId) {
        scripts.remove(sessionId);
    }
}
