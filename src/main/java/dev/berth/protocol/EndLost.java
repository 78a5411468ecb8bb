package dev.berth.protocol;

/**
 * Tells a node that a session does not answer, though its row names that node. Replied to once the row says that the session
 * has ended. Fails with {@link ErrorCode#NOT_READY} where the node still holds the session.
 */
public record EndLost(SessionId sessionId) implements NodeCommand<LostEnded> {
    public EndLost {
        Require.present("sessionId", sessionId);
    }
}
