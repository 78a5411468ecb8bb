package dev.berth.session;

import dev.berth.protocol.SessionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The verticles of a node's sessions, by which all are ended even if the bus does not carry anything. On the supervisor's context. */
final class SessionVerticles {
    private final Map<SessionId, SessionVerticle> verticles = new HashMap<>();

    void add(SessionId id, SessionVerticle verticle) {
        verticles.put(id, verticle);
    }

    Optional<SessionVerticle> find(SessionId id) {
        return Optional.ofNullable(verticles.get(id));
    }

    void remove(SessionId id) {
        verticles.remove(id);
    }

    boolean isEmpty() {
        return verticles.isEmpty();
    }
}
