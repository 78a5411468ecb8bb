package dev.berth.browser.watch.network;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The requests that have a response, but have not ended. Chrome reports the end when the body has been read, which a script may
 * never do: a body of which nothing is read for 5 s counts as ended. Pure; times are in nanoseconds.
 */
final class OpenBodies {
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The time of the last event of each, oldest first. */
    private final Map<String, Long> heardAt = new LinkedHashMap<>();

    void answered(String id, long now) {
        heardAt.remove(id);
        heardAt.put(id, now);
    }

    void read(String id, long now) {
        if (heardAt.containsKey(id)) {
            answered(id, now);
        }
    }

    void over(String id) {
        heardAt.remove(id);
    }

    boolean isEmpty() {
        return heardAt.isEmpty();
    }

    /** Removes and returns those without an event for {@link #PATIENCE_NANOS}. */
    List<String> takeStale(long now) {
        List<String> unread = new ArrayList<>();
        Iterator<Map.Entry<String, Long>> oldest = heardAt.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Long> next = oldest.next();
            if (now - next.getValue() < PATIENCE_NANOS) {
                break;
            }
            unread.add(next.getKey());
            oldest.remove();
        }
        return unread;
    }
}
