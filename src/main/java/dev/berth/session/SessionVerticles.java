package dev.berth.session;

import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The verticles of a node's sessions, by which all are ended even if the bus does not carry anything. On the supervisor's context. */
final class SessionVerticles {
    private final Map<SessionId, SessionVerticle> verticles = new HashMap<>();

    void add(SessionId id, SessionVerticle verticle) {
        verticles.put(id, verticle);
    }

    void remove(SessionId id) {
        verticles.remove(id);
    }

    /** Completes when all are over. */
    Future<Void> lose(String detail) {
        return Future.join(List.copyOf(verticles.values()).stream()
                        .map(verticle -> verticle.lose(detail))
                        .toList())
                .mapEmpty();
    }
}
