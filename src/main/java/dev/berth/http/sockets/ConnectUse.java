package dev.berth.http.sockets;

import dev.berth.http.access.AbandonedSession;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.relay.RelayedClient;
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
    private final AbandonedSession session;
    private boolean left;

    /** @param client for the session that {@code command} creates */
    ConnectUse(Vertx vertx, SessionClient sessions, CreateSession command, RelayedClient client) {
        this.sessions = sessions;
        this.command = command;
        this.client = client;
        this.session = new AbandonedSession(vertx, sessions, command.sessionId());
    }

    @Override
    public Future<?> open() {
        return sessions.create(command)
                .onFailure(session::endIfCreatedLate)
                .compose(made -> left
                        ? Future.failedFuture(new BerthException(ErrorCode.CONFLICT, "the client left"))
                        : client.open());
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
        left = true;
        client.abandon();
        session.end();
    }
}
