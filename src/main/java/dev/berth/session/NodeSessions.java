package dev.berth.session;

import dev.berth.protocol.SessionId;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions that a node runs or is about to run, their places, and how many each user has. The bus registry, not this, decides
 * where a command goes. Runs on the supervisor's context.
 */
final class NodeSessions {
    /** Read by other threads, too. */
    private final Map<SessionId, Long> owners = new ConcurrentHashMap<>();

    private final Map<Long, Integer> counts = new HashMap<>();
    private final Set<SessionId> running = new HashSet<>();
    /** Those that are not over, but whose Chrome is gone. */
    private final Set<SessionId> placeless = new HashSet<>();

    /** Adds a session, unless the user has {@code maxPerUser} already; gives whether it did. */
    boolean add(SessionId id, long user, int maxPerUser) {
        if (of(user) >= maxPerUser) {
            return false;
        }
        if (owners.putIfAbsent(id, user) == null) {
            counts.merge(user, 1, Integer::sum);
        }
        return true;
    }

    void started(SessionId id) {
        if (contains(id)) {
            running.add(id);
        }
    }

    /** Its Chrome is gone: another session may have its place. */
    void leavePlace(SessionId id) {
        if (contains(id)) {
            placeless.add(id);
        }
    }

    /** Idempotent. */
    void remove(SessionId id) {
        running.remove(id);
        placeless.remove(id);
        Long user = owners.remove(id);
        if (user != null) {
            counts.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Thread-safe. */
    boolean contains(SessionId id) {
        return owners.containsKey(id);
    }

    /** A live view. */
    Set<SessionId> ids() {
        return Collections.unmodifiableSet(owners.keySet());
    }

    int size() {
        return owners.size();
    }

    /** How many places are taken. */
    int places() {
        return owners.size() - placeless.size();
    }

    int of(long user) {
        return counts.getOrDefault(user, 0);
    }

    int running() {
        return running.size();
    }
}
