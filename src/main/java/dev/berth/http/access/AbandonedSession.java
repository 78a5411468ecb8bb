package dev.berth.http.access;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionCommand.EndSession;
import dev.berth.protocol.SessionId;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a session that was created for one client only, when that client can't use it. */
public final class AbandonedSession {
    private static final Logger log = LoggerFactory.getLogger(AbandonedSession.class);
    private static final long LATE_MILLIS = 15_000;

    private final Vertx vertx;
    private final SessionClient client;
    private final SessionId id;

    public AbandonedSession(Vertx vertx, SessionClient client, SessionId id) {
        this.vertx = vertx;
        this.client = client;
        this.id = id;
    }

    public void end() {
        client.ask(id, new EndSession(EndReason.CLIENT_DISCONNECTED))
                .onFailure(e -> log.debug("{} could not be ended: {}", id, e.getMessage()));
    }

    /** A creation that timed out may still succeed: ends the session now, and once more later. */
    public void endIfCreatedLate(Throwable failure) {
        if (failure instanceof BerthException known && known.code() == ErrorCode.TIMEOUT) {
            end();
            vertx.setTimer(LATE_MILLIS, ignored -> end());
        }
    }
}
