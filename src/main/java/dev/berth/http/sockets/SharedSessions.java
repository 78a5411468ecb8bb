package dev.berth.http.sockets;

import dev.berth.access.ApiKey;
import dev.berth.http.request.CallersContext;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The session of each API key that all clients of the key share which look for a running Chrome at its own paths. One for the node: such
 * a client names no session, by which another node could be found. For any thread.
 */
public final class SharedSessions {
    private static final String NAME = "Shared by clients of /json";

    private final Map<Long, Future<SessionId>> sessions = new ConcurrentHashMap<>();
    private final SessionOptions options;

    /** @param options of each of them */
    public SharedSessions(SessionOptions options) {
        this.options = options;
    }

    /**
     * The session of this key, which runs; makes one where there is none.
     *
     * @param own a client of the bus with the rights of the key
     */
    Future<SessionId> of(ApiKey key, SessionClient own) {
        Future<SessionId> known = sessions.computeIfAbsent(key.keyId(), id -> make(key, own));
        return CallersContext.bring(known)
                .compose(id -> own.describe(id)
                        .map(SharedSessions::isLive)
                        .recover(e -> ErrorCode.SESSION_NOT_FOUND.isOf(e) || ErrorCode.SESSION_ENDED.isOf(e)
                                ? Future.succeededFuture(false)
                                : Future.failedFuture(e))
                        .compose(live -> live ? Future.succeededFuture(id) : another(key, own, known)))
                .onFailure(e -> sessions.remove(key.keyId(), known));
    }

    private static boolean isLive(SessionDescription session) {
        return session.endReason().isEmpty();
    }

    /** Another client may have made one meanwhile. */
    private Future<SessionId> another(ApiKey key, SessionClient own, Future<SessionId> ended) {
        return CallersContext.bring(
                sessions.compute(key.keyId(), (id, now) -> now == ended || now == null ? make(key, own) : now));
    }

    private Future<SessionId> make(ApiKey key, SessionClient own) {
        CreateSession command = new CreateSession(
                        SessionId.random(), key.userId(), Optional.empty(), options, Map.of(), Optional.empty())
                .named(Optional.of(NAME))
                .with(key.keyId());
        return own.create(command)
                .compose(made -> own.whenRunning(made.sessionId()))
                .map(SessionDescription::sessionId);
    }
}
