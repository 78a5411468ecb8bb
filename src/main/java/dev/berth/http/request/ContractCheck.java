package dev.berth.http.request;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Validates the body of a request against the contract: for operations other than verbs, which check their arguments themselves. On a
 * worker: the time that the library takes depends on the number of errors in the body, which the client chooses.
 */
public final class ContractCheck implements Handler<RoutingContext> {
    private final OpenAPIContract contract;
    private final JsonSchema schema;
    private final boolean required;
    private final BodyFields fields;

    /** @param operation has a body */
    public ContractCheck(OpenAPIContract contract, Operation operation) {
        this.contract = contract;
        this.schema =
                operation.getRequestBody().getContent().get("application/json").getSchema();
        this.required = operation.getRequestBody().isRequired();
        this.fields = BodyFields.of(operation);
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (BodyReceiver.of(ctx).length() > 0) {
            ctx.vertx()
                    .executeBlocking(() -> judge(ctx))
                    .onSuccess(judged -> answer(ctx, judged))
                    .onFailure(ctx::fail);
        } else if (required) {
            ctx.fail(Validation.invalid("the body is missing"));
        } else {
            ctx.next();
        }
    }

    private OutputUnit judge(RoutingContext ctx) {
        return contract.getSchemaRepository().validator(schema).validate(JsonBody.of(ctx));
    }

    private void answer(RoutingContext ctx, OutputUnit judged) {
        if (judged.getValid()) {
            ctx.next();
        } else {
            ctx.fail(Validation.explain(judged, fields::at));
        }
    }

    /** The fields that a body may have, as the contract says, for telling a client what it may have meant. */
    private record BodyFields(JsonObject schema) {
        private static final List<String> ALTERNATIVES = List.of("allOf", "anyOf", "oneOf");

        static BodyFields of(Operation operation) {
            return new BodyFields(operation
                    .getRequestBody()
                    .getContent()
                    .get("application/json")
                    .getOpenAPIModel()
                    .getJsonObject("schema", new JsonObject()));
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
}
