package dev.berth.browser.watch;

import dev.berth.browser.cdp.CdpConnection;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.function.LongSupplier;

/**
 * Runs Berth's own expressions in an isolated world of a page's main frame: the page does not see them, and what it did to its
 * globals, such as {@code setTimeout}, does not reach them. Lives on the browser's context.
 */
public record BerthWorld(CdpConnection connection) {
    public static final String NAME = "berth";

    /**
     * Completes with Chrome's answer when the promise is settled.
     *
     * @param promise an expression that gives a promise
     * @param timeoutMillis asked before each of the two commands that it takes
     */
    public Future<JsonObject> await(PageTarget page, String promise, LongSupplier timeoutMillis) {
        JsonObject world = new JsonObject().put("frameId", page.targetId()).put("worldName", NAME);
        return connection
                .send(page.sessionId(), "Page.createIsolatedWorld", world, timeoutMillis.getAsLong())
                .compose(made -> connection.send(
                        page.sessionId(),
                        "Runtime.evaluate",
                        new JsonObject()
                                .put("expression", promise)
                                .put("contextId", made.getInteger("executionContextId"))
                                .put("awaitPromise", true),
                        timeoutMillis.getAsLong()));
    }
}
