package dev.berth.agent.model;

import io.vertx.core.Future;

/** A question that a model is answering. */
public interface Asking {
    /** Completes on the context that asked. */
    Future<Turn> turn();

    /**
     * Gives up: the connection is closed, no try follows, and {@link #turn} fails unless it has completed.
     * To be called on the context that asked.
     */
    void cancel();
}
