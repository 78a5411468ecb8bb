package dev.berth.http.routes;

import dev.berth.http.access.SessionAccess;
import dev.berth.http.request.Answers;
import dev.berth.http.request.CallersContext;
import dev.berth.http.validation.QueryParameters;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * {@code GET …/thumbnail}: a small picture of a running session's active page. Of each session one picture is taken at a time, and given
 * again while it is young, however many ask. For any event loop.
 */
public final class ThumbnailRoute {
    private static final int DEFAULT_WIDTH = 320;
    private static final Duration AGE = Duration.ofSeconds(2);
    /** Pictures of some 10 KB; 60 at the most. */
    private static final int MAX_KEPT = 256;

    private final SessionAccess access;
    private final Camera camera;
    private final LongSupplier nanoClock;
    /** The latest picture of each session, the one that was asked for longest ago first. Guarded by this. */
    private final Map<SessionId, Taken> latest = new LinkedHashMap<>(16, 0.75f, true);

    public ThumbnailRoute(SessionAccess access, Camera camera) {
        this(access, camera, System::nanoTime);
    }

    ThumbnailRoute(SessionAccess access, Camera camera, LongSupplier nanoClock) {
        this.access = access;
        this.camera = camera;
        this.nanoClock = nanoClock;
    }

    /** Takes pictures of this node's sessions. */
    @FunctionalInterface
    public interface Camera {
        /** A JPEG, on any thread; empty where the session does not run on this node. */
        Optional<Future<Buffer>> take(SessionId id, int width);
    }

    private record Taken(int width, Future<Buffer> picture, long askedAt) {}

    public void send(RoutingContext ctx) {
        int width =
                QueryParameters.of(ctx).number("width").map(Math::toIntExact).orElse(DEFAULT_WIDTH);
        Answers.call(access::describe, ctx)
                .compose(session -> CallersContext.bring(picture(running(session), width)))
                .recover(e -> whyNot(ctx, e))
                .compose(jpeg -> send(ctx, jpeg))
                .onFailure(ctx::fail);
    }

    /** Where it fails because the session has ended meanwhile, that is told. */
    private Future<Buffer> whyNot(RoutingContext ctx, Throwable failure) {
        return access.describe(ctx).map(ThumbnailRoute::running).compose(still -> Future.failedFuture(failure));
    }

    private static SessionId running(SessionDescription session) {
        if (session.endReason().isPresent()) {
            throw session.absence();
        } else if (session.status() != SessionStatus.RUNNING) {
            throw new BerthException(ErrorCode.SESSION_NOT_RUNNING, "the session's browser has not started yet");
        }
        return session.sessionId();
    }

    private static Future<Void> send(RoutingContext ctx, Buffer jpeg) {
        return ctx.response().closed()
                ? Future.succeededFuture()
                : ctx.response()
                        .putHeader("Content-Type", "image/jpeg")
                        .putHeader("Content-Encoding", "identity")
                        .putHeader("Cache-Control", "no-store")
                        .end(jpeg)
                        .otherwiseEmpty();
    }

    Future<Buffer> picture(SessionId id, int width) {
        Taken taken = young(id, width);
        // Another size waits until that picture is taken.
        return taken.width == width ? taken.picture : taken.picture.transform(done -> picture(id, width));
    }

    private synchronized Taken young(SessionId id, int width) {
        long now = nanoClock.getAsLong();
        Taken taken = latest.get(id);
        if (taken != null && (!taken.picture.isComplete() || isFresh(taken, width, now))) {
            return taken;
        }
        Taken next = new Taken(width, take(id, width), now);
        latest.values().removeIf(old -> old.picture.isComplete() && now - old.askedAt >= AGE.toNanos());
        latest.put(id, next);
        if (latest.size() > MAX_KEPT) {
            latest.remove(latest.keySet().iterator().next());
        }
        return next;
    }

    private static boolean isFresh(Taken taken, int width, long now) {
        return taken.picture.succeeded() && taken.width == width && now - taken.askedAt < AGE.toNanos();
    }

    private Future<Buffer> take(SessionId id, int width) {
        return camera.take(id, width)
                .orElseGet(() -> Future.failedFuture(
                        new BerthException(ErrorCode.NOT_READY, "the session's browser can't be looked at here")));
    }
}
