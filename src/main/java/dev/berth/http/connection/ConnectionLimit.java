package dev.berth.http.connection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Limits the connections of all HTTP verticles of a node together. For any thread. */
public final class ConnectionLimit {
    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    private final int max;
    // Guarded by this.
    private int open;
    private boolean full;

    public ConnectionLimit(int max) {
        this.max = max;
    }

    /** Counts one more connection if the limit allows it, until {@link #closed}. */
    synchronized boolean tryOpen() {
        if (open < max) {
            open++;
            return true;
        }
        if (!full) {
            full = true;
            // Logged once: a client that opens this many opens more.
            log.warn("{} connections are open (http.max-connections): further ones are closed at once", open);
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
