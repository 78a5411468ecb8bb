package dev.berth.agent.model;

import io.vertx.core.json.JsonObject;
import java.util.Objects;

/**
 * A tool as a model sees it.
 *
 * @param inputSchema JSON Schema of an object
 */
public record ToolSpec(String name, String description, JsonObject inputSchema) {
    public ToolSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(inputSchema, "inputSchema");
    }
}
