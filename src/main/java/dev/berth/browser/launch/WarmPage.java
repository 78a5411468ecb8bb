package dev.berth.browser.launch;

import dev.berth.browser.cdp.CdpConnection;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one page of a Chrome in the pool, over a connection of the pool's own. On the pool's context. */
record WarmPage(Context context, CdpConnection connection, String sessionId) {
    private static final Logger log = LoggerFactory.getLogger(WarmPage.class);
    private static final long ANSWER_MILLIS = 2_000;
    private static final JsonObject NOTHING = new JsonObject();

    /**
     * The connection is closed where there is no page.
     *
     * @param context that of the connection
     */
    static Future<WarmPage> of(Context context, CdpConnection connection) {
        return connection
                .send(CdpConnection.BROWSER, "Target.getTargets", NOTHING)
                .map(targets -> page(targets.getJsonArray("targetInfos")))
                .compose(targetId -> connection.send(
                        CdpConnection.BROWSER,
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", targetId).put("flatten", true)))
                .map(attached -> new WarmPage(context, connection, attached.getString("sessionId")))
                .recover(e -> connection.close().transform(closed -> Future.failedFuture(e)));
    }

    private static String page(JsonArray targets) {
        return targets.stream()
                .map(JsonObject.class::cast)
                .filter(target -> target.getString("type").equals("page"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Chrome has no page"))
                .getString("targetId");
    }

    /** Has Chrome read its cookies from its profile. */
    Future<Void> readCookies() {
        return connection
                .send(CdpConnection.BROWSER, "Storage.getCookies", NOTHING)
                .mapEmpty();
    }

    Future<Void> answers() {
        return connection
                .send(sessionId, "Runtime.evaluate", new JsonObject().put("expression", "1"), ANSWER_MILLIS)
                .mapEmpty();
    }

    /** From any context: a session has it now. */
    void leave() {
        context.runOnContext(ignored -> connection
                .close()
                .onFailure(e -> log.warn("a warm Chrome's connection was not closed: {}", e.toString())));
    }
}
