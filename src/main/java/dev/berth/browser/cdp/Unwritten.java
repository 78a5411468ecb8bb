package dev.berth.browser.cdp;

/** How much of what a party sent waits to be written. For any thread. */
final class Unwritten {
    private static final int FULL_BYTES = 1 << 20;

    private long bytes;
    private boolean full;

    synchronized void add(long more) {
        bytes += more;
        full = full || bytes > FULL_BYTES;
    }

    /** Nothing is added any more: of what waits, it is told when all is written. */
    synchronized void end() {
        full = bytes > 0;
    }

    /** Whether all is written now, after it was too much, or the last. */
    synchronized boolean written(long done) {
        bytes -= done;
        boolean drained = full && bytes == 0;
        full = full && !drained;
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
