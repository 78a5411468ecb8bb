package dev.berth.http.docs;

import dev.berth.http.pages.PageOrigin;
import dev.berth.http.pages.StaticFile;
import dev.berth.http.request.Answers;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Serves {@code /docs/}. Needs no key. The files are rendered on a worker for the first request, and then kept: a server whose
 * documentation nobody reads pays nothing for it.
 */
public final class DocsRoutes {
    private static final String PATH = "/docs/";
    /** The reference of the API has icons in data URLs, and sends requests to this server. */
    private static final String POLICY = "default-src 'none'; script-src %s; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Vertx vertx;
    private final Function<String, Buffer> read;
    private final PageOrigin origin;
    private Future<Map<String, StaticFile>> files;

    /** @param read reads a file of the class path */
    public DocsRoutes(Vertx vertx, Function<String, Buffer> read, PageOrigin origin) {
        this.origin = origin;
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
        Answers.respond(ctx, files(), all -> {
            StaticFile file = Optional.ofNullable(all.get(name))
                    .orElseThrow(() -> new BerthException(
                            ErrorCode.NOT_FOUND, "this page does not exist; /docs/llms.txt lists all pages"));
            ctx.response().putHeader("Cross-Origin-Opener-Policy", "same-origin");
            file.send(ctx, POLICY.formatted(origin.scripts(ctx, PATH)));
        });
    }

    /** All event loops share the files. */
    private synchronized Future<Map<String, StaticFile>> files() {
        if (files == null) {
            files = vertx.executeBlocking(this::read, false);
        }
        return files;
    }

    private Map<String, StaticFile> read() {
        return DocsFiles.read(read).all().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, file -> StaticFile.of(file.getKey(), file.getValue())));
    }
}
