package dev.berth.browser.watch.page;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a saved profile holds of a Chrome besides the Chrome's own folders. All its values are secrets of their user.
 *
 * @param cookies as CDP's {@code Storage.getCookies} gives them
 * @param tabs the {@code sessionStorage} of open pages, by origin: pairs of name and value
 */
public record ProfileState(JsonArray cookies, Map<String, JsonArray> tabs) {
    /** Of its JSON, in bytes. Chrome keeps 3,300 cookies of 4 KiB each, and those in partitions. */
    public static final int MAX_BYTES = 64 << 20;

    public static final ProfileState NONE = new ProfileState(new JsonArray(), Map.of());

    public byte[] json() {
        JsonObject byOrigin = new JsonObject();
        tabs.forEach(byOrigin::put);
        return new JsonObject()
                .put("cookies", cookies)
                .put("sessionStorage", byOrigin)
                // A buffer's encoder fails on half a surrogate pair, which a site may have stored.
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    public static ProfileState of(byte[] json) {
        JsonObject read = new JsonObject(new String(json, StandardCharsets.UTF_8));
        Map<String, JsonArray> tabs = new LinkedHashMap<>();
        JsonObject byOrigin = read.getJsonObject("sessionStorage", new JsonObject());
        byOrigin.fieldNames().forEach(origin -> tabs.put(origin, byOrigin.getJsonArray(origin)));
        return new ProfileState(read.getJsonArray("cookies", new JsonArray()), tabs);
    }

    /** {@code toString} of a record would show the values. */
    @Override
    public String toString() {
        return "ProfileState[" + cookies.size() + " cookies, " + tabs.size() + " origins]";
    }
}
