package dev.berth.agent.model;

import dev.berth.protocol.Cost;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A model's answer: text, calls, or both.
 *
 * @param usage of all tries together
 * @param cost of all tries together
 */
public record Turn(Optional<String> text, List<ToolCall> calls, Usage usage, Cost cost, Stop stop) {
    /** Why the model stopped. */
    public enum Stop {
        /** It said what it wanted to. */
        COMPLETE,
        /** It reached {@link Prompt#maxOutputTokens}: the text or the last call's arguments are cut. */
        OUTPUT_LIMIT,
        /** It gave another reason, or none. */
        OTHER
    }

    public Turn {
        Objects.requireNonNull(text, "text");
        calls = List.copyOf(calls);
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(cost, "cost");
        Objects.requireNonNull(stop, "stop");
    }

    public Turn(Optional<String> text, List<ToolCall> calls, Usage usage, Cost cost) {
        this(text, calls, usage, cost, Stop.COMPLETE);
    }
}
