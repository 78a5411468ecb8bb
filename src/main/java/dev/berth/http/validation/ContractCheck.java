package dev.berth.http.validation;

import dev.berth.http.request.Validation;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestUtils;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.ValidatedRequest;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Optional;

/**
 * Validates requests against the contract, as the router's own validation would. That one has no separate place for large
 * requests: Vert.x validates on a worker, one request of a verticle after another.
 */
public final class ContractCheck implements Handler<RoutingContext> {
    private final RequestValidator validator;
    private final Operation operation;
    private final BulkWork bulkWork;
    private final Optional<SimpleParameters> plain;
    private final BodyFields fields;

    public ContractCheck(RequestValidator validator, Operation operation, BulkWork bulkWork) {
        this.validator = validator;
        this.operation = operation;
        this.bulkWork = bulkWork;
        this.plain = SimpleParameters.of(operation);
        this.fields = BodyFields.of(operation);
    }

    @Override
    public void handle(RoutingContext ctx) {
        plain.flatMap(simple -> simple.read(ctx)).ifPresentOrElse(valid -> accept(ctx, valid), () -> judge(ctx));
    }

    private void judge(RoutingContext ctx) {
        Buffer body = BodyReceiver.of(ctx);
        extract(ctx, body)
                .compose(request ->
                        body.length() > BulkWork.BYTES ? bulkWork.compose(() -> validate(request)) : validate(request))
                .onSuccess(valid -> accept(ctx, valid))
                .onFailure(e -> ctx.fail(
                        e instanceof ValidatorException invalid
                                ? Validation.explain(invalid, path -> fields.at(path))
                                : e));
    }

    private static void accept(RoutingContext ctx, ValidatedRequest valid) {
        ctx.put(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST, valid);
        ctx.next();
    }

    private Future<ValidatableRequest> extract(RoutingContext ctx, Buffer body) {
        try {
            return RequestUtils.extract(ctx.request(), operation, () -> Future.succeededFuture(body));
        } catch (ValidatorException e) {
            // The extraction decodes a header as if it were a part of a URL.
            return Future.failedFuture(Validation.invalid("a header has a '%' that is not followed by two hex digits"));
        }
    }

    private Future<ValidatedRequest> validate(ValidatableRequest request) {
        return validator.validate(request, operation.getOperationId());
    }
}
