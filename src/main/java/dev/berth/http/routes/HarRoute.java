package dev.berth.http.routes;

import dev.berth.artifact.LogReader;
import dev.berth.clock.LivedTime;
import dev.berth.http.access.Holder;
import dev.berth.http.access.SessionAccess;
import dev.berth.http.connection.ConnectionWatch;
import dev.berth.http.validation.QueryParameters;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Sends the requests of a session as a HAR, live or ended, the next piece when the client has taken the one before: however long the
 * log is, a hundred entries are in memory. For any event loop.
 */
public final class HarRoute {
    private static final TransferSlots.Limits LIMITS =
            new TransferSlots.Limits(8, 2, "a user", "HAR files", ErrorCode.NOT_READY);
    private static final long SWEEP_MILLIS = 60_000;
    private static final int THREADS = 2;

    private final ReadableLogs logs;
    private final LogReader reader;
    private final WorkerExecutor workers;
    private final TransferSlots slots = new TransferSlots(LivedTime::nanos, LIMITS);

    public HarRoute(Vertx vertx, ReadableLogs logs, LogReader reader) {
        this.logs = logs;
        this.reader = reader;
        this.workers = vertx.createSharedWorkerExecutor("berth-har", THREADS);
        vertx.setPeriodic(SWEEP_MILLIS, ignored -> slots.sweep());
    }

    public void send(RoutingContext ctx) {
        try {
            SessionId id = SessionAccess.id(ctx);
            HarPieces pieces = HarPieces.of(ctx, QueryParameters.of(ctx).flag("content"), logs, reader, workers);
            TransferSlots.Slot slot = slots.take(Holder.of(ctx), () -> ConnectionWatch.end(ctx.request()));
            Future.succeededFuture()
                    .compose(now -> send(ctx, id, pieces, slot))
                    .onComplete(over -> slot.giveBack())
                    .onFailure(e -> fail(ctx, e));
        } catch (BerthException e) {
            ctx.fail(e);
        }
    }

    private static Future<Void> send(RoutingContext ctx, SessionId id, HarPieces pieces, TransferSlots.Slot slot) {
        // The head is set with the first piece: until then the response may still become an error.
        return pieces.next().compose(first -> {
            describe(ctx.response(), id);
            return new PieceTransfer(pieces::next, ctx.response(), slot::sent).send(first);
        });
    }

    /** Not compressed: that would run on the event loop. */
    private static void describe(HttpServerResponse response, SessionId id) {
        response.setChunked(true)
                .putHeader("Content-Type", "application/json")
                .putHeader("Content-Encoding", "identity")
                .putHeader("Content-Disposition", ContentDisposition.of("application/json", id.value() + ".har"))
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
