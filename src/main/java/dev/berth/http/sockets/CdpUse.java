package dev.berth.http.sockets;

import dev.berth.cdpclient.RelayedClient;
import dev.berth.websocket.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;

/** A CDP client of an existing session. */
record CdpUse(RelayedClient client) implements SocketUse {
    @Override
    public Future<?> open() {
        return client.open();
    }

    @Override
    public Future<?> start(NetSocket socket) {
        return client.relay(socket);
    }

    @Override
    public Future<?> stop(CloseReason reason) {
        return client.stop(reason);
    }

    @Override
    public void abandon() {
        client.abandon();
    }
}
