package dev.berth.sdk;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes schemas as types of Python 3.9: objects as {@code TypedDict}, which are dictionaries when the program runs. The types that a type
 * needs stand above it.
 */
final class PythonTypes {
    private static final Set<String> KEYWORDS = Set.of(
            ("False None True and as assert async await break class continue def del elif else except finally for from global if import"
                            + " in is lambda nonlocal not or pass raise return try while with yield")
                    .split(" "));

    private final Schemas schemas;
    private final Set<String> written = new HashSet<>();
    private final StringBuilder text = new StringBuilder();

    PythonTypes(Schemas schemas) {
        this.schemas = schemas;
    }

    /** The definitions of all types that were asked for. */
    String definitions() {
        return text.toString().strip();
    }

    static boolean isName(String text) {
        return text.matches("[A-Za-z_]\\w*") && !KEYWORDS.contains(text);
    }

    /** @param name of the type, where one must be defined for the schema */
    String type(JsonObject schema, String name) {
        if (schema.containsKey("$ref")) {
            String reference = Schemas.reference(schema);
            define(reference, schemas.resolved(schema));
            return reference;
        } else if (schema.containsKey("enum")) {
            return schema.getJsonArray("enum").stream()
                    .map(value -> value instanceof String each ? '"' + each + '"' : "None")
                    .collect(Collectors.joining(", ", "Literal[", "]"));
        } else if (!Schemas.alternatives(schema).isEmpty()) {
            return union(Schemas.alternatives(schema).stream()
                    .map(each -> type(each, name))
                    .toList());
        } else if (schema.containsKey("allOf") && schemas.properties(schema).isEmpty()) {
            return type(Schemas.objects(schema, "allOf").get(0), name);
        }
        List<String> types = Schemas.types(schema);
        return types.isEmpty()
                ? "Any"
                : union(types.stream().map(type -> basic(type, schema, name)).toList());
    }

    private static String union(List<String> types) {
        List<String> values =
                types.stream().distinct().filter(type -> !type.equals("None")).toList();
        String joined =
                switch (values.size()) {
                    case 0 -> "None";
                    case 1 -> values.get(0);
                    default -> "Union[" + String.join(", ", values) + "]";
                };
        return types.contains("None") && !values.isEmpty() ? "Optional[" + joined + "]" : joined;
    }

    private String basic(String type, JsonObject schema, String name) {
        return switch (type) {
            case "integer" -> "int";
            case "number" -> "float";
            case "boolean" -> "bool";
            case "null" -> "None";
            case "array" -> "List[" + type(schema.getJsonObject("items", new JsonObject()), name + "Item") + "]";
            case "object" -> object(schema, name);
            default -> "binary".equals(schema.getString("format")) ? "Union[bytes, BinaryIO]" : "str";
        };
    }

    private String object(JsonObject schema, String name) {
        if (schemas.properties(schema).isEmpty()) {
            Object others = schema.getValue("additionalProperties");
            return "Dict[str, " + (others instanceof JsonObject each ? type(each, name + "Value") : "Any") + "]";
        }
        define(name, schema);
        return name;
    }

    /** Defines a type of this name; once. */
    void define(String name, JsonObject schema) {
        if (!written.add(name)) {
            return;
        }
        if (!Schemas.types(schema).equals(List.of("object"))
                || schemas.properties(schema).isEmpty()) {
            String type = type(schema, name + "Value");
            text.append(above(schema)).append("%s = %s\n\n".formatted(name, type));
        } else if (schemas.properties(schema).keySet().stream().allMatch(PythonTypes::isName)) {
            text.append(typedDict(name, schema));
        } else {
            text.append(functional(name, schema));
        }
    }

    private String typedDict(String name, JsonObject schema) {
        List<JsonObject> parts = Schemas.objects(schema, "allOf");
        Stream<JsonObject> inlined = parts.stream().filter(part -> !part.containsKey("$ref"));
        List<String> bases = parts.stream()
                .filter(part -> part.containsKey("$ref"))
                .map(part -> type(part, name))
                .toList();
        Map<String, JsonObject> own = schemas.properties(new JsonObject()
                .put("allOf", new JsonArray(inlined.toList()))
                .put("properties", schema.getJsonObject("properties", new JsonObject())));
        Set<String> required = schemas.required(schema);
        String must = fields(name, own, required, true);
        String may = fields(name, own, required, false);
        if (must.isEmpty() || may.isEmpty()) {
            return head(name, bases, !must.isEmpty()) + about(schema) + must + may + "\n\n";
        }
        return head("_" + name, bases, true) + must + "\n\n" + head(name, List.of("_" + name), false) + about(schema)
                + may + "\n\n";
    }

    private static String head(String name, List<String> bases, boolean total) {
        String parents = bases.isEmpty() ? "TypedDict" : String.join(", ", bases);
        return "class %s(%s%s):\n".formatted(name, parents, total ? "" : ", total=False");
    }

    private static String above(JsonObject schema) {
        String about = Schemas.description(schema);
        return about.isBlank() ? "" : Prose.lines("# ", about) + "\n";
    }

    private static String about(JsonObject schema) {
        String about = schema.getString("description", "").strip();
        return about.isEmpty() ? "" : docstring("    ", about) + "\n";
    }

    private String fields(String type, Map<String, JsonObject> fields, Set<String> required, boolean must) {
        return fields.entrySet().stream()
                .filter(field -> required.contains(field.getKey()) == must)
                .map(field -> comment(Schemas.description(field.getValue()))
                        + "    %s: %s\n"
                                .formatted(field.getKey(), type(field.getValue(), nested(type, field.getKey()))))
                .collect(Collectors.joining());
    }

    private static String comment(String about) {
        return about.isEmpty() ? "" : Prose.lines("    #: ", about) + "\n";
    }

    /** For names that Python does not take in a class. */
    private String functional(String name, JsonObject schema) {
        return schemas.properties(schema).entrySet().stream()
                .map(field -> "        \"%s\": \"%s\",\n"
                        .formatted(
                                field.getKey(),
                                type(field.getValue(), nested(name, field.getKey()))
                                        .replace("\"", "'")))
                .collect(Collectors.joining(
                        "",
                        "%s = TypedDict(\n    \"%s\",\n    {\n".formatted(name, name),
                        "    },\n    total=False,\n)\n\n"));
    }

    static String nested(String type, String field) {
        String letters = field.replaceAll("\\W", "");
        return type + letters.substring(0, 1).toUpperCase(Locale.ROOT) + letters.substring(1);
    }

    static String docstring(String indent, String about) {
        String safe = about.strip().replace("\\", "\\\\").replace("\"\"\"", "'''");
        String lines = Prose.lines(indent, "\"\"\"" + safe);
        boolean severalLines = lines.contains("\n");
        return lines + (severalLines ? "\n" + indent : safe.endsWith("\"") ? " " : "") + "\"\"\"";
    }
}
