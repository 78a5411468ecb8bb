package dev.berth.browser.watch.page;

import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.function.LongSupplier;

/**
 * Runs Berth's own expressions in an isolated world of a page's main frame: the page does not see them, and what it did to its
 * globals, such as {@code setTimeout}, does not reach them. Lives on the browser's context.
 */
public record BerthWorld(CdpConnection connection) {
    public static final String NAME = "berth";
    private static final String EVALUATE = "Runtime.evaluate";

    /**
     * Completes with Chrome's answer when the promise is settled.
     *
     * @param promise an expression that gives a promise
     * @param timeoutMillis asked before each of the two commands that it takes
     */
    public Future<JsonObject> await(PageTarget page, String promise, LongSupplier timeoutMillis) {
        return within(page, timeoutMillis)
                .compose(world -> connection.send(
                        page.sessionId(), EVALUATE, evaluation(promise, world), timeoutMillis.getAsLong()));
    }

    /** The same where all of a long answer is wanted; fails where it has more than {@code maxBytes}. */
    public Future<JsonObject> awaitAll(PageTarget page, String promise, LongSupplier timeoutMillis, int maxBytes) {
        return within(page, timeoutMillis)
                .compose(world -> WholeAnswer.MEMORY.lend(share -> connection.sendForAll(
                        page.sessionId(),
                        EVALUATE,
                        evaluation(promise, world),
                        timeoutMillis.getAsLong(),
                        new WholeAnswer(maxBytes, WholeAnswer.TEXT, share))));
    }

    private Future<Integer> within(PageTarget page, LongSupplier timeoutMillis) {
        JsonObject world = new JsonObject().put("frameId", page.targetId()).put("worldName", NAME);
        return connection
                .send(page.sessionId(), "Page.createIsolatedWorld", world, timeoutMillis.getAsLong())
                .map(made -> made.getInteger("executionContextId"));
    }

    private static JsonObject evaluation(String promise, int world) {
        return new JsonObject()
                .put("expression", promise)
                .put("contextId", world)
                .put("awaitPromise", true);
    }
}
