package dev.berth.agent.model;

import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.protocol.Cost;
import java.util.List;
import java.util.Optional;

/**
 * A model's answer: text, calls, or both.
 *
 * @param calls where the model's output was cut, so are the last one's arguments
 * @param cost of all tries together
 */
public record Turn(Optional<String> text, List<ToolCall> calls, Cost cost) {
    public Turn {
        calls = List.copyOf(calls);
    }
}
