package dev.berth.agent.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A message of a conversation. */
public sealed interface Message {
    /** What the model is told or asked. */
    record User(String text, List<Image> images) implements Message {
        public User {
            Objects.requireNonNull(text, "text");
            images = List.copyOf(images);
        }

        public User(String text) {
            this(text, List.of());
        }
    }

    /** What the model answered. */
    record Assistant(Optional<String> text, List<ToolCall> calls) implements Message {
        public Assistant {
            Objects.requireNonNull(text, "text");
            calls = List.copyOf(calls);
        }
    }

    /** What a call gave; there is one for each call of the answer before. */
    record ToolResult(String callId, String tool, String text, List<Image> images) implements Message {
        public ToolResult {
            Objects.requireNonNull(callId, "callId");
            Objects.requireNonNull(tool, "tool");
            Objects.requireNonNull(text, "text");
            images = List.copyOf(images);
        }

        public ToolResult(String callId, String tool, String text) {
            this(callId, tool, text, List.of());
        }
    }
}
