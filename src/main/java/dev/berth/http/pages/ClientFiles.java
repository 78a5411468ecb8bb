package dev.berth.http.pages;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.Function;

/** The clients at {@code /sdk}, each in one file, which the build made from the contract. They need no key. */
public final class ClientFiles {
    private static final String FOLDER = "dev/berth/sdk/";
    private static final List<String> NAMES = List.of("berth.js", "berth.d.ts", "berth.py");
    private static final String POLICY = "default-src 'none'";

    private final StaticFiles files;

    /** @param read reads a file of the class path */
    public ClientFiles(Vertx vertx, Function<String, Buffer> read) {
        this.files = new StaticFiles(vertx, read);
    }

    public void mount(Router router) {
        NAMES.forEach(name -> router.get("/sdk/" + name)
                .handler(ctx -> files.load(FOLDER + name)
                        .onSuccess(file -> file.send(ctx, POLICY))
                        .onFailure(ctx::fail)));
    }
}
