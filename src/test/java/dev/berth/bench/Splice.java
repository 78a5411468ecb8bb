package dev.berth.bench;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/** Two sockets joined, nothing read: what any relay on Vert.x costs at the least. */
final class Splice {
    private final NetServer server;
    private final NetClient client;

    Splice(Vertx vertx, String host, int port) {
        client = vertx.createNetClient();
        server = Rig.await(vertx.createNetServer()
                .connectHandler(here -> {
                    here.pause();
                    client.connect(port, host)
                            .onSuccess(there -> join(here, there))
                            .onFailure(e -> here.close());
                })
                .listen(0, "127.0.0.1"));
    }

    private static void join(NetSocket here, NetSocket there) {
        here.pipeTo(there);
        there.pipeTo(here);
    }

    int port() {
        return server.actualPort();
    }

    void close() {
        Rig.await(server.close());
        Rig.await(client.close());
    }
}
