package dev.berth.agent.model;

import java.util.Objects;

/**
 * A tool that the model wants to be called.
 *
 * @param name as the model wrote it: perhaps of no tool
 * @param arguments JSON as the model wrote it: perhaps malformed
 */
public record ToolCall(String id, String name, String arguments) {
    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(arguments, "arguments");
    }
}
