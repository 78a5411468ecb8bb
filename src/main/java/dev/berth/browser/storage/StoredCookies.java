package dev.berth.browser.storage;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.protocol.StorageState.StoredCookie;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The cookies of the default browser context: as CDP tells them, and as a storage state has them. */
final class StoredCookies {
    private StoredCookies() {}

    /** All cookies, as CDP's {@code Network.Cookie}. */
    static Future<JsonArray> all(CdpConnection connection, Deadline deadline) {
        return WholeAnswer.MEMORY
                .lend(share -> connection.sendForAll(
                        CdpConnection.BROWSER,
                        "Storage.getCookies",
                        new JsonObject(),
                        deadline.left(),
                        new WholeAnswer(Failures.MAX_RESULT_BYTES, WholeAnswer.TREE, share)))
                .map(answer -> answer.getJsonArray("cookies"));
    }

    static Future<List<StoredCookie>> read(CdpConnection connection, Deadline deadline) {
        return all(connection, deadline)
                .map(cookies -> cookies.stream()
                        .map(JsonObject.class::cast)
                        .filter(cookie -> !cookie.getBoolean("partitionKeyOpaque", false))
                        .map(StoredCookies::cookie)
                        .toList());
    }

    private static StoredCookie cookie(JsonObject json) {
        Optional<JsonObject> partition = Optional.ofNullable(json.getJsonObject("partitionKey"));
        return new StoredCookie(
                json.getString("name"),
                json.getString("value"),
                json.getString("domain"),
                json.getString("path"),
                Optional.of(json.getBoolean("session", false) ? -1 : json.getDouble("expires")),
                json.getBoolean("httpOnly", false),
                json.getBoolean("secure", false),
                // Playwright, too, gives Chrome's default a name.
                Optional.of(json.getString("sameSite", "Lax")),
                partition.map(key -> key.getString("topLevelSite")),
                partition.map(key -> key.getBoolean("hasCrossSiteAncestor")));
    }

    /** Chrome sets all of a list or none, and does not say which one it refuses: then each is set alone. */
    static Future<?> set(CdpConnection connection, List<StoredCookie> cookies, Deadline deadline) {
        return cookies.isEmpty()
                ? Future.succeededFuture()
                : send(connection, cookies, deadline)
                        .recover(e -> e instanceof ChromeRefusal
                                ? Future.all(IntStream.range(0, cookies.size())
                                                .mapToObj(at -> setCookie(connection, cookies.get(at), at, deadline))
                                                .toList())
                                        .mapEmpty()
                                : Future.failedFuture(e));
    }

    /** The error does not name the cookie, as errors are kept in the action log. */
    private static Future<?> setCookie(CdpConnection connection, StoredCookie cookie, int at, Deadline deadline) {
        return send(connection, List.of(cookie), deadline)
                .recover(e -> e instanceof ChromeRefusal
                        ? Future.failedFuture(Failures.failed("Chrome rejected the cookie cookies." + at + " of "
                                + cookie.domain() + ": " + e.getMessage()))
                        : Future.failedFuture(e));
    }

    private static Future<JsonObject> send(CdpConnection connection, List<StoredCookie> cookies, Deadline deadline) {
        JsonArray list = new JsonArray();
        cookies.forEach(cookie -> list.add(json(cookie)));
        return connection.send(
                CdpConnection.BROWSER, "Storage.setCookies", new JsonObject().put("cookies", list), deadline.left());
    }

    private static JsonObject json(StoredCookie cookie) {
        JsonObject json = new JsonObject()
                .put("name", cookie.name())
                .put("value", cookie.value())
                .put("domain", cookie.domain())
                .put("path", cookie.path())
                .put("expires", cookie.expires().orElse(-1.0))
                .put("httpOnly", cookie.httpOnly())
                .put("secure", cookie.secure());
        cookie.sameSite().ifPresent(sameSite -> json.put("sameSite", sameSite));
        cookie.partitionKey()
                .ifPresent(site -> json.put(
                        "partitionKey",
                        new JsonObject()
                                .put("topLevelSite", site)
                                .put(
                                        "hasCrossSiteAncestor",
                                        cookie.crossSiteAncestor().orElse(true))));
        return json;
    }
}
