package dev.berth.browser.drive.command;

import dev.berth.browser.cdp.CdpConnection;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The hands of a Chrome that waits for a session, at its one page. On the context of their connection. */
public record WarmHands(CdpConnection connection, String targetId, String sessionId) {
    private static final long ANSWER_MILLIS = 2_000;
    private static final JsonObject NOTHING = new JsonObject();

    /** Fails where there is no page. */
    public static Future<WarmHands> of(CdpConnection connection) {
        return connection
                .send(CdpConnection.BROWSER, "Target.getTargets", NOTHING)
                .map(targets -> page(targets.getJsonArray("targetInfos")))
                .compose(targetId -> PageSessions.attach(connection, targetId)
                        .map(sessionId -> new WarmHands(connection, targetId, sessionId)));
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
    public Future<Void> readCookies() {
        return connection
                .send(CdpConnection.BROWSER, "Storage.getCookies", NOTHING)
                .mapEmpty();
    }

    /** Completes where the page answers. */
    public Future<Void> answers() {
        return connection
                .send(sessionId, "Runtime.evaluate", new JsonObject().put("expression", "1"), ANSWER_MILLIS)
                .mapEmpty();
    }
}
