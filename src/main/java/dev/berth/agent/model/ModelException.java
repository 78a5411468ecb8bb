package dev.berth.agent.model;

import dev.berth.protocol.Cost;

/** A model gave no answer. The message is for users: what happened and what to do, without secrets. */
public final class ModelException extends RuntimeException {
    private final transient Cost cost;

    ModelException(String message, Cost cost) {
        super(message, null, false, false);
        this.cost = cost;
    }

    /** The cost of the failed tries: an empty answer is charged, too. */
    public Cost cost() {
        return cost;
    }
}
