package dev.berth.browser.watch;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The page to which each CDP session of the eyes and each frame belongs. The sessions of a page's iframes and workers are attached
 * through that of the page; service and shared workers belong to no page. Lives on the browser's context.
 */
final class PageParts {
    private final Map<String, String> pageBySession = new HashMap<>();
    private final Map<String, String> pageByFrame = new HashMap<>();

    /** @param target Chrome's {@code TargetInfo} */
    void attached(String parentSession, String sessionId, JsonObject target) {
        String targetId = target.getString("targetId");
        boolean isPage = "page".equals(target.getString("type"));
        ofSession(parentSession)
                .or(() -> isPage ? Optional.of(targetId) : Optional.empty())
                .ifPresent(page -> {
                    pageBySession.put(sessionId, page);
                    // The id of a main frame, and of a cross-site iframe, is that of its target.
                    pageByFrame.put(targetId, page);
                });
    }

    void detached(String sessionId) {
        String page = pageBySession.remove(sessionId);
        if (page != null && !pageBySession.containsValue(page)) {
            pageByFrame.values().removeIf(page::equals);
        }
    }

    /** {@code Page.frameAttached}. */
    void frameAttached(String sessionId, JsonObject event) {
        ofSession(sessionId).ifPresent(page -> pageByFrame.put(event.getString("frameId"), page));
    }

    /** {@code Page.frameDetached}. */
    void frameDetached(JsonObject event) {
        // A frame that goes to another process stays where it is.
        if (!"swap".equals(event.getString("reason"))) {
            pageByFrame.remove(event.getString("frameId"));
        }
    }

    /** The target id of the page; empty where the session belongs to none. */
    Optional<String> ofSession(String sessionId) {
        return Optional.ofNullable(pageBySession.get(sessionId));
    }

    Optional<String> ofFrame(String frameId) {
        return Optional.ofNullable(pageByFrame.get(frameId));
    }
}
