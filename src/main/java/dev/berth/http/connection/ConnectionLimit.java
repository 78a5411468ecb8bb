package dev.berth.http.connection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many connections all HTTP verticles of a node may have open together. For any thread. */
public final class ConnectionLimit {
    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    private final int max;
    // Guarded by this.
    private int open;
    private boolean full;

    public ConnectionLimit(int max) {
        this.max = max;
    }

    /** Whether one more may be open; then it counts, until {@link #closed}. */
    synchronized boolean tryOpen() {
        if (open < max) {
            open++;
            return true;
        }
        if (!full) {
            full = true;
            // Once, not for each: a client that opens this many opens more.
            log.warn("there are {} connections, which is http.max-connections: more are closed at once", open);
        }
        return false;
    }

    synchronized void closed() {
        open--;
        full &= open > max - max / 10;
    }

    synchronized int open() {
        return open;
    }
}
