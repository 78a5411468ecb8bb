package dev.berth.http;

import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Optional;

/** What the contract's validator let through. */
final class Query {
    private final ValidatedRequest request;

    private Query(ValidatedRequest request) {
        this.request = request;
    }

    static Query of(RoutingContext ctx) {
        return new Query(ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST));
    }

    long offset() {
        return number("offset").orElse(0L);
    }

    int limit(int fallback) {
        return number("limit").map(Math::toIntExact).orElse(fallback);
    }

    Optional<Long> number(String name) {
        return value(name).map(RequestParameter::getLong);
    }

    Optional<String> text(String name) {
        return value(name).map(RequestParameter::getString);
    }

    boolean flag(String name) {
        return value(name).map(RequestParameter::getBoolean).orElse(false);
    }

    private Optional<RequestParameter> value(String name) {
        return Optional.ofNullable(request.getQuery().get(name)).filter(parameter -> !parameter.isNull());
    }
}
