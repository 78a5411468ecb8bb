package dev.berth.http.request;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;

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
}
