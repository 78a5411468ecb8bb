package dev.berth.session;

import dev.berth.protocol.SessionId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The sessions that a node runs or is about to run, their places, and how many each user has. The bus registry, not this, decides
 * where a command goes. Runs on the supervisor's context.
 */
final class NodeSessions {
    /** Read by other threads, too. */
    private final Map<SessionId, HeldSession> held = new ConcurrentHashMap<>();

    private static final class HeldSession {
        private final long user;
        private volatile Optional<SessionVerticle> verticle = Optional.empty();
        private boolean running;
        /** The session is not over, but its Chrome is gone. */
        private boolean placeless;

        private HeldSession(long user) {
            this.user = user;
        }
    }

    /** Adds a session, unless the user has {@code maxPerUser} already; gives whether it did. */
    boolean add(SessionId id, long user, int maxPerUser) {
        if (of(user) >= maxPerUser) {
            return false;
        }
        held.putIfAbsent(id, new HeldSession(user));
        return true;
    }

    void deployed(SessionId id, SessionVerticle verticle) {
        find(id).ifPresent(session -> session.verticle = Optional.of(verticle));
    }

    /** Empty while the session is still being made. */
    Optional<SessionVerticle> verticle(SessionId id) {
        return find(id).flatMap(session -> session.verticle);
    }

    void started(SessionId id) {
        find(id).ifPresent(session -> session.running = true);
    }

    /** Gives up the place of a session whose Chrome is gone: another session may have it. */
    void leavePlace(SessionId id) {
        find(id).ifPresent(session -> session.placeless = true);
    }

    /** Whether the end of one of them may save a profile. Any thread may ask. */
    boolean anyMaySave() {
        return count(session ->
                        session.verticle.filter(SessionVerticle::maySave).isPresent())
                > 0;
    }

    private Optional<HeldSession> find(SessionId id) {
        return Optional.ofNullable(held.get(id));
    }

    /** Idempotent. */
    void remove(SessionId id) {
        held.remove(id);
    }

    /** Thread-safe. */
    boolean contains(SessionId id) {
        return held.containsKey(id);
    }

    /** The ids as they are at each look: sessions that come and go show in the set. Read only; any thread may read. */
    Set<SessionId> ids() {
        return Collections.unmodifiableSet(held.keySet());
    }

    int size() {
        return held.size();
    }

    /** How many places are taken. */
    int places() {
        return count(session -> !session.placeless);
    }

    int of(long user) {
        return count(session -> session.user == user);
    }

    int running() {
        return count(session -> session.running);
    }

    private int count(Predicate<HeldSession> which) {
        return (int) held.values().stream().filter(which).count();
    }
}
