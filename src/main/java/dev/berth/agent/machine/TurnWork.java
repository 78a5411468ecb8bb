package dev.berth.agent.machine;

import dev.berth.agent.model.ToolCall;
import java.util.List;
import java.util.Optional;

/**
 * What a model's answer still asks for.
 *
 * @param calls that have not been carried out; the first is the current one
 * @param reason the model's words
 * @param acts how many calls have changed the page, perhaps
 * @param look whether the page is to be read after them
 */
public record TurnWork(List<ToolCall> calls, Optional<String> reason, int acts, boolean look) {
    static final TurnWork NONE = new TurnWork(List.of(), Optional.empty(), 0, false);

    public TurnWork {
        calls = List.copyOf(calls);
    }

    ToolCall call() {
        return calls.get(0);
    }

    TurnWork next() {
        return new TurnWork(calls.subList(1, calls.size()), reason, acts, look);
    }

    TurnWork acted() {
        return new TurnWork(calls, reason, acts + 1, true);
    }

    TurnWork looking() {
        return new TurnWork(calls, reason, acts, true);
    }
}
