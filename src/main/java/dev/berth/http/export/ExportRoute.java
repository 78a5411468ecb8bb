package dev.berth.http.export;

import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.routes.ContentDisposition;
import dev.berth.http.routes.PieceTransfer;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.SessionId;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET …/export}: all that is kept of a session, live or ended, as a ZIP, the next piece when the client has taken the one before.
 * For any event loop.
 */
public final class ExportRoute {
    private static final int THREADS = 2;

    private final SessionAccess access;
    private final ExportContents contents;
    private final WorkerExecutor workers;
    private final CountLimit<Long> sending;

    public ExportRoute(Vertx vertx, SessionAccess access, ExportContents contents) {
        this.access = access;
        this.contents = contents;
        this.workers = vertx.createSharedWorkerExecutor("berth-export", THREADS);
        this.sending = new CountLimit<>(
                new Bound(
                        1, "an export is already being sent to you, or by the links of this API key; try again later"),
                new Bound(4, "too many exports are being sent; try again"));
    }

    public void send(RoutingContext ctx) {
        sending.during(
                        LinkAccess.holder(ctx),
                        () -> access.describe(ctx)
                                .compose(session -> contents.of(ctx, session, workers))
                                .map(files -> new ZipPieces(files, workers))
                                .compose(zip -> new PieceTransfer(zip::next, ctx.response())
                                        .send(() -> describe(ctx.response(), SessionAccess.id(ctx)))
                                        .eventually(zip::close)))
                .onFailure(ctx::fail);
    }

    private static void describe(HttpServerResponse response, SessionId id) {
        ContentDisposition.describe(response, "application/zip", id + ".zip")
                .setChunked(true)
                .putHeader("Cache-Control", "no-store");
    }
}
