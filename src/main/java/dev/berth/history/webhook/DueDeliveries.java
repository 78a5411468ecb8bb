package dev.berth.history.webhook;

import dev.berth.protocol.SessionSummary;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The deliveries that nodes make. */
public interface DueDeliveries {
    /**
     * How an attempt of a delivery ended.
     *
     * @param status of the answer, if there was one
     * @param error empty where it was delivered
     * @param retryMillis after which time to try again; empty where it was delivered, or has failed for good
     */
    record Attempt(Optional<Integer> status, Optional<String> error, long durationMillis, OptionalLong retryMillis) {
        public String state() {
            return error.isEmpty() ? "delivered" : retryMillis.isPresent() ? "pending" : "failed";
        }
    }

    /**
     * A delivery whose next attempt this node makes.
     *
     * @param claim tells this attempt from all others of the delivery
     * @param attempt its number since the delivery was made or replayed, from 1; one that a killed node made has the same as the next
     * @param sessionId what it is about, if it is about a session
     * @param session as it is now; empty where it does not exist any more, or can't be read
     * @param task that it is about, if any, as it is now, without its output
     */
    record DueDelivery(
            String deliveryId,
            String webhookId,
            String url,
            String secret,
            String event,
            Instant createdAt,
            long claim,
            int attempt,
            Optional<String> sessionId,
            Optional<SessionSummary> session,
            Optional<TaskView> task) {

        /** Without the secret. */
        @Override
        public String toString() {
            return deliveryId;
        }
    }

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
