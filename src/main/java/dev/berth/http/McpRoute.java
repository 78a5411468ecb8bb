package dev.berth.http;

import dev.berth.http.HttpServices.McpRequests;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.BodyReceiver;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.routes.ShareRoutes;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;

/** Hands requests of clients of the Model Context Protocol to its server. */
final class McpRoute implements Handler<RoutingContext> {
    private final McpRequests mcp;
    private final SessionLinks links;
    private final ShareRoutes shares;

    McpRoute(McpRequests mcp, SessionLinks links, ShareRoutes shares) {
        this.mcp = mcp;
        this.links = links;
        this.shares = shares;
    }

    @Override
    public void handle(RoutingContext ctx) {
        long user = Authentication.user(ctx);
        long key = Authentication.key(ctx).keyId();
        String base = links.base(ctx.request());
        Promise<Void> over = Promise.promise();
        ctx.addEndHandler(done -> over.complete());
        mcp.handle(
                ctx.request(),
                user,
                key,
                (id, whole) -> shares.link(base, user, key, id, whole),
                BodyReceiver.of(ctx),
                over.future());
    }
}
