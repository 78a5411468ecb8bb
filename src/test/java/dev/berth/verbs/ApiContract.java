package dev.berth.verbs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The verbs in {@code openapi.yaml}. */
final class ApiContract {
    private static final String SESSION = "/api/sessions/{sessionId}/";
    private static final JsonObject CONTRACT = read();

    private ApiContract() {}

    private static JsonObject read() {
        try (InputStream yaml = ApiContract.class.getResourceAsStream("/dev/berth/openapi.yaml")) {
            return new JsonObject(new Yaml().<Map<String, Object>>load(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The operations that control a browser, by method and path below the session. */
    static Map<String, JsonObject> operations() {
        Map<String, JsonObject> found = new LinkedHashMap<>();
        JsonObject paths = CONTRACT.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : List.of("get", "put", "post", "delete")) {
                JsonObject operation = paths.getJsonObject(path).getJsonObject(method);
                if (operation != null && operation.getJsonArray("tags").contains("Browser control")) {
                    found.put(method + " " + path.replace(SESSION, ""), operation);
                }
            }
        }
        return found;
    }

    static String place(Verb<?, ?> verb) {
        return switch (verb.name()) {
            case "cookies" -> "get cookies";
            case "set-cookies" -> "put cookies";
            case "storage-state" -> "get storage-state";
            case "set-storage-state" -> "put storage-state";
            case "start-recording", "stop-recording", "keep-recording" ->
                "post recording/" + verb.name().replace("-recording", "");
            case "add-route" -> "post routes";
            case "remove-route" -> "delete routes/{routeId}";
            case "open-page" -> "post pages";
            case "activate-page" -> "post pages/{pageId}/activate";
            case "close-page" -> "delete pages/{pageId}";
            default -> "post " + verb.name();
        };
    }

    /** The schema of the arguments, in the body, in the path and in the query. */
    static JsonObject request(Verb<?, ?> verb) {
        JsonObject body = resolve(operations().get(place(verb)).getJsonObject("requestBody", new JsonObject()));
        JsonObject schema = body.isEmpty()
                ? new JsonObject().put("type", "object").put("properties", new JsonObject())
                : resolve(schema(body)).copy();
        JsonArray required = schema.getJsonArray("required", new JsonArray());
        pathParameters(verb).forEach(name -> {
            schema.getJsonObject("properties").put(name, new JsonObject().put("type", "string"));
            required.add(name);
        });
        operations()
                .get(place(verb))
                .getJsonArray("parameters", new JsonArray())
                .forEach(each -> {
                    JsonObject parameter = (JsonObject) each;
                    schema.getJsonObject("properties")
                            .put(parameter.getString("name"), parameter.getJsonObject("schema"));
                });
        return schema.put("required", required);
    }

    /** Those of a verb's own, besides the session. */
    static List<String> pathParameters(Verb<?, ?> verb) {
        return Pattern.compile("\\{(\\w+)}")
                .matcher(place(verb))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    static boolean requiresBody(Verb<?, ?> verb) {
        return resolve(operations().get(place(verb)).getJsonObject("requestBody", new JsonObject()))
                .getBoolean("required", false);
    }

    static JsonObject response(Verb<?, ?> verb) {
        return resolve(schema(
                resolve(operations().get(place(verb)).getJsonObject("responses").getJsonObject("200"))));
    }

    private static JsonObject schema(JsonObject withContent) {
        return withContent
                .getJsonObject("content")
                .getJsonObject("application/json")
                .getJsonObject("schema");
    }

    /** The schema that its reference names, or itself. */
    static JsonObject resolve(JsonObject schema) {
        String reference = schema.getString("$ref");
        if (reference == null) {
            return schema;
        }
        JsonObject at = CONTRACT;
        for (String step : reference.substring("#/".length()).split("/")) {
            at = at.getJsonObject(step);
        }
        return resolve(at);
    }

    /** The properties of an object, with those of the schemas that it extends. */
    static Map<String, JsonObject> properties(JsonObject object) {
        JsonObject properties =
                object.getJsonObject("properties", new JsonObject()).copy();
        object.getJsonArray("allOf", new JsonArray())
                .forEach(each -> properties(resolve((JsonObject) each)).forEach(properties::put));
        return properties.fieldNames().stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> resolve(properties.getJsonObject(name)),
                        (a, b) -> a,
                        LinkedHashMap::new));
    }

    static List<String> required(JsonObject object) {
        return object.getJsonArray("required", new JsonArray()).stream()
                .map(String.class::cast)
                .toList();
    }

    static String type(JsonObject schema) {
        Object type = schema.getValue("type");
        return type instanceof JsonArray types ? types.getString(0) : type == null ? "string" : (String) type;
    }

    /** A value that the schema allows, with all optional fields. */
    static Object sample(String name, JsonObject schema) {
        if (schema.containsKey("enum")) {
            return schema.getJsonArray("enum").getValue(0);
        }
        if (schema.containsKey("example")) {
            return schema.getValue("example");
        }
        return switch (type(schema)) {
            case "object" -> {
                JsonObject object = new JsonObject();
                properties(schema).forEach((key, property) -> object.put(key, sample(key, property)));
                yield object;
            }
            case "array" -> new JsonArray().add(sample(name, resolve(schema.getJsonObject("items"))));
            case "integer" -> schema.getInteger("minimum", 1);
            case "number" -> schema.getDouble("minimum", 1.0);
            case "boolean" -> true;
            default -> name.equals("content") ? "eA==" : "x".repeat(Math.max(1, schema.getInteger("minLength", 1)));
        };
    }

    /** Values just outside what the schema allows. */
    static Stream<Object> outside(String name, JsonObject schema) {
        return Stream.of(
                        bound(schema, "minimum", min -> min.doubleValue() - step(schema)),
                        bound(schema, "maximum", max -> max.doubleValue() + step(schema)),
                        bound(schema, "minLength", min -> "x".repeat(min.intValue() - 1)),
                        bound(schema, "maxLength", max -> "x".repeat(max.intValue() + 1)),
                        bound(schema, "minItems", min -> new JsonArray()),
                        bound(
                                schema,
                                "maxItems",
                                max -> new JsonArray(Collections.nCopies(
                                        max.intValue() + 1, sample(name, resolve(schema.getJsonObject("items")))))),
                        schema.containsKey("enum") ? Stream.<Object>of("such as there is not") : Stream.empty())
                .flatMap(each -> each);
    }

    private static Stream<Object> bound(
            JsonObject schema, String keyword, java.util.function.Function<Number, Object> beyond) {
        Number bound = schema.getNumber(keyword);
        return bound == null || keyword.equals("minLength") && bound.intValue() == 0
                ? Stream.empty()
                : Stream.of(beyond.apply(bound));
    }

    private static double step(JsonObject schema) {
        return type(schema).equals("integer") ? 1 : 0.01;
    }

    static Object wrongType(JsonObject schema) {
        return switch (type(schema)) {
            case "string" -> 7;
            case "boolean" -> "true";
            default -> "7";
        };
    }
}
