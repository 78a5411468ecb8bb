package dev.berth.http;

import dev.berth.http.request.Authentication;
import dev.berth.http.request.BodyReceiver;
import dev.berth.http.sockets.OriginRule;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.ext.web.RoutingContext;

/** Lets clients of the Model Context Protocol in: those with a key that are no page of another origin. */
record McpRoute(McpRequests requests, OriginRule origins) {
    void handle(RoutingContext ctx) {
        if (!origins.allows(ctx.request())) {
            ctx.fail(new BerthException(ErrorCode.FORBIDDEN, "pages of other origins may not use an API key"));
            return;
        }
        requests.handle(ctx.request(), Authentication.user(ctx), BodyReceiver.of(ctx))
                .onFailure(ctx::fail);
    }
}
