package dev.berth.agent.model;

import dev.berth.agent.model.PromptMessage.ToolCall;
import java.util.List;
import java.util.Optional;

/** The API of a provider. */
interface Api {
    /** Blocks until the answer has come. Throws {@link Failure} if {@code exchange} does, or if the answer is none. */
    Reply send(Prompt prompt, Exchange exchange);

    /**
     * A provider's answer to one try.
     *
     * @param cut whether the model reached {@link Prompt#maxOutputTokens}
     * @param filtered whether the provider took the answer back
     */
    record Reply(Optional<String> text, List<ToolCall> calls, Tokens tokens, boolean cut, boolean filtered) {
        boolean empty() {
            return text.isEmpty() && calls.isEmpty();
        }

        Reply with(Tokens other) {
            return new Reply(text, calls, other, cut, filtered);
        }
    }
}
