package dev.berth.verbs;

import io.vertx.core.json.JsonObject;

/**
 * A verb in the form in which models get it.
 *
 * @param description for models: short, since each request to a model carries all of them
 * @param inputSchema a JSON Schema of the arguments; it may leave out fields that a model does not need
 * @param readOnly changes nothing that a page or another client could see
 * @param destructive may change or lose what can't be brought back
 */
public record Tool(String description, JsonObject inputSchema, boolean readOnly, boolean destructive, Verb<?, ?> verb) {
    public Tool {
        inputSchema = inputSchema.copy();
    }

    /** The name in snake_case. */
    public String name() {
        return verb.name().replace('-', '_');
    }

    /** A copy: a JSON object can be changed. */
    @Override
    public JsonObject inputSchema() {
        return inputSchema.copy();
    }
}
