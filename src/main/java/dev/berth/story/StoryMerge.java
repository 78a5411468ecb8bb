package dev.berth.story;

import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.StoryCursor.StoryKind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Merges the entries of several kinds into one order: always the earliest of those that are next in their kinds. This order does
 * not depend on where the reading started. The end of the session is last, whatever the clocks said. Entries come in pages.
 */
final class StoryMerge {
    private final Map<StoryKind, Deque<SessionEvent>> pages = new EnumMap<>(StoryKind.class);
    private final Set<StoryKind> exhausted = EnumSet.noneOf(StoryKind.class);

    StoryMerge(Set<StoryKind> kinds) {
        kinds.forEach(kind -> pages.put(kind, new ArrayDeque<>()));
    }

    /** Adds the next entries of a kind; it is exhausted where there are none. */
    void add(StoryKind kind, List<? extends SessionEvent> page) {
        pages.get(kind).addAll(page);
        if (page.isEmpty()) {
            exhausted.add(kind);
        }
    }

    /** A kind of which the next entries must be added before the merge can go on. */
    Optional<StoryKind> wanted() {
        return pages.keySet().stream()
                .filter(kind -> pages.get(kind).isEmpty() && !exhausted.contains(kind))
                .findFirst();
    }

    /** Takes the next entry; empty if one is wanted first, or all kinds are exhausted. */
    Optional<SessionEvent> next() {
        Deque<SessionEvent> earliest = null;
        for (Map.Entry<StoryKind, Deque<SessionEvent>> page : pages.entrySet()) {
            if (!page.getValue().isEmpty()) {
                earliest = earliest == null || isBefore(page.getValue(), earliest) ? page.getValue() : earliest;
            } else if (!exhausted.contains(page.getKey())) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(earliest).map(Deque::remove);
    }

    private static boolean isBefore(Deque<SessionEvent> one, Deque<SessionEvent> other) {
        return time(one.element()).isBefore(time(other.element()));
    }

    private static Instant time(SessionEvent event) {
        return event instanceof SessionEnded ? Instant.MAX : event.timestamp();
    }
}
