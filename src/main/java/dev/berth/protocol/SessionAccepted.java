package dev.berth.protocol;

import java.time.Instant;

/**
 * The reply to {@link CreateSession}, sent before Chrome is up.
 *
 * @param sessionId the new session, or that of an earlier request with the same {@code Idempotency-Key}
 * @param status {@code creating}, or the status of the earlier session
 * @param machineId the node that holds it; while it waits for a place, the one that was asked
 * @param createdAt when it was accepted
 * @param expiresAt when its lifetime ends
 */
public record SessionAccepted(
        SessionId sessionId, SessionStatus status, String machineId, Instant createdAt, Instant expiresAt)
        implements NodeReply {}
