package dev.berth.http.request;

import dev.berth.protocol.WaitUntil;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.List;
import java.util.Optional;

/** A validated request body; an absent one is empty. */
public final class Body {
    private static final long DEFAULT_TIMEOUT_MILLIS = 30_000;

    private final JsonObject json;

    private Body(JsonObject json) {
        this.json = json;
    }

    public static Body of(RoutingContext ctx) {
        ValidatedRequest request = ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
        RequestParameter body = request.getBody();
        return new Body(body == null || body.isNull() ? new JsonObject() : body.getJsonObject());
    }

    public JsonObject json() {
        return json;
    }

    public Optional<String> text(String field) {
        return Optional.ofNullable(json.getString(field));
    }

    public Optional<Integer> integer(String field) {
        return Optional.ofNullable(json.getInteger(field));
    }

    public double number(String field, double fallback) {
        return json.getDouble(field, fallback);
    }

    public List<String> texts(String field) {
        return json.getJsonArray(field).stream().map(String.class::cast).toList();
    }

    /** That of the element; the contract requires it. */
    public String selector() {
        return text("selector").orElseThrow();
    }

    public boolean flag(String field) {
        return json.getBoolean(field, false);
    }

    public long timeoutMillis() {
        return json.getLong("timeout", DEFAULT_TIMEOUT_MILLIS);
    }

    public WaitUntil waitUntil() {
        return text("waitUntil").flatMap(WaitUntil::parse).orElse(WaitUntil.LOAD);
    }
}
