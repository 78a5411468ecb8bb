package dev.berth.http.validation;

import dev.berth.http.request.Validation;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The query parameters of a request, as the contract's validator has accepted them. */
public final class QueryParameters {
    private final ValidatedRequest request;

    private QueryParameters(ValidatedRequest request) {
        this.request = request;
    }

    public static QueryParameters of(RoutingContext ctx) {
        return new QueryParameters(ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST));
    }

    public long offset() {
        return number("offset").orElse(0L);
    }

    public int limit(int fallback) {
        return number("limit").map(Math::toIntExact).orElse(fallback);
    }

    public Optional<Long> number(String name) {
        return value(name).map(RequestParameter::getLong);
    }

    public Optional<String> text(String name) {
        return value(name).map(RequestParameter::getString);
    }

    /** Of the form that the contract's pattern has, which leaves such as a 13th month. */
    public Optional<Instant> instant(String name) {
        return text(name).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw Validation.invalid(name + ": is no instant, as 2026-01-02T03:04:05.006Z is");
            }
        });
    }

    public boolean flag(String name) {
        return choice(name).orElse(false);
    }

    public Optional<Boolean> choice(String name) {
        return value(name).map(RequestParameter::getBoolean);
    }

    private Optional<RequestParameter> value(String name) {
        return Optional.ofNullable(request.getQuery().get(name)).filter(parameter -> !parameter.isNull());
    }
}
