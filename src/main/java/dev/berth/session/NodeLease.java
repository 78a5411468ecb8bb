package dev.berth.session;

import io.vertx.core.Future;

/** Whether a node still is the one of the cluster that its sessions are recorded with. Thread-safe. */
public interface NodeLease {
    /** Of a node that belongs to no cluster. */
    NodeLease UNLIMITED = Future::succeededFuture;

    /**
     * Completes when the node may tell that a session or a task of its own lives: at once, unless it has stood still. Fails where the node
     * was declared lost meanwhile.
     */
    Future<Void> confirmed();
}
