package dev.berth.http.pages;

import io.vertx.ext.web.RoutingContext;

/** Parts of a {@code Content-Security-Policy}. */
public final class PagePolicy {
    private PagePolicy() {}

    /** The sockets of this server: not every browser takes {@code 'self'} for WebSockets too. */
    public static String sockets(RoutingContext ctx) {
        String host = String.valueOf(ctx.request().authority());
        return host.matches("[A-Za-z0-9.:\\[\\]-]+") ? "ws://" + host + " wss://" + host : "";
    }
}
