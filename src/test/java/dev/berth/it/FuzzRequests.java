package dev.berth.it;

import dev.berth.sdk.ContractFile;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Requests to all operations of the contract, with parameters and bodies that it allows, or nearly. One thread's. */
final class FuzzRequests {
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");
    private static final List<String> TYPES =
            List.of("text/plain", "application/json; charset=utf-16", "multipart/form-data; boundary=x", "*/*", "");

    private final FuzzValues values;
    private final Map<String, Supplier<String>> known;
    private final List<Operation> operations;

    /**
     * @param known gives, for parameters of paths by their names, values that there are
     * @param without operations that end the test, such as a drain
     */
    FuzzRequests(Random random, String page, Map<String, Supplier<String>> known, List<String> without) {
        this.values = new FuzzValues(random, page);
        this.known = known;
        this.operations =
                operations().filter(each -> !without.contains(each.id())).toList();
    }

    /** An operation of the contract. */
    private record Operation(String id, String method, String path, List<JsonObject> parameters, JsonObject body) {}

    /** A request, as it is sent. */
    record Fuzzed(String operation, String method, String path, Map<String, String> headers, String body) {
        @Override
        public String toString() {
            String shown = body.length() > 600 ? body.substring(0, 600) + "… (" + body.length() + ")" : body;
            return operation + ": " + method + " " + (path.length() > 600 ? path.substring(0, 600) + "…" : path) + " "
                    + headers.keySet() + " " + shown;
        }
    }

    private static Stream<Operation> operations() {
        JsonObject paths = ContractFile.read().getJsonObject("paths");
        return paths.fieldNames().stream()
                .flatMap(path -> METHODS.stream()
                        .filter(paths.getJsonObject(path)::containsKey)
                        .map(method -> operation(path, method, paths.getJsonObject(path))));
    }

    private static Operation operation(String path, String method, JsonObject item) {
        JsonObject operation = item.getJsonObject(method);
        List<JsonObject> parameters = Stream.of(item, operation)
                .filter(place -> place.containsKey("parameters"))
                .flatMap(place -> place.getJsonArray("parameters").stream())
                .map(each -> ContractFile.resolved((JsonObject) each))
                .toList();
        JsonObject body = ContractFile.resolved(operation.getJsonObject("requestBody", new JsonObject()))
                .getJsonObject("content", new JsonObject())
                .getJsonObject("application/json", new JsonObject());
        return new Operation(
                operation.getString("operationId"), method.toUpperCase(Locale.ROOT), path, parameters, body);
    }

    Fuzzed next() {
        Operation operation = values.oneOf(operations);
        Map<String, String> headers = new HashMap<>();
        in(operation, "header").filter(each -> values.oneIn(3)).forEach(each -> {
            String value = printable(String.valueOf(values.of(each.getString("name"), each.getJsonObject("schema"))));
            headers.put(each.getString("name"), known(each.getString("name"), value));
        });
        String body = operation.body().isEmpty() ? "" : body(operation.body());
        if (!body.isEmpty()) {
            headers.put("Content-Type", values.oneIn(40) ? values.oneOf(TYPES) : "application/json");
        }
        String query = in(operation, "query")
                .filter(each -> values.oneIn(3))
                .map(each -> encoded(each.getString("name")) + "="
                        + encoded(String.valueOf(values.of(each.getString("name"), each.getJsonObject("schema")))))
                .collect(Collectors.joining("&"));
        return new Fuzzed(
                operation.id(),
                operation.method(),
                path(operation) + (query.isEmpty() ? "" : "?" + query) + (values.oneIn(50) ? "&x=y&x" : ""),
                headers,
                body);
    }

    private static Stream<JsonObject> in(Operation operation, String place) {
        return operation.parameters().stream()
                .filter(each -> place.equals(each.getString("in")) && each.containsKey("schema"));
    }

    private String path(Operation operation) {
        String path = operation.path();
        for (JsonObject each : operation.parameters()) {
            String name = each.getString("name");
            path = path.replace("{" + name + "}", encoded(known(name, shortened(values.text()))));
        }
        return path;
    }

    private String known(String name, String otherwise) {
        return known.containsKey(name) && !values.oneIn(8) ? known.get(name).get() : otherwise;
    }

    private String body(JsonObject content) {
        Object made = values.of("body", content.getJsonObject("schema", new JsonObject()));
        String text = made instanceof JsonObject json ? json.encode() : String.valueOf(made);
        if (values.oneIn(30)) {
            return text.substring(0, text.length() / 2);
        }
        return values.oneIn(100) ? "[".repeat(20_000) : text;
    }

    /** A path has a limit of its own, which other tests meet. */
    private static String shortened(String text) {
        return text.isEmpty() ? "-" : text.substring(0, Math.min(text.length(), 500));
    }

    /** The client sends no other headers. */
    private static String printable(String text) {
        return shortened(text).replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
