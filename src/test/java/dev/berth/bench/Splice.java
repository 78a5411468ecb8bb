package dev.berth.bench;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.LongAdder;

/** Two sockets joined, nothing read: what any relay on Vert.x costs at the least. */
final class Splice {
    private final NetServer server;
    private final NetClient client;
    private final LongAdder sent = new LongAdder();

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

    private void join(NetSocket here, NetSocket there) {
        here.handler(data -> {
            sent.add(data.length());
            there.write(data);
            if (there.writeQueueFull()) {
                here.pause();
                there.drainHandler(drained -> here.resume());
            }
        });
        here.endHandler(ended -> there.end());
        here.resume();
        there.pipeTo(here);
    }

    /** What all clients have sent to the other side so far. */
    long bytesThere() {
        return sent.sum();
    }

    int port() {
        return server.actualPort();
    }

    void close() {
        Rig.await(server.close());
        Rig.await(client.close());
    }
}
