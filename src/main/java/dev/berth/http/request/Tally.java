package dev.berth.http.request;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many of something each holder has at once, such as an API key of open sockets, up to a limit. For any thread.
 *
 * @param <K> the holders
 */
public final class Tally<K> {
    private final int max;
    private final Map<K, Integer> counts = new ConcurrentHashMap<>();

    /** @param max of one holder */
    public Tally(int max) {
        this.max = max;
    }

    public int max() {
        return max;
    }

    /** Whether {@code holder} may have one more; then it has. */
    public boolean tryAdd(K holder) {
        AtomicBoolean added = new AtomicBoolean();
        counts.compute(holder, (id, count) -> {
            int had = count == null ? 0 : count;
            added.set(had < max);
            return had < max ? Integer.valueOf(had + 1) : count;
        });
        return added.get();
    }

    /** {@code holder} has one less. */
    public void remove(K holder) {
        counts.computeIfPresent(holder, (id, count) -> count == 1 ? null : count - 1);
    }

    /** Whether nobody has any. */
    public boolean isEmpty() {
        return counts.isEmpty();
    }
}
