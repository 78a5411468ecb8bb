package dev.berth.sdk;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes schemas as types of TypeScript, which JSDoc takes, too.
 *
 * @param documented whether the fields of objects stand in lines of their own, with their descriptions
 */
record TypeScript(Schemas schemas, boolean documented) {

    /** @param indent of the line in which the type begins */
    String type(JsonObject schema, String indent) {
        if (schema.containsKey("$ref")) {
            return Schemas.reference(schema);
        } else if (schema.containsKey("enum")) {
            return schema.getJsonArray("enum").stream().map(TypeScript::literal).collect(Collectors.joining(" | "));
        } else if (!Schemas.alternatives(schema).isEmpty()) {
            return Schemas.alternatives(schema).stream()
                    .map(each -> type(each, indent))
                    .collect(Collectors.joining(" | "));
        } else if (schema.containsKey("allOf")) {
            return Stream.concat(
                            Schemas.objects(schema, "allOf").stream().map(each -> type(each, indent)),
                            Stream.of(schema)
                                    .filter(each -> each.containsKey("properties"))
                                    .map(own -> object(own, indent)))
                    .collect(Collectors.joining(" & "));
        }
        List<String> types = Schemas.types(schema);
        return types.isEmpty()
                ? "any"
                : types.stream().map(type -> basic(type, schema, indent)).collect(Collectors.joining(" | "));
    }

    private static String literal(Object value) {
        return value instanceof String text ? "'" + text + "'" : String.valueOf(value);
    }

    private String basic(String type, JsonObject schema, String indent) {
        return switch (type) {
            case "integer", "number" -> "number";
            case "array" -> "Array<" + type(schema.getJsonObject("items", new JsonObject()), indent) + ">";
            case "object" -> object(schema, indent);
            case "string" -> "binary".equals(schema.getString("format")) ? "Content" : type;
            default -> type;
        };
    }

    private String object(JsonObject schema, String indent) {
        JsonObject own = schema.getJsonObject("properties", new JsonObject());
        if (own.isEmpty()) {
            Object others = schema.getValue("additionalProperties");
            return "{[name: string]: " + (others instanceof JsonObject each ? type(each, indent) : "any") + "}";
        }
        Set<String> required = Set.copyOf(schema.getJsonArray("required", new JsonArray()).stream()
                .map(String.class::cast)
                .toList());
        return object(
                own.fieldNames().stream()
                        .map(name -> new Property(
                                name,
                                own.getJsonObject(name),
                                required.contains(name),
                                Schemas.description(own.getJsonObject(name))))
                        .toList(),
                indent);
    }

    /** A field of an object. */
    record Property(String name, JsonObject schema, boolean required, String description) {}

    String object(List<Property> properties, String indent) {
        if (!documented) {
            return properties.stream().map(each -> field(each, indent)).collect(Collectors.joining(", ", "{", "}"));
        }
        String inner = indent + "  ";
        return properties.stream()
                .map(each -> comment(each.description(), inner) + inner + field(each, inner) + ";\n")
                .collect(Collectors.joining("", "{\n", indent + "}"));
    }

    private String field(Property property, String indent) {
        String name = property.name().matches("\\w+") ? property.name() : "'" + property.name() + "'";
        return name + (property.required() ? ": " : "?: ") + type(property.schema(), indent);
    }

    /** A comment in lines of its own; nothing for an empty text. */
    static String comment(String text, String indent) {
        String safe = text.strip().replace("*/", "*\\/");
        if (safe.isEmpty()) {
            return "";
        }
        return safe.contains("\n") || safe.length() > 100
                ? indent + "/**\n" + Prose.lines(indent + " * ", safe) + "\n" + indent + " */\n"
                : indent + "/** " + safe + " */\n";
    }

    /** All types that are named: those of the answers, and the contract's own, which they and the arguments use. */
    Map<String, JsonObject> named(List<Operation> operations) {
        Map<String, JsonObject> found = new TreeMap<>();
        operations.stream()
                .filter(operation -> !operation.answer().isEmpty())
                .filter(operation -> !operation.answer().containsKey("$ref"))
                .forEach(operation -> found.put(operation.answerName(), operation.answer()));
        List<JsonObject> roots = Stream.concat(
                        operations.stream().map(Operation::answer),
                        operations.stream()
                                .flatMap(
                                        operation -> operation.fields().stream().map(Operation.Field::schema)))
                .toList();
        schemas.used(roots).forEach(name -> found.put(name, schemas.component(name)));
        return found;
    }
}
