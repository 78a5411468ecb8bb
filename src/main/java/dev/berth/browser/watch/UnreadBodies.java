package dev.berth.browser.watch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which requests were answered and are not over. Chrome tells the end of one when its body was read, which a page need not do: one
 * of whose body nothing more is read is as good as over. Pure: it is told the time, in nanoseconds.
 */
final class UnreadBodies {
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** In the order in which they were last heard of. */
    private final Map<String, Long> heardAt = new LinkedHashMap<>();

    /** It was answered. */
    void answered(String id, long now) {
        heardAt.remove(id);
        heardAt.put(id, now);
    }

    /** Some of its body was read. */
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

    /** Takes out those that were not heard of for long enough. */
    List<String> takeUnread(long now) {
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
