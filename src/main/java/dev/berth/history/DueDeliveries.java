package dev.berth.history;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;

/** The deliveries that nodes make. */
public interface DueDeliveries {
    /**
     * Takes deliveries that are due, at most {@code limit}, and two of one webhook. They come due again after a minute, unless
     * {@link #settle} is told how they ended: what a killed node has taken is made by another.
     *
     * @param busy webhooks to take none of
     */
    Future<List<DueDelivery>> claim(int limit, Collection<String> busy);

    /** Records how an attempt ended, unless the delivery was claimed or replayed again since. */
    Future<Void> settle(DueDelivery made, Attempt how);

    /** Removes some of the deliveries that are older than a week, and of the oldest of a webhook that has too many; gives whether there may be more. */
    Future<Boolean> purge();
}
