package dev.berth.cluster;

import dev.berth.protocol.NodeStatus;
import io.vertx.core.Future;

/** What a node holds by its lease. Thread-safe. */
public interface HeldSessions {
    /** For the other nodes. */
    Future<NodeStatus> status();

    /**
     * Ends all sessions and tasks at once: the node may not hold them any more.
     *
     * @param detail for their users
     */
    Future<?> endAll(String detail);
}
