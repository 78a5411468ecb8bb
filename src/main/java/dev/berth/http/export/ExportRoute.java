package dev.berth.http.export;

import dev.berth.clock.LivedTime;
import dev.berth.http.access.Holder;
import dev.berth.http.access.SessionAccess;
import dev.berth.http.connection.ConnectionWatch;
import dev.berth.http.request.Answers;
import dev.berth.http.routes.PieceTransfer;
import dev.berth.http.routes.TransferSlots;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET …/export}: all that is kept of a session, live or ended, as a ZIP, the next piece when the client has taken the one before.
 * For any event loop.
 */
public final class ExportRoute {
    private static final TransferSlots.Limits LIMITS =
            new TransferSlots.Limits(4, 1, "a user", "exports", ErrorCode.LIMIT_REACHED);
    private static final long SWEEP_MILLIS = 60_000;
    private static final int THREADS = 2;

    private final SessionAccess access;
    private final ExportContents contents;
    private final WorkerExecutor workers;
    private final TransferSlots slots = new TransferSlots(LivedTime::nanos, LIMITS);

    public ExportRoute(Vertx vertx, SessionAccess access, ExportContents contents) {
        this.access = access;
        this.contents = contents;
        this.workers = vertx.createSharedWorkerExecutor("berth-export", THREADS);
        vertx.setPeriodic(SWEEP_MILLIS, ignored -> slots.sweep());
    }

    public void send(RoutingContext ctx) {
        try {
            TransferSlots.Slot slot = slots.take(Holder.of(ctx), () -> ConnectionWatch.end(ctx.request()));
            Answers.call(access::describe, ctx)
                    .compose(session -> contents.of(ctx, session, workers))
                    .map(files -> new ZipPieces(files, workers))
                    .compose(zip -> send(ctx, zip, slot).eventually(zip::close))
                    .onComplete(over -> slot.giveBack())
                    .onFailure(e -> fail(ctx, e));
        } catch (BerthException e) {
            ctx.fail(e);
        }
    }

    private static Future<Void> send(RoutingContext ctx, ZipPieces zip, TransferSlots.Slot slot) {
        // The head is set with the first piece: until then the response may still become an error.
        return zip.next().compose(first -> {
            describe(ctx.response(), SessionAccess.id(ctx));
            return new PieceTransfer(zip::next, ctx.response(), slot::sent).send(first);
        });
    }

    private static void describe(HttpServerResponse response, SessionId id) {
        response.setChunked(true)
                .putHeader("Content-Type", "application/zip")
                .putHeader("Content-Encoding", "identity")
                .putHeader("Content-Disposition", "attachment; filename=\"" + id + ".zip\"")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-store");
    }

    /** What has begun can only be cut off, so that the client does not take a part for the whole. */
    private static void fail(RoutingContext ctx, Throwable e) {
        if (ctx.response().headWritten()) {
            ConnectionWatch.end(ctx.request());
        } else {
            ctx.fail(e);
        }
    }
}
