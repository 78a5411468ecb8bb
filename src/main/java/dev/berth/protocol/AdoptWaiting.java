package dev.berth.protocol;

/**
 * Tells the supervisor on {@link Addresses#node} that the row of a waiting session names its node now. Replied to with
 * {@link WaitingGiven} once the session can be reached there; its {@code sessionId} is absent where the row says something else.
 */
public record AdoptWaiting(SessionId sessionId) implements NodeCommand<WaitingGiven> {
    public AdoptWaiting {
        Require.present("sessionId", sessionId);
    }
}
