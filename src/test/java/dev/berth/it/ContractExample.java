package dev.berth.it;

import dev.berth.sdk.ContractFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An example of the contract: an operation, called with the {@code example} values of its parameters and one of its body's.
 *
 * @param name of the operation, and of the example where there are several
 * @param parameters those of the path, and headers that must be given but have no example: a test knows their values
 */
record ContractExample(
        String name,
        String operationId,
        String method,
        String path,
        List<String> parameters,
        String query,
        Map<String, String> headers,
        String body,
        JsonObject responses) {
    private static final List<String> METHODS = List.of("get", "put", "post", "delete");

    @Override
    public String toString() {
        return name;
    }

    boolean opensWebSocket() {
        return responses.containsKey("101");
    }

    /** The schema of the answer with this status; an empty one where it is not JSON. */
    JsonObject answer(int status) {
        return ContractFile.resolved(responses.getJsonObject(String.valueOf(status)))
                .getJsonObject("content", new JsonObject())
                .getJsonObject("application/json", new JsonObject())
                .getJsonObject("schema", new JsonObject());
    }

    /** All examples of the contract. Fails where an operation has none. */
    static Stream<ContractExample> all() {
        JsonObject paths = ContractFile.read().getJsonObject("paths");
        return paths.fieldNames().stream()
                .flatMap(path -> METHODS.stream()
                        .filter(paths.getJsonObject(path)::containsKey)
                        .flatMap(method -> of(path, method, paths.getJsonObject(path))));
    }

    private static Stream<ContractExample> of(String path, String method, JsonObject item) {
        JsonObject operation = item.getJsonObject(method);
        String id = operation.getString("operationId");
        List<JsonObject> parameters = Stream.concat(
                        item.getJsonArray("parameters", new JsonArray()).stream(),
                        operation.getJsonArray("parameters", new JsonArray()).stream())
                .map(each -> ContractFile.resolved((JsonObject) each))
                .toList();
        Map<String, String> bodies = bodies(id, operation);
        List<ContractExample> examples = new ArrayList<>();
        bodies.forEach((example, body) -> examples.add(new ContractExample(
                bodies.size() == 1 ? id : id + ": " + example,
                id,
                method.toUpperCase(Locale.ROOT),
                path,
                mustBeKnown(parameters),
                query(parameters),
                // With another body, an idempotency key would be refused.
                examples.isEmpty() ? headers(parameters) : Map.of(),
                body,
                operation.getJsonObject("responses"))));
        return examples.stream();
    }

    /** The bodies by the names of their examples; an empty one where the operation takes none, or one without fields. */
    private static Map<String, String> bodies(String id, JsonObject operation) {
        JsonObject body = ContractFile.resolved(operation.getJsonObject("requestBody", new JsonObject()));
        JsonObject content = body.getJsonObject("content", new JsonObject()).getJsonObject("application/json");
        if (content == null) {
            return Map.of("", "");
        }
        Map<String, String> found = new LinkedHashMap<>();
        if (content.containsKey("example")) {
            found.put("", content.getJsonObject("example").encode());
        }
        JsonObject several = content.getJsonObject("examples", new JsonObject());
        several.forEach(each -> found.put(
                each.getKey(),
                ((JsonObject) each.getValue()).getJsonObject("value").encode()));
        JsonObject schema = ContractFile.resolved(content.getJsonObject("schema"));
        if (found.isEmpty()
                && schema.getJsonObject("properties", new JsonObject()).isEmpty()) {
            found.put("", "{}");
        }
        if (found.isEmpty()) {
            throw new AssertionError(id + ": its body needs an example; write it beside its schema in openapi.yaml");
        }
        return found;
    }

    private static List<String> mustBeKnown(List<JsonObject> parameters) {
        return parameters.stream()
                .filter(each -> each.getBoolean("required", false) && !each.containsKey("example"))
                .map(each -> each.getString("name"))
                .toList();
    }

    private static String query(List<JsonObject> parameters) {
        return withExample(parameters, "query")
                .map(each -> each.getString("name") + "=" + encoded(each))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(JsonObject parameter) {
        return URLEncoder.encode(String.valueOf(parameter.getValue("example")), StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(List<JsonObject> parameters) {
        return withExample(parameters, "header")
                .collect(Collectors.toMap(each -> each.getString("name"), each -> each.getString("example")));
    }

    private static Stream<JsonObject> withExample(List<JsonObject> parameters, String place) {
        return parameters.stream().filter(each -> each.getString("in").equals(place) && each.containsKey("example"));
    }
}
