package dev.berth.http.validation;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;

/** The JSON body of a request that the contract's validator has accepted. */
public final class Body {
    private Body() {}

    /** The body; {@code {}} where the request has none. */
    public static JsonObject of(RoutingContext ctx) {
        ValidatedRequest request = ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
        RequestParameter body = request.getBody();
        return body == null || body.isNull() ? new JsonObject() : body.getJsonObject();
    }
}
