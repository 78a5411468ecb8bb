package dev.berth.http.request;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts how many of something each holder has, such as the open sockets of an API key, up to a limit. For any thread.
 *
 * @param <K> the holders
 */
public final class Tally<K> {
    private final int max;
    private final Map<K, Integer> counts = new ConcurrentHashMap<>();

    /** @param max for each holder */
    public Tally(int max) {
        this.max = max;
    }

    public int max() {
        return max;
    }

    /** Adds one to {@code holder} if it is below the limit. */
    public boolean tryAdd(K holder) {
        AtomicBoolean added = new AtomicBoolean();
        counts.compute(holder, (id, count) -> {
            int had = count == null ? 0 : count;
            added.set(had < max);
            return had < max ? Integer.valueOf(had + 1) : count;
        });
        return added.get();
    }

    /** Takes one from {@code holder}. */
    public void remove(K holder) {
        counts.computeIfPresent(holder, (id, count) -> count == 1 ? null : count - 1);
    }

    /** Whether no holder has any. */
    public boolean isEmpty() {
        return counts.isEmpty();
    }
}
