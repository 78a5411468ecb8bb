package dev.berth.sdk;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The schemas of a contract. */
record Schemas(JsonObject contract) {
    private static final String COMPONENTS = "#/components/schemas/";

    /** The object that {@code $ref} names, or the object itself. */
    JsonObject resolved(JsonObject object) {
        String reference = object.getString("$ref");
        if (reference == null) {
            return object;
        }
        JsonObject at = contract;
        for (String step : reference.substring("#/".length()).split("/")) {
            at = at.getJsonObject(step);
        }
        return resolved(at);
    }

    /** The name of the type that a schema refers to; null where it describes one itself. */
    static String reference(JsonObject schema) {
        String reference = schema.getString("$ref");
        return reference == null ? null : named(reference.substring(COMPONENTS.length()));
    }

    /** A client's class has the name {@code Session}. */
    private static String named(String component) {
        return component.equals("Session") ? "SessionDetails" : component;
    }

    JsonObject component(String type) {
        String name = type.equals("SessionDetails") ? "Session" : type;
        return contract.getJsonObject("components").getJsonObject("schemas").getJsonObject(name);
    }

    /** The properties of an object, with those of the schemas that it extends. */
    Map<String, JsonObject> properties(JsonObject object) {
        Map<String, JsonObject> all = new LinkedHashMap<>();
        objects(object, "allOf").forEach(base -> all.putAll(properties(resolved(base))));
        JsonObject own = object.getJsonObject("properties", new JsonObject());
        own.fieldNames().forEach(name -> all.put(name, own.getJsonObject(name)));
        return all;
    }

    Set<String> required(JsonObject object) {
        Set<String> all = new TreeSet<>();
        objects(object, "allOf").forEach(base -> all.addAll(required(resolved(base))));
        object.getJsonArray("required", new JsonArray()).forEach(name -> all.add((String) name));
        return all;
    }

    static List<JsonObject> objects(JsonObject schema, String keyword) {
        return schema.getJsonArray(keyword, new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** The schemas of which a value matches one: those of {@code anyOf} and {@code oneOf}. */
    static List<JsonObject> alternatives(JsonObject schema) {
        return Stream.concat(objects(schema, "anyOf").stream(), objects(schema, "oneOf").stream())
                .toList();
    }

    /** The types in {@code type}, which may be a list. */
    static List<String> types(JsonObject schema) {
        Object type = schema.getValue("type");
        if (type instanceof JsonArray several) {
            return several.stream().map(String.class::cast).toList();
        }
        if (type != null) {
            return List.of((String) type);
        }
        return schema.containsKey("properties") || schema.containsKey("allOf") ? List.of("object") : List.of();
    }

    /** The description in a field's own schema. The description of its type stands at the type. */
    static String description(JsonObject schema) {
        return schema.getString("description", "");
    }

    /** The names of all types that these schemas use, and those that they use in turn. */
    Set<String> used(List<JsonObject> schemas) {
        Set<String> found = new TreeSet<>();
        List<Object> open = new ArrayList<>(schemas);
        while (!open.isEmpty()) {
            Object next = open.remove(open.size() - 1);
            if (next instanceof JsonArray list) {
                list.forEach(open::add);
            } else if (next instanceof JsonObject object) {
                if (object.getValue("$ref") instanceof String && found.add(reference(object))) {
                    open.add(resolved(object));
                }
                object.forEach(entry -> open.add(entry.getValue()));
            }
        }
        return found;
    }
}
