package dev.berth.browser.storage;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of a Chrome in a saved profile, besides the Chrome's own folders. All its values are secrets of their user.
 *
 * @param cookies as CDP's {@code Storage.getCookies} gives them
 * @param tabs the {@code sessionStorage} of open pages, by origin: pairs of name and value
 * @param origins origins that may have stored something, see {@link VisitedOrigins}
 */
public record ProfileState(JsonArray cookies, Map<String, JsonArray> tabs, List<String> origins) {
    /** Limit for the state's JSON, in bytes. Chrome keeps 3,300 cookies of 4 KiB each, and those in partitions. */
    public static final int MAX_BYTES = 64 << 20;

    public static final ProfileState NONE = new ProfileState(new JsonArray(), Map.of(), List.of());

    public byte[] json() {
        JsonObject byOrigin = new JsonObject();
        tabs.forEach(byOrigin::put);
        return new JsonObject()
                .put("cookies", cookies)
                .put("sessionStorage", byOrigin)
                .put("origins", new JsonArray(origins))
                // A buffer's encoder fails on half a surrogate pair, which a site may have stored.
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    public static ProfileState of(byte[] json) {
        JsonObject read = new JsonObject(new String(json, StandardCharsets.UTF_8));
        Map<String, JsonArray> tabs = new LinkedHashMap<>();
        JsonObject byOrigin = read.getJsonObject("sessionStorage", new JsonObject());
        byOrigin.fieldNames().forEach(origin -> tabs.put(origin, byOrigin.getJsonArray(origin)));
        List<String> origins = read.getJsonArray("origins", new JsonArray()).stream()
                .map(String.class::cast)
                .toList();
        return new ProfileState(read.getJsonArray("cookies", new JsonArray()), tabs, origins);
    }

    /** {@code toString} of a record would show the values. */
    @Override
    public String toString() {
        return "ProfileState[" + cookies.size() + " cookies, " + tabs.size() + " tabs]";
    }
}
