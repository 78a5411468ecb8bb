package dev.berth.browser.storage;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.protocol.Truncation;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A page that neither clients nor the eyes see, in which Berth's script can be any origin: each document that it asks for is answered by Berth,
 * empty, and nothing is sent. Lives on the browser's context.
 */
final class OriginPage {
    private static final String SCRIPT = script();
    private static final int MAX_SHOWN_CHARS = 200;
    private static final JsonObject NOTHING = new JsonObject();
    private static final JsonObject EVERYTHING =
            new JsonObject().put("patterns", new JsonArray().add(new JsonObject().put("urlPattern", "*")));
    private static final JsonArray HTML =
            new JsonArray().add(new JsonObject().put("name", "Content-Type").put("value", "text/html"));

    private final CdpConnection connection;
    private final String sessionId;
    private final Deadline deadline;
    private String awaited = "";

    private OriginPage(CdpConnection connection, String sessionId, Deadline deadline) {
        this.connection = connection;
        this.sessionId = sessionId;
        this.deadline = deadline;
        connection.onEvent(this::handle);
    }

    private static String script() {
        try (InputStream in = OriginPage.class.getResourceAsStream("storage.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^//.*\n", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param connection of its own: the page closes with it */
    static Future<OriginPage> open(CdpConnection connection, Deadline deadline) {
        return connection
                .openHiddenPage(deadline.left())
                .compose(target -> connection.send(
                        CdpConnection.BROWSER,
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", target).put("flatten", true),
                        deadline.left()))
                .map(attached -> new OriginPage(connection, attached.getString("sessionId"), deadline))
                .compose(page -> page.prepare().map(page));
    }

    /** A service worker would see the requests before they are intercepted. */
    private Future<?> prepare() {
        return Future.all(
                send("Fetch.enable", EVERYTHING),
                send("Page.enable", NOTHING),
                send("Network.enable", new JsonObject().put("maxTotalBufferSize", 0)),
                send("Network.setBypassServiceWorker", new JsonObject().put("bypass", true)));
    }

    private Future<JsonObject> send(String method, JsonObject params) {
        return connection.send(sessionId, method, params, deadline.left());
    }

    private void handle(CdpEvent event) {
        if (event.method().equals("Fetch.requestPaused")) {
            JsonObject answer = new JsonObject().put("requestId", event.params().getString("requestId"));
            boolean document =
                    event.params().getJsonObject("request").getString("url").equals(awaited);
            // Fails where the request is over already.
            (document
                            ? send(
                                    "Fetch.fulfillRequest",
                                    answer.put("responseCode", 200).put("responseHeaders", HTML))
                            : send("Fetch.failRequest", answer.put("errorReason", "Aborted")))
                    .otherwiseEmpty();
        }
    }

    /** Completes with whether the page is a document of this origin now. Chrome may turn {@code http} into {@code https}. */
    Future<Boolean> become(String origin) {
        awaited = origin + "/";
        return send("Page.navigate", new JsonObject().put("url", awaited))
                .compose(gone -> send("Runtime.evaluate", evaluation("location.origin")))
                .map(answer -> origin.equals(answer.getJsonObject("result").getString("value")));
    }

    /** Removes the databases of its origin, also those that pages have open. */
    Future<?> removeDatabases() {
        return send(
                "Storage.clearDataForStorageKey",
                new JsonObject().put("storageKey", awaited).put("storageTypes", "indexeddb"));
    }

    /** Completes with the object that a function of {@code storage.js} gives. */
    Future<JsonObject> call(String function, String json, int maxBytes) {
        String expression = "(" + SCRIPT + ")()." + function + "(JSON.parse(" + Json.encode(json) + "))";
        return WholeAnswer.MEMORY
                .lend(share -> connection.sendForAll(
                        sessionId,
                        "Runtime.evaluate",
                        evaluation(expression),
                        deadline.left(),
                        new WholeAnswer(maxBytes, WholeAnswer.TEXT, share)))
                .compose(OriginPage::value);
    }

    private static JsonObject evaluation(String expression) {
        return new JsonObject()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true);
    }

    private static Future<JsonObject> value(JsonObject answer) {
        JsonObject thrown = answer.getJsonObject("exceptionDetails");
        if (thrown == null) {
            return Future.succeededFuture(answer.getJsonObject("result").getJsonObject("value", NOTHING));
        }
        String text = thrown.getJsonObject("exception", NOTHING).getString("description", thrown.getString("text", ""));
        // Chrome's own errors quote values and names of items, which are secrets: only what kind of error it was is
        // told.
        String kind = text.lines().findFirst().orElse("").replaceFirst("(?<!^Error):.*", "");
        return Future.failedFuture(Failures.failed(Truncation.ellipsis(kind, MAX_SHOWN_CHARS)));
    }
}
