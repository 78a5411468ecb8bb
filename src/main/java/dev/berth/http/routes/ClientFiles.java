package dev.berth.http.routes;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The clients at {@code /sdk}, each in one file, which the build made from the contract. They need no key. */
public final class ClientFiles {
    private static final String FOLDER = "dev/berth/sdk/";
    private static final Map<String, String> TYPES = Map.of(
            "berth.js", "text/javascript; charset=utf-8",
            // Not TypeScript's own type: browsers take that for a video.
            "berth.d.ts", "text/plain; charset=utf-8",
            "berth.py", "text/x-python; charset=utf-8");

    private final Map<String, Future<Buffer>> files;

    /** @param read reads a file of the class path */
    public ClientFiles(Vertx vertx, Function<String, Buffer> read) {
        this.files = TYPES.keySet().stream()
                .collect(Collectors.toMap(
                        name -> name, name -> vertx.executeBlocking(() -> read.apply(FOLDER + name), false)));
    }

    public void mount(Router router) {
        TYPES.keySet().forEach(name -> router.get("/sdk/" + name).handler(ctx -> send(ctx, name)));
    }

    private void send(RoutingContext ctx, String name) {
        files.get(name)
                .onSuccess(file -> ctx.response()
                        .putHeader("Content-Type", TYPES.get(name))
                        .putHeader("X-Content-Type-Options", "nosniff")
                        .putHeader("Cache-Control", "no-cache")
                        .end(file))
                .onFailure(ctx::fail);
    }
}
