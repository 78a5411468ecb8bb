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

    /** Keeps what was read; names of files that do not exist are not kept, because strangers choose them. */
    Future<StaticFile> load(String name) {
        Future<StaticFile> known = files.get(name);
        return known != null
                ? known
                : vertx.executeBlocking(() -> StaticFile.of(name, read.apply(name)), false)
                        .recover(e -> Future.failedFuture(e.getCause() instanceof NoSuchFileException ? missing() : e))
                        .onSuccess(file -> files.put(name, Future.succeededFuture(file)));
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
        return new BerthException(ErrorCode.NOT_FOUND, "there is no such page");
    }
}
