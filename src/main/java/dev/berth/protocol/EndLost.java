package dev.berth.protocol;

/**
 * Tells the node that a session's row names that nobody answers for it: replied to once the row tells its end. Fails with
 * {@link ErrorCode#NOT_READY} where the node holds the session after all.
 */
public record EndLost(SessionId sessionId) implements NodeCommand<LostEnded> {
    public EndLost {
        Require.present("sessionId", sessionId);
    }
}
