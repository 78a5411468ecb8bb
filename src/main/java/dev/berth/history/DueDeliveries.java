package dev.berth.history;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** The deliveries that nodes make. */
public interface DueDeliveries {
    /**
     * Takes deliveries that are due, at most {@code limit}, and of one webhook as many as make two with those in flight. They come due again after a minute, unless
     * {@link #settle} is told how they ended: what a killed node has taken is made by another.
     *
     * @param inFlight how many of a webhook this node is making
     */
    Future<List<DueDelivery>> claim(int limit, Map<String, Integer> inFlight);

    /** Records how an attempt ended, unless the delivery was claimed or replayed again since. */
    Future<Void> settle(DueDelivery made, Attempt how);

    /**
     * What was removed.
     *
     * @param more whether there may be more to remove
     * @param untold how many were still to be told
     */
    record Purged(boolean more, long untold) {}

    /**
     * Removes some of the deliveries that ended and are older than a week, and of those of a webhook that has too many: the oldest that
     * ended, then the oldest that wait.
     */
    Future<Purged> purge();
}
