package dev.berth.browser.storage;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The origins whose documents the frames of a browser have shown, and so may have stored something. Lives on the browser's context. */
final class VisitedOrigins {
    /** The latest ones. */
    private static final int MAX_ORIGINS = 1_000;

    private static final int MAX_CHARS = 300;

    private final Set<String> origins = new LinkedHashSet<>();

    /** @param frame that navigated, by CDP's {@code Page.Frame} */
    void navigated(JsonObject frame) {
        if (frame.getString("unreachableUrl", "").isEmpty()) {
            add(frame.getString("securityOrigin", ""));
        }
    }

    /** Adds an origin. Origins of other schemes than {@code http} and {@code https} store nothing. */
    void add(String origin) {
        if (origin.matches("https?://[^/]+") && origin.length() <= MAX_CHARS) {
            origins.remove(origin);
            origins.add(origin);
            if (origins.size() > MAX_ORIGINS) {
                origins.remove(origins.iterator().next());
            }
        }
    }

    /** The latest one last. */
    List<String> all() {
        return List.copyOf(origins);
    }
}
