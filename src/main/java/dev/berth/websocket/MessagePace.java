package dev.berth.websocket;

/**
 * Whether a client goes on with a large message that it has begun: others may not have the memory meanwhile. Pure: somebody else
 * has the clock.
 */
public final class MessagePace {
    private static final long MIN_BYTES = 1 << 20;

    private boolean watching;
    private long receivedBefore;

    /** The message has ended, or it is not the client that it waits for: what came until now says nothing. */
    public void restart() {
        watching = false;
    }

    /**
     * Once in an interval: whether less than 1 MiB has come since the last one, of a message that was under way all the time.
     *
     * @param large whether a large message is under way
     * @param receivedBytes of all messages there ever were
     */
    public boolean isTooSlow(boolean large, long receivedBytes) {
        boolean slow = watching && large && receivedBytes - receivedBefore < MIN_BYTES;
        watching = large;
        receivedBefore = receivedBytes;
        return slow;
    }
}
