package dev.berth.http.pages;

import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.SessionId;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * The page at {@code liveUrl}: a few files, the same for all sessions. Its script reads the token from the page's address and
 * opens the socket, where it is checked. The page loads nothing from elsewhere, and may be framed by any site.
 */
public final class LivePage {
    private static final String FOLDER = "dev/berth/live/";
    private static final String PAGE = "live.html";
    private static final List<String> PARTS = List.of(
            "live.css",
            "live.js",
            "connection.js",
            "files.js",
            "input.js",
            "menu.js",
            "picture.js",
            "popups.js",
            "tabs.js",
            "task.js");
    /** Without {@code frame-ancestors}: any site may show the page in a frame. */
    private static final String POLICY =
            "default-src 'none'; script-src %s; style-src 'self'; img-src 'self' blob: data:; "
                    + "connect-src 'self' %s; base-uri 'none'; form-action 'none'";

    private final StaticFiles files;
    private final PageOrigin origin;

    public LivePage(StaticFiles files, PageOrigin origin) {
        this.files = files;
        this.origin = origin;
    }

    public void mount(Router router) {
        files.mount(router, SessionLinks.LIVE, FOLDER, PARTS, this::policy);
        router.get(SessionLinks.LIVE + ":sessionId").handler(this::page);
    }

    private void page(RoutingContext ctx) {
        if (SessionId.parse(ctx.pathParam("sessionId")).isPresent()) {
            files.send(ctx, FOLDER + PAGE, this::policy);
        } else {
            ctx.fail(StaticFiles.missing());
        }
    }

    private String policy(RoutingContext ctx) {
        return POLICY.formatted(origin.scripts(ctx, SessionLinks.LIVE), origin.sockets(ctx));
    }
}
