package dev.berth.browser.watch.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The open pages of one Chrome, and which of them is active: the one that was opened or activated last. When the active page is
 * closed, its opener becomes active, or else the page that was active last. Lives on the browser's context.
 */
final class OpenPages {
    private final Map<String, PageTarget> bySession = new LinkedHashMap<>();
    /** The open pages, in the order in which they were active last. */
    private final Deque<PageTarget> byUse = new ArrayDeque<>();

    void add(PageTarget page) {
        bySession.put(page.sessionId(), page);
        byUse.add(page);
    }

    void activate(PageTarget page) {
        if (byUse.remove(page)) {
            byUse.add(page);
        }
    }

    /** Empty where the session is not that of a page. */
    Optional<PageTarget> remove(String sessionId) {
        Optional<PageTarget> gone = Optional.ofNullable(bySession.remove(sessionId));
        gone.ifPresent(page -> {
            boolean wasActive = active().filter(page::equals).isPresent();
            byUse.remove(page);
            if (wasActive) {
                page.openerId().flatMap(this::byTarget).ifPresent(this::activate);
            }
        });
        return gone;
    }

    Optional<PageTarget> active() {
        return Optional.ofNullable(byUse.peekLast());
    }

    Optional<PageTarget> bySession(String sessionId) {
        return Optional.ofNullable(bySession.get(sessionId));
    }

    Optional<PageTarget> byTarget(String targetId) {
        return bySession.values().stream()
                .filter(page -> page.targetId().equals(targetId))
                .findFirst();
    }

    List<PageTarget> all() {
        return List.copyOf(bySession.values());
    }
}
