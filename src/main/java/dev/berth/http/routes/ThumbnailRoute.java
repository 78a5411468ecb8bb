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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * {@code GET …/thumbnail}: a small picture of a running session's active page, of one of three widths. Of each session one picture is taken
 * at a time, and given again while it is young, however many ask. For any event loop.
 */
public final class ThumbnailRoute {
    private static final int DEFAULT_WIDTH = 320;
    private static final int LARGEST = 640;
    /** Few, so that however many sizes are asked for, few pictures are taken. */
    private static final List<Integer> WIDTHS = List.of(160, 320, LARGEST);

    private static final Duration AGE = Duration.ofSeconds(2);
    /** Pictures of some 10 KB; 60 at the most. */
    private static final int MAX_KEPT = 256;

    private final SessionAccess access;
    private final Camera camera;
    private final LongSupplier nanoClock;
    /** The latest pictures, the one that was asked for longest ago first. Guarded by this. */
    private final Map<Wanted, Taken> latest = new LinkedHashMap<>(16, 0.75f, true);
    /** Of each session whose picture is being taken, the last one that waits for its turn, or else that one. Guarded by this. */
    private final Map<SessionId, Future<Buffer>> lastOf = new HashMap<>();

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

    /** A picture of one of the widths. */
    private record Wanted(SessionId session, int width) {}

    private record Taken(Future<Buffer> picture, long askedAt) {}

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
        int rounded = WIDTHS.stream().filter(size -> size >= width).findFirst().orElse(LARGEST);
        return young(new Wanted(id, rounded)).picture;
    }

    private synchronized Taken young(Wanted wanted) {
        long now = nanoClock.getAsLong();
        Taken had = latest.get(wanted);
        if (had != null && (!had.picture.isComplete() || had.picture.succeeded() && isFresh(had, now))) {
            return had;
        }
        latest.values().removeIf(old -> old.picture.isComplete() && !isFresh(old, now));
        Taken next = new Taken(inTurn(wanted), now);
        latest.put(wanted, next);
        if (latest.size() > MAX_KEPT) {
            latest.values().stream()
                    .filter(old -> old.picture.isComplete())
                    .findFirst()
                    .ifPresent(latest.values()::remove);
        }
        return next;
    }

    private static boolean isFresh(Taken taken, long now) {
        return now - taken.askedAt < AGE.toNanos();
    }

    /** After the pictures of the session that were asked for earlier: at most one of each other size. */
    private Future<Buffer> inTurn(Wanted wanted) {
        Future<Buffer> before = lastOf.get(wanted.session);
        Future<Buffer> mine = before == null
                ? take(wanted.session, wanted.width)
                : before.transform(done -> take(wanted.session, wanted.width));
        lastOf.put(wanted.session, mine);
        mine.onComplete(done -> over(wanted.session, mine));
        return mine;
    }

    private synchronized void over(SessionId session, Future<Buffer> picture) {
        lastOf.remove(session, picture);
    }

    private Future<Buffer> take(SessionId id, int width) {
        return camera.take(id, width)
                .orElseGet(() -> Future.failedFuture(
                        new BerthException(ErrorCode.NOT_READY, "the session's browser can't be looked at here")));
    }
}
