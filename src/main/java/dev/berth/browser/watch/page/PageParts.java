package dev.berth.browser.watch.page;

import dev.berth.browser.watch.page.Pages.CrossSiteFrame;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The page to which each CDP session of the eyes and each frame belongs. The sessions of a page's iframes and workers are attached
 * through that of the page; service and shared workers belong to no page. Lives on the browser's context.
 */
public final class PageParts {
    /** Chrome does not tell which frames a page leaves behind in another process, so the oldest are forgotten. */
    static final int MAX_FRAMES = 5_000;

    private final Map<String, String> pageBySession = new HashMap<>();
    /** The sessions of iframes of other sites, by that of the page or iframe that holds them. */
    private final Map<String, List<CrossSiteFrame>> framesBySession = new HashMap<>();
    /** The page of each iframe. */
    private final Map<String, String> pageByFrame = new LinkedHashMap<>();

    /** @param target Chrome's {@code TargetInfo} */
    public void attached(String parentSession, String sessionId, JsonObject target) {
        String targetId = target.getString("targetId");
        String type = target.getString("type");
        ofSession(parentSession)
                .or(() -> Optional.of(targetId).filter(id -> type.equals("page")))
                .ifPresent(page -> pageBySession.put(sessionId, page));
        if (type.equals("iframe")) {
            // The id of a cross-site iframe is that of its target.
            keepFrame(sessionId, targetId);
            framesBySession
                    .computeIfAbsent(parentSession, id -> new ArrayList<>())
                    .add(new CrossSiteFrame(targetId, sessionId));
        }
    }

    /** The iframes of other sites that a page or iframe holds, itself. */
    List<CrossSiteFrame> crossSiteFrames(String sessionId) {
        return List.copyOf(framesBySession.getOrDefault(sessionId, List.of()));
    }

    /** The session of the page or iframe that holds an iframe of another site; empty for the session of a page. */
    Optional<String> holderOf(String sessionId) {
        return framesBySession.entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .anyMatch(frame -> frame.sessionId().equals(sessionId)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The frame that an iframe of another site, which has this session, is; empty for the session of a page. */
    Optional<String> rootOf(String sessionId) {
        return framesBySession.values().stream()
                .flatMap(List::stream)
                .filter(frame -> frame.sessionId().equals(sessionId))
                .map(CrossSiteFrame::targetId)
                .findFirst();
    }

    /** Whether a frame, as {@code Page.frameNavigated} has it, is the outermost of a session. */
    public boolean isRoot(String sessionId, JsonObject frame) {
        return !frame.containsKey("parentId") || rootOf(sessionId).equals(Optional.of(frame.getString("id")));
    }

    private void keepFrame(String sessionId, String frameId) {
        ofSession(sessionId).ifPresent(page -> pageByFrame.put(frameId, page));
        if (pageByFrame.size() > MAX_FRAMES) {
            pageByFrame.remove(pageByFrame.keySet().iterator().next());
        }
    }

    public void detached(String sessionId) {
        framesBySession.remove(sessionId);
        framesBySession
                .values()
                .forEach(frames -> frames.removeIf(frame -> frame.sessionId().equals(sessionId)));
        String page = pageBySession.remove(sessionId);
        if (page != null && !pageBySession.containsValue(page)) {
            pageByFrame.values().removeIf(page::equals);
        }
    }

    /** {@code Page.frameAttached}. */
    public void frameAttached(String sessionId, JsonObject event) {
        keepFrame(sessionId, event.getString("frameId"));
    }

    /** {@code Page.frameDetached}. */
    public void frameDetached(JsonObject event) {
        // A frame that goes to another process stays where it is.
        if (!"swap".equals(event.getString("reason"))) {
            pageByFrame.remove(event.getString("frameId"));
        }
    }

    /** The target id of the page; empty where the session belongs to none. */
    public Optional<String> ofSession(String sessionId) {
        return Optional.ofNullable(pageBySession.get(sessionId));
    }

    /** The same for a frame. The id of a main frame is that of its page. */
    public Optional<String> ofFrame(String frameId) {
        return pageBySession.containsValue(frameId)
                ? Optional.of(frameId)
                : Optional.ofNullable(pageByFrame.get(frameId));
    }
}
