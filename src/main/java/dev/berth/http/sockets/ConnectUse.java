package dev.berth.http.sockets;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.relay.RelayedClient;
import dev.berth.websocket.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CDP client for which a session is created. No other client knows the session, so it ends if the client does not get its
 * socket.
 */
final class ConnectUse implements SocketUse {
    private static final Logger log = LoggerFactory.getLogger(ConnectUse.class);
    /** A session whose creation timed out may still be created. */
    private static final long LATE_MILLIS = 15_000;

    private final Vertx vertx;
    private final SessionClient sessions;
    private final CreateSession command;
    private final RelayedClient client;
    private boolean left;

    /** @param client for the session that {@code command} creates */
    ConnectUse(Vertx vertx, SessionClient sessions, CreateSession command, RelayedClient client) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.command = command;
        this.client = client;
    }

    @Override
    public Future<?> open() {
        return sessions.create(command)
                .onFailure(this::endWhatComesTooLate)
                .compose(made -> left
                        ? Future.failedFuture(new BerthException(ErrorCode.CONFLICT, "the client left"))
                        : client.open());
    }

    private void endWhatComesTooLate(Throwable e) {
        if (e instanceof BerthException known && known.code() == ErrorCode.TIMEOUT) {
            vertx.setTimer(LATE_MILLIS, ignored -> end());
        }
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
        end();
    }

    private void end() {
        sessions.ask(command.sessionId(), new EndSession(EndReason.CLIENT_DISCONNECTED))
                .onFailure(e -> log.debug("{} could not be ended: {}", command.sessionId(), e.getMessage()));
    }
}
