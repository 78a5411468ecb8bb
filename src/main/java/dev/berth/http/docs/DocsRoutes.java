package dev.berth.http.docs;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.Function;

/**
 * Serves {@code /docs/}. Needs no key. The files are rendered on a worker for the first request, and then kept: a server whose
 * documentation nobody reads pays nothing for it.
 */
public final class DocsRoutes {
    private static final String PATH = "/docs/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "md", "text/markdown; charset=utf-8",
            "txt", "text/plain; charset=utf-8",
            "png", "image/png");
    /** The reference of the API has icons in data URLs, and sends requests to this server. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /** Larger files are not compressed, since compression runs on the event loop. */
    private static final int MAX_COMPRESSED_BYTES = 1 << 18;

    private final Vertx vertx;
    private final Function<String, Buffer> read;
    private Future<DocsFiles> files;

    /** @param read reads a file of the class path */
    public DocsRoutes(Vertx vertx, Function<String, Buffer> read) {
        this.vertx = vertx;
        this.read = read;
    }

    public void mount(Router router) {
        router.get("/docs").handler(this::first);
        router.get(PATH + ":name").handler(this::send);
    }

    /** The pages' links are relative, so that they lead to the right place behind a proxy that puts a path before all. */
    private void first(RoutingContext ctx) {
        if (ctx.request().path().endsWith("/")) {
            send(ctx, "");
        } else {
            ctx.response().setStatusCode(302).putHeader("Location", "docs/").end();
        }
    }

    private void send(RoutingContext ctx) {
        send(ctx, ctx.request().path().endsWith("/") ? "/" : ctx.pathParam("name"));
    }

    private void send(RoutingContext ctx, String name) {
        files().map(all -> all.find(name)
                        .orElseThrow(() -> new BerthException(
                                ErrorCode.NOT_FOUND,
                                "there is no such page: /docs/llms.txt lists those that there are")))
                .onSuccess(file -> describe(ctx, name, file).end(file))
                .onFailure(ctx::fail);
    }

    /** All event loops share the files. */
    private synchronized Future<DocsFiles> files() {
        if (files == null) {
            Future<DocsFiles> reading = vertx.executeBlocking(() -> DocsFiles.read(read), false);
            files = reading;
            // Only now: a read that has failed already is forgotten at once.
            reading.onFailure(e -> forget());
            return reading;
        }
        return files;
    }

    /** The next request reads them again. */
    private synchronized void forget() {
        files = null;
    }

    private static HttpServerResponse describe(RoutingContext ctx, String name, Buffer file) {
        if (file.length() > MAX_COMPRESSED_BYTES || name.endsWith(".png")) {
            ctx.response().putHeader("Content-Encoding", "identity");
        }
        return ctx.response()
                .putHeader(
                        "Content-Type",
                        name.contains(".") ? TYPES.get(name.substring(name.lastIndexOf('.') + 1)) : HTML)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", ctx.request().query() == null ? "no-cache" : "max-age=31536000");
    }
}
