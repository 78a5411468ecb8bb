package dev.berth.http.webdriver;

import dev.berth.artifact.ArtifactStore;
import dev.berth.http.request.Authentication;
import dev.berth.http.request.BodyReceiver;
import dev.berth.http.routes.FileRoutes;
import dev.berth.http.routes.PieceTransfer;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.FileCommand.FileName;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.NamedFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Selenium's uploads and downloads, in the form of its Grid. They are the session's files: chromedriver sees that the path of an upload
 * exists, and the policy of CDP clients lets pages have it. For any event loop.
 */
public final class DriverFiles {
    private static final Set<String> UPLOADS = Set.of("/se/file", "/file");
    private static final String DOWNLOADS = "/se/files";
    /** Clients in Java ask for the bytes alone so. */
    private static final String BYTES = "application/octet-stream";

    /** Threads that pack and unpack ZIPs. */
    private static final int THREADS = 2;

    /** Limits for uploads of this server, which clients send: those that are unpacked, of all users and of each, and those that wait. */
    private static final int AT_ONCE = 8;

    private static final int AT_ONCE_EACH = 4;
    private static final int WAITING = 64;

    private final FileRoutes files;
    private final ArtifactStore store;
    private final WorkerExecutor workers;
    /** Each holds a body in memory, and counts as a file that its user uploads, of which there may be few at a time. */
    private final FairQueue<Long> uploading = new FairQueue<>(
            AT_ONCE,
            AT_ONCE_EACH,
            new CountLimit<>(new Bound(
                    WAITING, new BerthException(ErrorCode.NOT_READY, "too many of your uploads wait; try again"))));

    private final CountLimit<Long> sending = new CountLimit<>(
            new Bound(32, "32 files are already being sent to you; try again later"),
            new Bound(64, new BerthException(ErrorCode.NOT_READY, "too many files are being sent; try again")));

    public DriverFiles(Vertx vertx, FileRoutes files, ArtifactStore store) {
        this.files = files;
        this.store = store;
        this.workers = vertx.createSharedWorkerExecutor("berth-driver-files", THREADS);
    }

    /** Whether a command is one of files. */
    static boolean has(String path) {
        return UPLOADS.contains(path) || path.equals(DOWNLOADS);
    }

    /** Answers a command of a session that runs. */
    Future<Void> answer(RoutingContext ctx, SessionId id, String path) {
        HttpMethod method = ctx.request().method();
        // The routes of files know sessions by this name.
        ctx.pathParams().put("sessionId", id.value());
        if (method.equals(HttpMethod.POST)) {
            return UPLOADS.contains(path) ? upload(ctx) : download(ctx);
        } else if (path.equals(DOWNLOADS) && method.equals(HttpMethod.GET)) {
            return list(ctx);
        } else if (path.equals(DOWNLOADS) && method.equals(HttpMethod.DELETE)) {
            return files.removeDownloads(ctx).compose(gone -> WebDriverApi.answer(ctx.response(), null));
        }
        return Future.failedFuture(
                new BerthException(ErrorCode.METHOD_NOT_ALLOWED, method + " is no method of " + path.substring(1)));
    }

    private Future<Void> upload(RoutingContext ctx) {
        return uploading
                .run(
                        Authentication.user(ctx),
                        () -> ZippedUpload.open(workers, BodyReceiver.of(ctx))
                                .compose(zip ->
                                        files.putBeside(ctx, zip.name(), zip).eventually(zip::close)))
                .compose(file -> WebDriverApi.answer(ctx.response(), path(file)));
    }

    private static String path(NamedFile file) {
        return file.path().orElseThrow(() -> new BerthException(ErrorCode.INTERNAL, "an upload has no path"));
    }

    /** The downloads by their names, with numbers where pages gave one name twice, as browsers number them. */
    private Future<Map<String, ArtifactEntry>> named(RoutingContext ctx) {
        return files.downloads(ctx).map(all -> {
            Map<String, ArtifactEntry> named = new LinkedHashMap<>();
            Set<String> taken = new HashSet<>();
            all.forEach(file -> named.put(FileName.unused(file.fileName().orElseThrow(), taken), file));
            return named;
        });
    }

    private Future<Void> list(RoutingContext ctx) {
        return named(ctx)
                .map(all -> new JsonObject()
                        .put("names", new JsonArray(List.copyOf(all.keySet())))
                        .put(
                                "files",
                                new JsonArray(all.entrySet().stream()
                                        .map(each -> shown(each.getKey(), each.getValue()))
                                        .toList())))
                .compose(value -> WebDriverApi.answer(ctx.response(), value));
    }

    private static JsonObject shown(String name, ArtifactEntry file) {
        long millis = file.timestamp().toEpochMilli();
        return new JsonObject()
                .put("name", name)
                .put("creationTime", millis)
                .put("lastModifiedTime", millis)
                .put("size", file.size());
    }

    private Future<Void> download(RoutingContext ctx) {
        JsonObject wanted = body(ctx);
        if (!(wanted.getValue("name") instanceof String name)) {
            return Future.failedFuture(
                    BerthException.invalid("name: must be that of a download, as GET se/files has it"));
        }
        boolean bytes = BYTES.equals(wanted.getValue("format"));
        return named(ctx)
                .compose(all -> Optional.ofNullable(all.get(name))
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(missing(name, all.keySet()))))
                .compose(file -> sending.during(
                        Authentication.user(ctx),
                        () -> bytes ? send(ctx.response(), file) : sendZipped(ctx.response(), name, file)));
    }

    private static JsonObject body(RoutingContext ctx) {
        try {
            return new JsonObject(BodyReceiver.of(ctx));
        } catch (DecodeException e) {
            throw BerthException.invalid("the body must be a JSON object, such as {\"name\": \"report.pdf\"}");
        }
    }

    private static BerthException missing(String name, Set<String> all) {
        return BerthException.invalid("name: the session has not downloaded '" + name + "'"
                + (all.isEmpty() ? ", nor anything else" : "; it has " + String.join(", ", all)));
    }

    private Supplier<Future<Optional<Buffer>>> pieces(ArtifactEntry file) {
        return PieceTransfer.pieces(store::get, file.objectKey(), 0, file.size());
    }

    private Future<Void> send(HttpServerResponse response, ArtifactEntry file) {
        return new PieceTransfer(pieces(file), response)
                .send(() -> WebDriverApi.typed(response)
                        .putHeader("Content-Type", BYTES)
                        .putHeader("Content-Length", Long.toString(file.size())));
    }

    private Future<Void> sendZipped(HttpServerResponse response, String name, ArtifactEntry file) {
        ZippedDownload zipped = new ZippedDownload(name, pieces(file), workers);
        return new PieceTransfer(zipped::next, response)
                .send(() -> WebDriverApi.typed(response).setChunked(true))
                .eventually(zipped::close);
    }
}
