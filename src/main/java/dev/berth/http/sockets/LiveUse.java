package dev.berth.http.sockets;

import dev.berth.live.Viewer;
import dev.berth.websocket.CloseReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.time.Instant;

/** A viewer of a session. One that came by a link leaves when the link is revoked or expires. */
final class LiveUse implements SocketUse {
    private static final CloseReason REVOKED = new CloseReason(CloseReason.FORBIDDEN, "the link was revoked");
    private static final CloseReason EXPIRED = new CloseReason(CloseReason.FORBIDDEN, "the link has expired");

    private final Vertx vertx;
    private final Viewer viewer;
    private final LiveAccess.Entrance entrance;
    private final KeySockets ofLinks;

    /** @param ofLinks the viewers that came by links */
    LiveUse(Vertx vertx, Viewer viewer, LiveAccess.Entrance entrance, KeySockets ofLinks) {
        this.vertx = vertx;
        this.viewer = viewer;
        this.entrance = entrance;
        this.ofLinks = ofLinks;
    }

    @Override
    public Future<?> open() {
        return viewer.open();
    }

    @Override
    public Future<?> start(NetSocket socket) {
        Future<Void> over = viewer.start(socket);
        entrance.link().ifPresent(link -> {
            Context context = vertx.getOrCreateContext();
            Runnable ended = ofLinks.opened(link.linkId(), () -> context.runOnContext(ignored -> viewer.stop(REVOKED)));
            long left = Math.max(
                    1, Duration.between(Instant.now(), link.expiresAt()).toMillis());
            long timer = vertx.setTimer(left, ignored -> viewer.stop(EXPIRED));
            over.onComplete(done -> {
                ended.run();
                vertx.cancelTimer(timer);
            });
        });
        return over;
    }

    @Override
    public Future<?> stop(CloseReason reason) {
        return viewer.stop(reason);
    }

    @Override
    public void abandon() {
        viewer.abandon();
    }
}
