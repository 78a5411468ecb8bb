package dev.berth.http.sockets;

import dev.berth.http.request.LinkAccess;
import dev.berth.live.Viewer;
import dev.berth.websocket.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;

/** A viewer of a session. One that came by a link leaves when the link is revoked or expires. */
final class LiveUse implements SocketUse {
    private final Viewer viewer;
    private final LiveAccess.Entrance entrance;
    private final LinkAccess links;

    LiveUse(Viewer viewer, LiveAccess.Entrance entrance, LinkAccess links) {
        this.viewer = viewer;
        this.entrance = entrance;
        this.links = links;
    }

    @Override
    public Future<?> open() {
        return viewer.open();
    }

    @Override
    public Future<?> start(NetSocket socket) {
        Future<Void> over = viewer.start(socket);
        entrance.link().ifPresent(link -> {
            Runnable ended = links.hold(link, why -> viewer.stop(new CloseReason(CloseReason.FORBIDDEN, why)));
            over.onComplete(done -> ended.run());
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
