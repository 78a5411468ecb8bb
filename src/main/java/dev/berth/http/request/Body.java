package dev.berth.http.request;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;

/** The body of a request, as the contract's validator let it through. */
public final class Body {
    private Body() {}

    /** An absent one is empty. */
    public static JsonObject of(RoutingContext ctx) {
        ValidatedRequest request = ctx.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
        RequestParameter body = request.getBody();
        return body == null || body.isNull() ? new JsonObject() : body.getJsonObject();
    }
}
