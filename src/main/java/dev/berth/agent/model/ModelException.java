package dev.berth.agent.model;

import dev.berth.protocol.Cost;

/** A model gave no answer. The message is for users: what happened and what to do, without secrets. */
public final class ModelException extends RuntimeException {
    /** What went wrong. */
    public enum Kind {
        /** Nobody answers at its address, or the connection broke. */
        UNREACHABLE,
        /** It took longer than {@code ai.timeout-millis}. */
        TIMEOUT,
        /** It has too much to do, or the account's limit is reached. */
        OVERLOADED,
        /** It does not accept the key, the model's name or the request. */
        REFUSED,
        /** The conversation is longer than it can take. */
        TOO_LONG,
        /** Its content filter took the answer back. */
        FILTERED,
        /** What came is no answer. */
        MALFORMED,
        /** Who asked does not want the answer any more. */
        CANCELLED
    }

    private final Kind kind;
    private final transient Cost cost;

    ModelException(Kind kind, String message, Cost cost) {
        super(message, null, false, false);
        this.kind = kind;
        this.cost = cost;
    }

    public Kind kind() {
        return kind;
    }

    /** What the failed tries cost: an empty answer is charged too. */
    public Cost cost() {
        return cost;
    }
}
