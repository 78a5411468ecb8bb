package dev.berth.limits;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How many of something each holder may have, such as the open sockets of an API key, and all holders together. For any thread.
 *
 * @param <K> the holders
 */
public final class CountLimit<K> {
    private final Bound each;
    private final Optional<Bound> all;
    // Guarded by this.
    private final Map<K, Integer> counts = new HashMap<>();
    private int total;

    /** @param beyond the answer to a holder who asks for one more than {@code max} */
    public record Bound(int max, BerthException beyond) {
        public Bound(int max, String beyond) {
            this(max, new BerthException(ErrorCode.LIMIT_REACHED, beyond));
        }

        private void check(int count) {
            if (count >= max) {
                throw beyond;
            }
        }
    }

    public CountLimit(int maxEach, String beyond) {
        this(new Bound(maxEach, beyond));
    }

    public CountLimit(Bound each) {
        this(each, Optional.empty());
    }

    /** @param all of all holders together */
    public CountLimit(Bound each, Bound all) {
        this(each, Optional.of(all));
    }

    private CountLimit(Bound each, Optional<Bound> all) {
        this.each = each;
        this.all = all;
    }

    /** Adds one to {@code holder}, or throws what is beyond its bound, or the bound of all. */
    public synchronized void add(K holder) {
        int had = count(holder);
        each.check(had);
        all.ifPresent(bound -> bound.check(total));
        counts.put(holder, had + 1);
        total++;
    }

    /** Takes one from {@code holder}. */
    public synchronized void remove(K holder) {
        int had = count(holder);
        if (had > 1) {
            counts.put(holder, had - 1);
        } else {
            counts.remove(holder);
        }
        total -= Math.min(1, had);
    }

    /** Counts {@code work} while it is under way. Where that would be one too many, fails, and the work is not begun. */
    public <T> Future<T> during(K holder, Supplier<Future<T>> work) {
        try {
            add(holder);
        } catch (BerthException full) {
            return Future.failedFuture(full);
        }
        return Future.succeededFuture().compose(now -> work.get()).onComplete(over -> remove(holder));
    }

    public synchronized int count(K holder) {
        return counts.getOrDefault(holder, 0);
    }

    public synchronized int total() {
        return total;
    }
}
