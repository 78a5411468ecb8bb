package dev.berth.sdk;

import dev.berth.sdk.Operation.Field;
import dev.berth.sdk.Operation.Gives;
import dev.berth.sdk.Operation.ParameterPlace;
import dev.berth.sdk.Operation.Takes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the operations of a contract. */
final class OperationReader {
    private static final List<String> METHODS = List.of("get", "put", "post", "patch", "delete");
    private static final String RESUMES = "Last-Event-ID";
    private static final String FILE = "application/octet-stream";
    private static final String PDF = "application/pdf";
    private static final Pattern AFTER_DASH = Pattern.compile("-(.)");

    private final Schemas schemas;

    private OperationReader(Schemas schemas) {
        this.schemas = schemas;
    }

    /** The operations below {@code /api}, but for those that open a WebSocket. */
    static List<Operation> of(JsonObject contract) {
        OperationReader reader = new OperationReader(new Schemas(contract));
        JsonObject paths = contract.getJsonObject("paths");
        return paths.fieldNames().stream()
                .filter(path -> path.startsWith("/api/"))
                .flatMap(path -> reader.at(path, paths.getJsonObject(path)))
                .toList();
    }

    private Stream<Operation> at(String path, JsonObject item) {
        return METHODS.stream()
                .filter(item::containsKey)
                .filter(method ->
                        !item.getJsonObject(method).getJsonObject("responses").containsKey("101"))
                .map(method -> operation(
                        path, method, item.getJsonObject(method), item.getJsonArray("parameters", new JsonArray())));
    }

    private Takes takes(JsonObject operation) {
        if (!operation.containsKey("requestBody")) {
            return Takes.NOTHING;
        }
        return body(operation).containsKey(FILE) ? Takes.FILE : Takes.JSON;
    }

    private JsonObject body(JsonObject operation) {
        return schemas.resolved(operation.getJsonObject("requestBody")).getJsonObject("content");
    }

    private Operation operation(String path, String method, JsonObject operation, JsonArray shared) {
        String id = operation.getString("operationId");
        String about = operation.getString("summary") + ".\n\n" + operation.getString("description", "");
        Answer answer = answer(id, operation);
        return new Operation(
                id,
                method.toUpperCase(Locale.ROOT),
                path,
                about.strip(),
                sorted(fields(id, operation, shared)),
                takes(operation),
                answer.gives(),
                answer.schema(),
                answer.name());
    }

    private Map<String, Field> fields(String id, JsonObject operation, JsonArray shared) {
        Map<String, Field> fields = new LinkedHashMap<>();
        Stream.concat(shared.stream(), operation.getJsonArray("parameters", new JsonArray()).stream())
                .map(parameter -> parameter(schemas.resolved((JsonObject) parameter)))
                // The client sends its key.
                .filter(field -> !field.name().equals("token"))
                .sorted(Comparator.comparing(Field::place))
                .forEach(field -> fields.putIfAbsent(field.name(), field));
        labels(operation).forEach(field -> fields.put(field.name(), field));
        body(id, operation).forEach(field -> {
            if (fields.put(field.name(), field) != null) {
                throw new IllegalStateException(id + " has " + field.name() + " in its body and elsewhere");
            }
        });
        return fields;
    }

    private static List<Field> sorted(Map<String, Field> fields) {
        List<Field> sorted = new ArrayList<>(fields.values());
        sorted.sort(Comparator.comparing((Field field) -> field.place() != ParameterPlace.PATH)
                .thenComparing(field -> !field.required()));
        return sorted;
    }

    private Field parameter(JsonObject parameter) {
        String name = parameter.getString("name");
        return new Field(
                name,
                camelCase(name),
                ParameterPlace.valueOf(parameter.getString("in").toUpperCase(Locale.ROOT)),
                parameter.getJsonObject("schema"),
                parameter.getBoolean("required", false),
                parameter.getString("description", Schemas.description(parameter.getJsonObject("schema"))));
    }

