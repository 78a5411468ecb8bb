package dev.berth.agent.model;

import java.util.List;
import java.util.Optional;

/** What a provider answered to one try. */
record Reply(Optional<String> text, List<ToolCall> calls, Usage usage, Turn.Stop stop, boolean filtered) {
    boolean empty() {
        return text.isEmpty() && calls.isEmpty();
    }

    Reply with(Usage other) {
        return new Reply(text, calls, other, stop, filtered);
    }
}
