package dev.berth.http.sockets;

import dev.berth.cdpclient.RelayedClient;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.OwnSession;
import dev.berth.protocol.SessionClient;
import dev.berth.websocket.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;

/**
 * A CDP client for which a session is created. No other client knows the session, so it ends if the client does not get its
 * socket.
 */
final class ConnectUse implements SocketUse {
    private final SessionClient sessions;
    private final CreateSession command;
    private final RelayedClient client;
    private final OwnSession session;

    /** @param client for the session that {@code command} creates */
    ConnectUse(Vertx vertx, SessionClient sessions, CreateSession command, RelayedClient client) {
        this.sessions = sessions;
        this.command = command;
        this.client = client;
        this.session = new OwnSession(vertx, sessions, command.sessionId());
    }

    @Override
    public Future<?> open() {
        return session.make(() -> sessions.create(command))
                .onFailure(e -> session.end(EndReason.CLIENT_DISCONNECTED))
                .compose(made -> client.open());
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
        session.end(EndReason.CLIENT_DISCONNECTED);
    }
}
