package dev.berth.history;

import java.time.Instant;
import java.util.Optional;

/**
 * An event that a webhook is told, or was.
 *
 * @param state {@code pending}, {@code delivered} or {@code failed}
 * @param attempts how many have ended since it was made or replayed
 * @param nextAttemptAt present only while it is pending
 * @param lastStatus of the last answer, if there was one
 * @param lastError why the last attempt failed
 * @param durationMillis of the last attempt
 */
public record Delivery(
        String deliveryId,
        String event,
        Optional<String> sessionId,
        Optional<String> taskId,
        Instant createdAt,
        String state,
        int attempts,
        Optional<Instant> nextAttemptAt,
        Optional<Integer> lastStatus,
        Optional<String> lastError,
        Optional<Long> durationMillis) {}
