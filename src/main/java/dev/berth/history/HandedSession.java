package dev.berth.history;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.Traceparent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A session that waits for a place and belongs to another node from now on. What it was created with was checked where it was.
 *
 * @param accepted names the node that has it
 * @param source who created it
 * @param traceparent of the request that created it
 * @param handedAt when it was given away, by Postgres's clock; absent before
 */
public record HandedSession(
        long userId,
        Optional<String> initialPrompt,
        SessionOptions options,
        Map<String, String> metadata,
        SessionAccepted accepted,
        ActionSource source,
        Optional<Instant> handedAt,
        Optional<Traceparent> traceparent) {

    /** One that is in no trace. */
    public HandedSession(
            long userId,
            Optional<String> initialPrompt,
            SessionOptions options,
            Map<String, String> metadata,
            SessionAccepted accepted,
            ActionSource source,
            Optional<Instant> handedAt) {
        this(userId, initialPrompt, options, metadata, accepted, source, handedAt, Optional.empty());
    }

    public SessionId id() {
        return accepted.sessionId();
    }
}
