package dev.berth.http.routes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.berth.http.request.Answers;
import dev.berth.http.request.CallersContext;
import dev.berth.http.request.QueryParameters;
import dev.berth.http.request.SessionAccess;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET …/thumbnail}: a small picture of a running session's active page, of one of three widths. One picture of each width is taken,
 * and given again while it is young, however many clients ask. For any event loop.
 */
public final class ThumbnailRoute {
    private static final int DEFAULT_WIDTH = 320;
    private static final int LARGEST = 640;
    /** The widths of thumbnails: few, so that few pictures are taken, however many sizes are asked for. */
    private static final List<Integer> WIDTHS = List.of(160, 320, LARGEST);

    private static final Duration AGE = Duration.ofSeconds(2);
    /** Limit for pictures that are remembered, of some 10 KB each; 60 at the most. */
    private static final int MAX_KEPT = 256;

    private final SessionAccess access;
    private final Camera camera;
    /** The latest pictures, with those that are being taken, and failures. */
    private final Cache<Wanted, Future<Buffer>> latest;

    public ThumbnailRoute(SessionAccess access, Camera camera) {
        this(access, camera, Ticker.systemTicker());
    }

    ThumbnailRoute(SessionAccess access, Camera camera, Ticker ticker) {
        this.access = access;
        this.camera = camera;
        this.latest = Caffeine.newBuilder()
                .maximumSize(MAX_KEPT)
                .expireAfterWrite(AGE)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /** Takes pictures of this node's sessions. */
    @FunctionalInterface
    public interface Camera {
        /** A JPEG, on any thread; empty where the session does not run on this node. */
        Optional<Future<Buffer>> take(SessionId id, int width);
    }

    /** A picture of one of the widths. */
    private record Wanted(SessionId session, int width) {}

    public void send(RoutingContext ctx) {
        int width =
                QueryParameters.of(ctx).number("width").map(Math::toIntExact).orElse(DEFAULT_WIDTH);
        Answers.call(access::describe, ctx)
                .compose(session -> CallersContext.bring(picture(running(session), width)))
                .recover(e -> whyNot(ctx, e))
                .compose(jpeg -> send(ctx, jpeg))
                .onFailure(ctx::fail);
    }

    /** The reason of a failure: the session's end, if it has ended meanwhile. */
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
        int rounded = WIDTHS.stream().filter(size -> size >= width).findFirst().orElse(LARGEST);
        return latest.get(new Wanted(id, rounded), missing -> take(id, rounded));
    }

    private Future<Buffer> take(SessionId id, int width) {
        return camera.take(id, width)
                .orElseGet(() -> Future.failedFuture(new BerthException(
                        ErrorCode.NOT_READY, "the session's screen can't be captured on this node")));
    }
}
