package dev.berth.it;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A proxy that can stop passing data on while its connections stay open. */
final class FreezingProxy {
    private final NetServer server;
    private final NetClient client;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean frozen;

    FreezingProxy(Vertx vertx, String host, int port) {
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(here -> {
            here.pause();
            client.connect(port, host).onFailure(e -> here.close()).onSuccess(there -> {
                there.pause();
                join(here, there);
                join(there, here);
            });
        });
        Berth.await(server.listen(0, "127.0.0.1"));
    }

    private void join(NetSocket from, NetSocket to) {
        sockets.add(from);
        from.handler(to::write);
        from.closeHandler(closed -> {
            sockets.remove(from);
            to.close();
        });
        if (!frozen) {
            from.resume();
        }
    }

    int port() {
        return server.actualPort();
    }

    void freeze() {
        frozen = true;
        sockets.forEach(NetSocket::pause);
    }

    void thaw() {
        frozen = false;
        sockets.forEach(NetSocket::resume);
    }

    void close() {
        Berth.await(Future.join(server.close(), client.close()));
    }
}
