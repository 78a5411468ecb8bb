package dev.berth.browser.cdp;

/** How much of what a party sent waits to be written. For any thread. */
final class Unwritten {
    private static final int FULL_BYTES = 1 << 20;

    private long bytes;
    private boolean full;
    private boolean awaited;

    synchronized void add(long more) {
        bytes += more;
        full = full || bytes > FULL_BYTES;
    }

    /** It is told when all is written, though it is not too much. */
    synchronized void await() {
        awaited = bytes > 0;
    }

    /** Whether all is written now, after it was too much, or awaited. */
    synchronized boolean written(long done) {
        bytes -= done;
        boolean drained = (full || awaited) && bytes == 0;
        full = full && !drained;
        awaited = awaited && !drained;
        return drained;
    }

    /** Whether it is too much, until all of it is written. */
    synchronized boolean isFull() {
        return full;
    }

    synchronized long bytes() {
        return bytes;
    }
}
