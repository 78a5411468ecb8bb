package dev.berth.agent.model;

import java.util.List;
import java.util.Optional;

/** A message of a conversation. */
public sealed interface PromptMessage {
    /** A message to the model. */
    record User(String text, List<Image> images) implements PromptMessage {
        public User {
            images = List.copyOf(images);
        }

        public User(String text) {
            this(text, List.of());
        }
    }

    /** An answer of the model. */
    record Assistant(Optional<String> text, List<ToolCall> calls) implements PromptMessage {
        public Assistant {
            calls = List.copyOf(calls);
        }
    }

    /** The result of a call; each call of the answer before has one. */
    record ToolResult(String callId, String tool, String text, List<Image> images) implements PromptMessage {
        public ToolResult {
            images = List.copyOf(images);
        }

        public ToolResult(String callId, String tool, String text) {
            this(callId, tool, text, List.of());
        }
    }

    /**
     * A tool that the model wants to be called.
     *
     * @param name as the model wrote it: perhaps of no tool
     * @param arguments JSON as the model wrote it: perhaps malformed
     */
    record ToolCall(String id, String name, String arguments) {}

    /**
     * A picture for a model. The bytes are not copied: who makes it leaves them alone.
     *
     * @param mediaType for example {@code image/jpeg}
     */
    record Image(String mediaType, byte[] bytes) {

        @Override
        public String toString() {
            return mediaType + " of " + bytes.length + " bytes";
        }
    }
}
