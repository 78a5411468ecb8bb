package dev.berth.browser.cdp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The parties that own the CDP sessions of a Chrome: a party owns the session that it got, and all that Chrome attaches below that. Changed
 * on one event loop; for any thread to ask.
 *
 * @param <P> a party
 */
final class SessionTree<P> {
    /** Limit for the sessions of a party, which its pages cause: messages of further ones are dropped. */
    static final int MAX_SESSIONS = 10_000;
    /** Limit for the commands of one session whose answers are awaited; further ones are forgotten. */
    private static final int MAX_UNANSWERED = 1_000;
    /** Limit for remembered sessions that were detached while they had commands. */
    private static final int MAX_LEFT = 64;

    private final Map<String, Session<P>> sessions = new ConcurrentHashMap<>();
    private final Map<P, Integer> counts = new ConcurrentHashMap<>();
    private final Deque<Session<P>> left = new ArrayDeque<>();

    private static final class Session<P> {
        final P owner;
        final String parent;
        final String targetId;
        final Set<String> children = new HashSet<>();
        private final Set<Long> unanswered = new HashSet<>();
        /** A party's own ends with the party, which waits for nothing then. */
        private final boolean isBelow;

        private boolean ended;

        Session(P owner, String parent, String targetId) {
            this.owner = owner;
            this.parent = parent;
            this.targetId = targetId;
            this.isBelow = !parent.isEmpty();
        }

        synchronized boolean send(long id) {
            if (!ended && isBelow && unanswered.size() < MAX_UNANSWERED) {
                unanswered.add(id);
            }
            return !ended;
        }

        synchronized void end() {
            ended = true;
        }

        synchronized boolean answered(long id) {
            return isBelow && unanswered.remove(id);
        }

        synchronized boolean isAnswered() {
            return unanswered.isEmpty();
        }
    }

    /** A party gets its own session, of this target. */
    void root(String id, P owner, String targetId) {
        add(id, owner, "", targetId);
    }

    private boolean add(String id, P owner, String parent, String targetId) {
        int count = counts.getOrDefault(owner, 0);
        if (count == MAX_SESSIONS || sessions.putIfAbsent(id, new Session<>(owner, parent, targetId)) != null) {
            return false;
        }
        counts.put(owner, count + 1);
        return true;
    }

    /** Chrome has told the session {@code parent} of one that is attached below it, to this target. */
    void attached(String parent, String id, String targetId) {
        Session<P> above = sessions.get(parent);
        if (above != null && add(id, above.owner, parent, targetId)) {
            above.children.add(id);
        }
    }

    /** Chrome has told the session {@code parent} of one that is no more, nor are those below it. */
    void detached(String parent, String id) {
        Session<P> gone = sessions.get(id);
        if (gone != null && gone.parent.equals(parent)) {
            Optional.ofNullable(sessions.get(parent)).ifPresent(above -> above.children.remove(id));
            remove(id);
        }
    }

    /** The sessions of a target that such parties have. */
    List<String> ofTarget(String targetId, Predicate<P> parties) {
        return sessions.entrySet().stream()
                .filter(each -> each.getValue().targetId.equals(targetId))
                .filter(each -> parties.test(each.getValue().owner))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Takes a session, and those below it, from its party; gives the session above it. A party's own, which has none above it, stays. */
    String cut(String id) {
        String parent = sessions.get(id).parent;
        if (!parent.isEmpty()) {
            detached(parent, id);
        }
        return parent;
    }

    private void remove(String id) {
        Deque<String> ended = new ArrayDeque<>(Set.of(id));
        while (!ended.isEmpty()) {
            Session<P> gone = sessions.remove(ended.remove());
            if (gone != null) {
                ended.addAll(gone.children);
                gone.end();
                counts.computeIfPresent(gone.owner, (owner, count) -> count == 1 ? null : count - 1);
                remember(gone);
            }
        }
    }

    private void remember(Session<P> gone) {
        if (!gone.isAnswered()) {
            left.addLast(gone);
            if (left.size() > MAX_LEFT) {
                left.removeFirst();
            }
        }
    }

    /** The party of this session of its own is gone: nothing is its any more. */
    void removeRoot(String id, P owner) {
        remove(id);
        left.removeIf(session -> session.owner.equals(owner));
    }

    Optional<P> owner(String id) {
        return Optional.ofNullable(sessions.get(id)).map(session -> session.owner);
    }

    boolean owns(P party, String id) {
        Session<P> session = sessions.get(id);
        return session != null && session.owner.equals(party);
    }

    /** Whether a party may send a session this command; then it is taken for sent. Any thread may call. */
    boolean send(P party, String id, long command) {
        Session<P> session = sessions.get(id);
        return session != null && session.owner.equals(party) && session.send(command);
    }

    /** An answer has come from it. */
    void answered(String id, long command) {
        Optional.ofNullable(sessions.get(id)).ifPresent(session -> session.answered(command));
    }

    /**
     * The parties that sent a command for which Chrome had no session any more: Chrome answers such a command without a session. Where
     * several parties sent a command with this id, the answer is for one of them, and the others get none from Chrome.
     */
    Set<P> unanswered(long command) {
        Set<P> owners = new LinkedHashSet<>();
        for (Iterator<Session<P>> each = left.iterator(); each.hasNext(); ) {
            Session<P> session = each.next();
            if (!owners.contains(session.owner) && session.answered(command)) {
                owners.add(session.owner);
                if (session.isAnswered()) {
                    each.remove();
                }
            }
        }
        return owners;
    }
}
