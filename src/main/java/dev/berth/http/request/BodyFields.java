package dev.berth.http.request;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.Operation;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The fields that a body may have, as the contract says, for telling a client what it may have meant. */
record BodyFields(JsonObject schema) {
    private static final List<String> ALTERNATIVES = List.of("allOf", "anyOf", "oneOf");

    static BodyFields of(Operation operation) {
        MediaType json = operation.getRequestBody() == null
                ? null
                : operation.getRequestBody().getContent().get("application/json");
        return new BodyFields(
                json == null ? new JsonObject() : json.getOpenAPIModel().getJsonObject("schema", new JsonObject()));
    }

    /** @param path from the body to one of its parts, by names and indexes; the body itself where it is empty */
    Collection<String> at(List<String> path) {
        Set<String> names = new LinkedHashSet<>();
        parts(schema, path)
                .forEach(part -> names.addAll(
                        part.getJsonObject("properties", new JsonObject()).fieldNames()));
        return names;
    }

    private static Stream<JsonObject> parts(JsonObject schema, List<String> path) {
        Stream<JsonObject> here = path.isEmpty() ? Stream.of(schema) : inner(schema, path);
        Stream<JsonObject> alternatives = ALTERNATIVES.stream()
                .flatMap(keyword -> schema.getJsonArray(keyword, new JsonArray()).stream())
                .filter(JsonObject.class::isInstance)
                .flatMap(each -> parts((JsonObject) each, path));
        return Stream.concat(here, alternatives);
    }

    private static Stream<JsonObject> inner(JsonObject schema, List<String> path) {
        Object named = schema.getJsonObject("properties", new JsonObject()).getValue(path.get(0));
        return Stream.of(named == null ? schema.getValue("items", "") : named)
                .filter(JsonObject.class::isInstance)
                .flatMap(each -> parts((JsonObject) each, path.subList(1, path.size())));
    }
}
