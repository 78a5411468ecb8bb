package dev.berth.verbs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;

/** Builds the JSON Schema of a tool's arguments. */
public final class ToolSchema {
    private final JsonObject properties = new JsonObject();
    private final JsonArray required = new JsonArray();

    public static ToolSchema of() {
        return new ToolSchema();
    }

    public ToolSchema text(String name) {
        return put(name, type("string"));
    }

    public ToolSchema text(String name, String description) {
        return put(name, type("string").put("description", description));
    }

    public ToolSchema choice(String name, String... values) {
        JsonArray allowed = new JsonArray();
        Stream.of(values).forEach(allowed::add);
        return put(name, new JsonObject().put("enum", allowed));
    }

    public ToolSchema integer(String name) {
        return put(name, type("integer"));
    }

    public ToolSchema integer(String name, String description) {
        return put(name, type("integer").put("description", description));
    }

    public ToolSchema number(String name) {
        return put(name, type("number"));
    }

    public ToolSchema flag(String name) {
        return put(name, type("boolean"));
    }

    public ToolSchema flag(String name, String description) {
        return put(name, type("boolean").put("description", description));
    }

    public ToolSchema texts(String name) {
        return put(name, type("array").put("items", type("string")));
    }

    public ToolSchema texts(String name, String description) {
        return put(name, type("array").put("items", type("string")).put("description", description));
    }

    public ToolSchema object(String name, ToolSchema fields) {
        return put(name, fields.json());
    }

    public ToolSchema objects(String name, ToolSchema entry) {
        return put(name, type("array").put("items", entry.json()));
    }

    /** Marks these properties as required. */
    public ToolSchema require(String... names) {
        Stream.of(names).forEach(required::add);
        return this;
    }

    public JsonObject json() {
        JsonObject schema = type("object").put("properties", properties);
        return required.isEmpty() ? schema : schema.put("required", required);
    }

    private ToolSchema put(String name, JsonObject property) {
        properties.put(name, property);
        return this;
    }

    private static JsonObject type(String type) {
        return new JsonObject().put("type", type);
    }
}
