package dev.berth.http;

import dev.berth.protocol.WaitUntil;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.List;
import java.util.Optional;

/** A validated request body; an absent one is empty. */
final class Body {
    private static final long DEFAULT_TIMEOUT_MILLIS = 30_000;

    private final JsonObject json;

    private Body(JsonObject json) {
        this.json = json;
    }

    static Body of(RoutingContext ctx) {
        ValidatedRequest request = ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
        RequestParameter body = request.getBody();
        return new Body(body == null || body.isNull() ? new JsonObject() : body.getJsonObject());
    }

    JsonObject json() {
        return json;
    }

    Optional<String> text(String field) {
        return Optional.ofNullable(json.getString(field));
    }

    Optional<Integer> integer(String field) {
        return Optional.ofNullable(json.getInteger(field));
    }

    double number(String field, double fallback) {
        return json.getDouble(field, fallback);
    }

    List<String> texts(String field) {
        return json.getJsonArray(field).stream().map(String.class::cast).toList();
    }

    /** That of the element; the contract requires it. */
    String selector() {
        return text("selector").orElseThrow();
    }

    boolean flag(String field) {
        return json.getBoolean(field, false);
    }

    long timeoutMillis() {
        return json.getLong("timeout", DEFAULT_TIMEOUT_MILLIS);
    }

    WaitUntil waitUntil() {
        return text("waitUntil").flatMap(WaitUntil::parse).orElse(WaitUntil.LOAD);
    }
}
