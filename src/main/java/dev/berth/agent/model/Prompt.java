package dev.berth.agent.model;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The request to a model. Each turn's prompt should begin as the last one did: providers charge less for the same
 * beginning.
 *
 * @param system what holds for the whole conversation
 * @param maxOutputTokens the limit for the answer
 */
public record Prompt(String system, List<PromptMessage> messages, List<ToolSpec> tools, int maxOutputTokens) {
    public Prompt {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages must not be empty");
        }
        if (maxOutputTokens < 1) {
            throw new IllegalArgumentException("maxOutputTokens must be at least 1");
        }
    }

    /**
     * A tool as a model sees it.
     *
     * @param inputSchema JSON Schema of an object
     */
    public record ToolSpec(String name, String description, JsonObject inputSchema) {}
}
