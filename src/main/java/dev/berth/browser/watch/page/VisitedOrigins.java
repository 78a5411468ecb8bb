package dev.berth.browser.watch.page;

import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The origins whose documents the frames of a browser have shown, and so may have stored something. Lives on the browser's context. */
public final class VisitedOrigins {
    /** The latest ones. */
    static final int MAX_ORIGINS = 1_000;

    private static final int MAX_CHARS = 300;

    private final Set<String> origins = new LinkedHashSet<>();

    void handle(CdpEvent event) {
        if (event.method().equals("Page.frameNavigated")) {
            JsonObject frame = event.params().getJsonObject("frame");
            if (frame.getString("unreachableUrl", "").isEmpty()) {
                add(frame.getString("securityOrigin", ""));
            }
        }
    }

    /** Those of other schemes than {@code http} and {@code https} store nothing. */
    public void add(String origin) {
        if (origin.matches("https?://[^/]+") && origin.length() <= MAX_CHARS) {
            origins.remove(origin);
            origins.add(origin);
            if (origins.size() > MAX_ORIGINS) {
                origins.remove(origins.iterator().next());
            }
        }
    }

    /** The latest one last. */
    public List<String> all() {
        return List.copyOf(origins);
    }
}
