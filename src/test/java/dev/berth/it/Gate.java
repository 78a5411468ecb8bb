package dev.berth.it;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An address of a server that may be started again on another port, and be unreachable for a while. */
final class Gate {
    private final NetServer server;
    private final NetClient client;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int target;

    Gate(Vertx vertx, String host) {
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(this::accept);
        Berth.await(server.listen(0, host));
    }

    int port() {
        return server.actualPort();
    }

    /** The port that it leads to; 0: none. */
    int target() {
        return target;
    }

    /** @param port on this machine's loopback; 0: nowhere, so that connections end, and new ones too */
    void leadTo(int port) {
        target = port;
        sockets.forEach(NetSocket::close);
    }

    private void accept(NetSocket near) {
        near.pause();
        if (target == 0) {
            near.close();
            return;
        }
        client.connect(target, "127.0.0.1").onFailure(e -> near.close()).onSuccess(far -> {
            join(near, far);
            join(far, near);
            near.resume();
        });
    }

    private void join(NetSocket from, NetSocket to) {
        sockets.add(from);
        from.handler(data -> {
            to.write(data);
            if (to.writeQueueFull()) {
                from.pause();
                to.drainHandler(drained -> from.resume());
            }
        });
        from.closeHandler(closed -> {
            sockets.remove(from);
            to.close();
        });
    }
}
