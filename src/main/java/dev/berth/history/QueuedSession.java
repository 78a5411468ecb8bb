package dev.berth.history;

import dev.berth.protocol.ActionSource;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.Traceparent;
import java.util.Map;
import java.util.Optional;

/**
 * A session that waited and that this node has claimed. What it was created with was checked where it was.
 *
 * @param options with their secrets
 * @param accepted names this node
 * @param source who created it
 * @param traceparent of the request that created it
 */
public record QueuedSession(
        long userId,
        Optional<String> initialPrompt,
        SessionOptions options,
        Map<String, String> metadata,
        SessionAccepted accepted,
        ActionSource source,
        Optional<Traceparent> traceparent) {
    public SessionId id() {
        return accepted.sessionId();
    }
}
