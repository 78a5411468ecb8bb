package dev.berth.history;

import dev.berth.protocol.SessionSummary;
import dev.berth.protocol.TaskView;
import java.time.Instant;
import java.util.Optional;

/**
 * A delivery whose next attempt this node makes.
 *
 * @param claim tells this attempt from all others of the delivery
 * @param attempt its number since the delivery was made or replayed, from 1; one that a killed node made has the same as the next
 * @param sessionId what it is about, if it is about a session
 * @param session as it is now; empty where it does not exist any more
 * @param task that it is about, if any, as it is now, without its output
 */
public record DueDelivery(
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
