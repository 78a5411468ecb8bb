package dev.berth.history;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.SessionAccepted;
import java.time.Instant;
import java.util.Optional;

/**
 * A session that waits for a place and belongs to another node from now on.
 *
 * @param request without its idempotency key, which the row has
 * @param accepted names the node that has it
 * @param source who created it
 * @param handedAt when it was given away, by Postgres's clock; absent before
 */
public record HandedSession(
        CreateSession request, SessionAccepted accepted, ActionSource source, Optional<Instant> handedAt) {}
