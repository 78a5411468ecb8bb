package dev.berth.access;

import dev.berth.protocol.SessionId;
import java.time.Instant;

/**
 * A link to a session that its user gives to others.
 *
 * @param keyId of the API key that it was made with, and ends with
 * @param interactive whether it lets its holder act in the live view, or only watch
 * @param whole whether its holder may also read all that is kept of the session
 */
public record ShareLink(
        long linkId,
        SessionId sessionId,
        long keyId,
        boolean interactive,
        boolean whole,
        Instant createdAt,
        Instant expiresAt) {}
