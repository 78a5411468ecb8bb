package dev.berth.http.pages;

import dev.berth.http.request.Answers;
import dev.berth.http.request.SessionLinks;
import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Chrome's DevTools for a page of a session: the front end of the installed Chrome, at {@code /devtools/inspector.html}, whose query names the
 * page's socket. The files are the same for all: the socket's token decides who may see a page. For any event loop.
 */
public final class DevTools {
    /**
     * The front end shows what a page holds, and runs no script but its own. Its styles are of its scripts, and its pictures may be the
     * page's.
     */
    private static final String POLICY = "default-src 'none'; script-src %s; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; "
            + "connect-src 'self' data: %s; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    /** Anybody may ask for the files, and each try starts a process: rest after a try that failed. */
    private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Vertx vertx;
    private final Supplier<Future<Map<String, Buffer>>> source;
    private Optional<Attempt> last = Optional.empty();

    private record Attempt(Future<Map<String, StaticFile>> files, long atNanos) {
        boolean stands() {
            return !files.failed() || System.nanoTime() - atNanos < REST_NANOS;
        }
    }

    /** @param source gives the files, each compressed with gzip; asked when somebody wants the first one */
    public DevTools(Vertx vertx, Supplier<Future<Map<String, Buffer>>> source) {
        this.vertx = vertx;
        this.source = source;
    }

    public void mount(Router router, PageOrigin origin) {
        router.get(SessionLinks.DEVTOOLS + "*").handler(ctx -> file(ctx, origin));
    }

    private void file(RoutingContext ctx, PageOrigin origin) {
        String path = ctx.normalizedPath();
        String name = path.startsWith(SessionLinks.DEVTOOLS) ? path.substring(SessionLinks.DEVTOOLS.length()) : "";
        Future<StaticFile> file = LoopPromise.on(vertx.getOrCreateContext(), files())
                .compose(files -> Optional.ofNullable(files.get(name))
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(StaticFiles.missing())));
        String policy = POLICY.formatted(origin.scripts(ctx, SessionLinks.DEVTOOLS), origin.sockets(ctx));
        Answers.respond(ctx, file, found -> found.send(ctx, policy));
    }

    private synchronized Future<Map<String, StaticFile>> files() {
        if (last.filter(Attempt::stands).isEmpty()) {
            last = Optional.of(new Attempt(take(), System.nanoTime()));
        }
        return last.get().files();
    }

    private Future<Map<String, StaticFile>> take() {
        return source.get()
                .compose(files -> vertx.executeBlocking(
                        () -> files.entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey, file -> StaticFile.packed(file.getKey(), file.getValue()))),
                        false));
    }
}
