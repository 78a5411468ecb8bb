package dev.berth.agent.model;

import dev.berth.protocol.Cost;
import io.vertx.core.Future;

/** A language model that takes a conversation and tools, and answers with words and calls of these tools. */
public interface Model {
    /**
     * One turn; to be called on a Vert.x context. A passing failure (unreachable, overloaded, cut, empty) is tried three
     * times within ten seconds. A model that is connected but silent is not tried again. Fails with
     * {@link ModelException}.
     *
     * @param maxUsd for all tries together, in US dollars: the first one is made in any case
     */
    Asking ask(Prompt prompt, double maxUsd);

    /** The highest cost of one call of this prompt: input counted generously, output at its limit. */
    Cost most(Prompt prompt);

    /** Whether it takes images; others are left out of what it gets. */
    boolean sees();

    String name();

    /** A question that the model is answering. */
    interface Asking {
        /** Completes on the context that asked. */
        Future<Turn> turn();

        /**
         * Gives up: the connection is closed, no try follows, and {@link #turn} fails unless it has completed.
         * To be called on the context that asked.
         */
        void cancel();
    }

    default Future<Void> close() {
        return Future.succeededFuture();
    }
}
