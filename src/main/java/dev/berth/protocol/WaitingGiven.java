package dev.berth.protocol;

import java.util.Optional;

/**
 * The answer to {@link TakeWaiting}.
 *
 * @param sessionId the session that was given away; absent where none was
 */
public record WaitingGiven(Optional<SessionId> sessionId) implements NodeReply {
    public WaitingGiven {
        Require.present("sessionId", sessionId);
    }
}
