package dev.berth.protocol;

import java.util.Map;
import java.util.Optional;

/**
 * Asks a supervisor, on {@link Addresses#CREATE}, for a new session.
 *
 * @param sessionId chosen by the caller
 * @param userId who owns it
 * @param initialPrompt a URL to open, or an AI task: see {@link InitialPrompt}
 * @param options what its Chrome is like; of its timeouts, idle and lifetime have at least {@value SessionTimeouts#MIN_MILLIS} ms
 * @param metadata the client's own labels
 * @param idempotency present where a repeated request must give the session of the first one
 */
public record CreateSession(
        SessionId sessionId,
        long userId,
        Optional<String> initialPrompt,
        SessionOptions options,
        Map<String, String> metadata,
        Optional<Idempotency> idempotency)
        implements NodeCommand<SessionAccepted> {

    public CreateSession {
        Require.present("sessionId", sessionId);
        Require.present("initialPrompt", initialPrompt);
        Require.present("options", options).timeouts().requireUsable();
        Require.present("metadata", metadata);
        Require.present("idempotency", idempotency);
        metadata = Map.copyOf(metadata);
    }

    /**
     * Marks a request that may be repeated.
     *
     * @param key the client's {@code Idempotency-Key}
     * @param requestHash a hash of the request: the same key with another one is a conflict
     */
    public record Idempotency(String key, String requestHash) {}
}
