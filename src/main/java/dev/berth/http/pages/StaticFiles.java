package dev.berth.http.pages;

import dev.berth.http.request.Answers;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Files of the class path, each of which is read when it is first asked for. For any event loop. */
public final class StaticFiles {
    private final Vertx vertx;
    private final Function<String, Buffer> read;
    private final Map<String, Future<StaticFile>> files = new ConcurrentHashMap<>();

    /** @param read reads a file of the class path */
    public StaticFiles(Vertx vertx, Function<String, Buffer> read) {
        this.vertx = vertx;
        this.read = read;
    }

    Future<StaticFile> load(String name) {
        return load(name, () -> read.apply(name));
    }

    /** @param name within the library's files */
    Future<StaticFile> load(Webjar library, String name) {
        return load(library.artifactId() + "/" + name, () -> read.apply(library.folder(read) + name));
    }

    /** Keeps what was read; names of files that do not exist are not kept, because strangers choose them. */
    private Future<StaticFile> load(String name, Supplier<Buffer> file) {
        Future<StaticFile> known = files.get(name);
        return known != null
                ? known
                : vertx.executeBlocking(() -> StaticFile.of(name, file.get()), false)
                        .recover(e -> Future.failedFuture(e.getCause() instanceof NoSuchFileException ? missing() : e))
                        .onSuccess(made -> files.put(name, Future.succeededFuture(made)));
    }

    /** Serves files of a folder by their names. */
    public void mount(
            Router router, String path, String folder, List<String> names, Function<RoutingContext, String> policy) {
        names.forEach(name -> router.get(path + name).handler(ctx -> send(ctx, folder + name, policy)));
    }

    /** @param policy gives the {@code Content-Security-Policy} */
    void send(RoutingContext ctx, String name, Function<RoutingContext, String> policy) {
        Answers.respond(ctx, load(name), file -> file.send(ctx, policy.apply(ctx)));
    }

    static BerthException missing() {
        return new BerthException(ErrorCode.NOT_FOUND, "this page does not exist");
    }
}
