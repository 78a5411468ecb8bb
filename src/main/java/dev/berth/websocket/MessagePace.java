package dev.berth.websocket;

/** Detects a client that does not continue a large message, whose memory others may need. Pure: the caller has the clock. */
public final class MessagePace {
    private static final long MIN_BYTES = 1 << 20;

    private boolean watching;
    private long receivedBefore;

    /** Starts over, since the message has ended, or the server made the client wait. */
    public void restart() {
        watching = false;
    }

    /**
     * To be called once per interval: whether a large message was under way all the time and less than 1 MiB has arrived.
     *
     * @param large whether a large message is under way
     * @param receivedBytes total of all messages so far
     */
    public boolean isTooSlow(boolean large, long receivedBytes) {
        boolean slow = watching && large && receivedBytes - receivedBefore < MIN_BYTES;
        watching = large;
        receivedBefore = receivedBytes;
        return slow;
    }
}
