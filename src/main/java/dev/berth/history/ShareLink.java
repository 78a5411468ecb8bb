package dev.berth.history;

import dev.berth.protocol.SessionId;
import java.time.Instant;

/**
 * A link to a session's live view that its user gives to others.
 *
 * @param keyId of the API key that it was made with, and ends with
 * @param interactive whether it lets its holder act, or only watch
 */
public record ShareLink(
        long linkId, SessionId sessionId, long keyId, boolean interactive, Instant createdAt, Instant expiresAt) {}
