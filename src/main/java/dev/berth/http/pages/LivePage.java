package dev.berth.http.pages;

import dev.berth.http.request.SessionLinks;
import dev.berth.protocol.SessionId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;

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
    /** Not {@code frame-ancestors}: who has the link may show the page in his own. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
                    + "connect-src 'self' %s; base-uri 'none'; form-action 'none'";

    private final StaticFiles files;

    /** @param read reads a file of the class path */
    public LivePage(Vertx vertx, Function<String, Buffer> read) {
        this.files = new StaticFiles(vertx, read);
    }

    public void mount(Router router) {
        PARTS.forEach(name -> router.get(SessionLinks.LIVE + name).handler(ctx -> send(ctx, name)));
        router.get(SessionLinks.LIVE + ":sessionId").handler(this::page);
    }

    private void page(RoutingContext ctx) {
        if (SessionId.parse(ctx.pathParam("sessionId")).isPresent()) {
            send(ctx, PAGE);
        } else {
            ctx.fail(StaticFiles.missing());
        }
    }

    private void send(RoutingContext ctx, String name) {
        files.load(FOLDER + name)
                .onSuccess(file -> file.send(ctx, POLICY.formatted(StaticFile.sockets(ctx))))
                .onFailure(ctx::fail);
    }
}
