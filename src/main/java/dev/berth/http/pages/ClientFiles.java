package dev.berth.http.pages;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The clients at {@code /sdk}, each in one file, which the build made from the contract. They need no key. */
public final class ClientFiles {
    private static final String FOLDER = "dev/berth/sdk/";
    private static final List<String> NAMES = List.of("berth.js", "berth.d.ts", "berth.py");
    private static final String POLICY = "default-src 'none'";

    private final Map<String, Future<StaticFile>> files;

    /** @param read reads a file of the class path */
    public ClientFiles(Vertx vertx, Function<String, Buffer> read) {
        this.files = NAMES.stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> vertx.executeBlocking(() -> StaticFile.of(name, read.apply(FOLDER + name)), false)));
    }

    public void mount(Router router) {
        NAMES.forEach(name -> router.get("/sdk/" + name).handler(ctx -> send(ctx, name)));
    }

    private void send(RoutingContext ctx, String name) {
        files.get(name).onSuccess(file -> file.send(ctx, POLICY)).onFailure(ctx::fail);
    }
}
