package dev.berth.http;

/**
 * Whether a client goes on with a large message that it has begun: what has come of it takes memory that others may not have
 * meanwhile. Pure: somebody else has the clock.
 */
final class MessagePace {
    private static final long MIN_BYTES = 1 << 20;

    private long heldBefore;

    /** Once in an interval: whether less than 1 MiB has come of the same message. */
    boolean isTooSlow(long heldBytes) {
        boolean same = heldBefore > 0 && heldBytes >= heldBefore;
        boolean slow = same && heldBytes - heldBefore < MIN_BYTES;
        heldBefore = heldBytes;
        return slow;
    }
}
