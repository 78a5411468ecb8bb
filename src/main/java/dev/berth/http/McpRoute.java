package dev.berth.http;

import dev.berth.http.HttpServices.McpRequests;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.BodyReceiver;
import dev.berth.http.request.SessionLinks;
import dev.berth.http.routes.ShareRoutes;
import dev.berth.http.sockets.OriginRule;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;

/** Lets clients of the Model Context Protocol in: those with a key that are no page of another origin. */
final class McpRoute implements Handler<RoutingContext> {
    private final McpRequests mcp;
    private final OriginRule origins;
    private final SessionLinks links;
    private final ShareRoutes shares;

    McpRoute(McpRequests mcp, OriginRule origins, SessionLinks links, ShareRoutes shares) {
        this.mcp = mcp;
        this.origins = origins;
        this.links = links;
        this.shares = shares;
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (!origins.allows(ctx.request())) {
            ctx.fail(new BerthException(ErrorCode.FORBIDDEN, "pages of other origins can't use an API key"));
            return;
        }
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
