package dev.berth.http.export;

import dev.berth.http.request.LinkAccess;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.http.routes.ContentDisposition;
import dev.berth.http.routes.PieceTransfer;
import dev.berth.http.routes.ReadableLogs;
import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Sends the requests of a session as a HAR, live or ended, the next piece when the client has taken the one before: however long the
 * log is, a hundred entries are in memory. For any event loop.
 */
public final class HarRoute {
    private static final int THREADS = 2;

    private final ReadableLogs logs;
    private final WorkerExecutor workers;
    private final CountLimit<Long> sending;

    public HarRoute(Vertx vertx, ReadableLogs logs) {
        this.logs = logs;
        this.workers = vertx.createSharedWorkerExecutor("berth-har", THREADS);
        this.sending = new CountLimit<>(
                new Bound(
                        2,
                        "2 HAR files are already being sent to you, or by the links of this API key; try again later"),
                new Bound(8, new BerthException(ErrorCode.NOT_READY, "too many HAR files are being sent; try again")));
    }

    public void send(RoutingContext ctx) {
        sending.during(LinkAccess.holder(ctx), () -> {
                    boolean content = QueryParameters.of(ctx).flag("content");
                    HarPieces pieces = HarPieces.of(ctx, content, logs, workers);
                    return new PieceTransfer(pieces::next, ctx.response())
                            .send(() -> describe(ctx.response(), SessionAccess.id(ctx)));
                })
                .onFailure(ctx::fail);
    }

    private static void describe(HttpServerResponse response, SessionId id) {
        ContentDisposition.describe(response, "application/json", id + ".har")
                .setChunked(true)
                .putHeader("Cache-Control", "no-store");
    }
}