    /** {@code x-labels} names a query of which the contract can't list the parameters: {@code metadata.team=qa}. */
    private static Stream<Field> labels(JsonObject operation) {
        JsonObject schema = new JsonObject()
                .put("type", "object")
                .put("additionalProperties", new JsonObject().put("type", "string"));
        return Stream.ofNullable(operation.getString("x-labels"))
                .map(name -> new Field(
                        name, name, ParameterPlace.QUERY, schema, false, "Labels that the sessions must have."));
    }

    private Stream<Field> body(String id, JsonObject operation) {
        return switch (takes(operation)) {
            case NOTHING -> Stream.of();
            case FILE -> Stream.of(content(operation));
            case JSON -> properties(id, operation);
        };
    }

    private Field content(JsonObject operation) {
        return new Field(
                Operation.CONTENT,
                Operation.CONTENT,
                ParameterPlace.BODY,
                body(operation).getJsonObject(FILE).getJsonObject("schema"),
                true,
                "What the file contains.");
    }

    private Stream<Field> properties(String id, JsonObject operation) {
        JsonObject content = body(operation).getJsonObject("application/json");
        if (content == null) {
            throw new IllegalStateException("the body of " + id + " is no JSON: the clients can't send it");
        }
        JsonObject schema = schemas.resolved(content.getJsonObject("schema"));
        Set<String> required = schemas.required(schema);
        return schemas.properties(schema).entrySet().stream()
                .map(property -> new Field(
                        property.getKey(),
                        property.getKey(),
                        ParameterPlace.BODY,
                        property.getValue(),
                        required.contains(property.getKey()),
                        Schemas.description(property.getValue())));
    }

    private static String camelCase(String name) {
        return name.contains("-")
                ? AFTER_DASH
                        .matcher(name.toLowerCase(Locale.ROOT))
                        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT))
                : name;
    }

    private record Answer(Gives gives, JsonObject schema, String name) {}

    private Answer answer(String id, JsonObject operation) {
        boolean resumes = operation.getJsonArray("parameters", new JsonArray()).stream()
                .anyMatch(each -> RESUMES.equals(((JsonObject) each).getString("name")));
        JsonObject responses = operation.getJsonObject("responses");
        JsonObject response = responses.fieldNames().stream()
                .filter(status -> status.startsWith("2"))
                .map(responses::getJsonObject)
                .filter(each -> schemas.resolved(each).containsKey("content"))
                .findFirst()
                .orElse(new JsonObject());
        JsonObject content = schemas.resolved(response).getJsonObject("content", new JsonObject());
        JsonObject json = content.getJsonObject("application/json", new JsonObject());
        JsonObject schema = json.getJsonObject("schema", new JsonObject());
        return new Answer(
                resumes ? Gives.EVENTS : gives(content.fieldNames(), schema), schema, name(id, response, schema));
    }

    private static Gives gives(Set<String> contentTypes, JsonObject schema) {
        boolean json = contentTypes.contains("application/json");
        boolean text = contentTypes.stream().anyMatch(type -> type.startsWith("text/"));
        boolean file = contentTypes.stream().anyMatch(type -> type.startsWith("image/") || type.equals(PDF));
        if (contentTypes.isEmpty()) {
            return Gives.NOTHING;
        } else if (file) {
            // Also in JSON, for clients that ask for it.
            return Gives.BYTES;
        } else if (json) {
            boolean session = "CreatedSession".equals(Schemas.reference(schema));
            return contentTypes.size() > 1 ? Gives.EITHER : session ? Gives.SESSION : Gives.JSON;
        }
        return text ? Gives.TEXT : Gives.BYTES;
    }

    /** The name of the schema, else of the response that several operations share, else of the operation. */
    private static String name(String id, JsonObject response, JsonObject schema) {
        if (schema.containsKey("$ref")) {
            return Schemas.reference(schema);
        }
        String shared = response.getString("$ref", "");
        return shared.isEmpty()
                ? id.substring(0, 1).toUpperCase(Locale.ROOT) + id.substring(1) + "Answer"
                : shared.substring(shared.lastIndexOf('/') + 1);
    }
}
