package dev.berth.relay;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** To what Chrome has attached a client, as it tells that client. Pure; for one thread. */
final class ClientTargets {
    /** A page makes workers and frames as it likes: of more, nothing is known. */
    private static final int MAX_SESSIONS = 2_000;

    /** In the order in which they were attached. */
    private final Map<String, Attached> sessions = new LinkedHashMap<>();

    private boolean discovering;

    private static final class Attached {
        final String targetId;
        final String type;
        final String parent;
        boolean running;

        Attached(String targetId, String type, String parent) {
            this.targetId = targetId;
            this.type = type;
            this.parent = parent;
        }
    }

    /**
     * Gives whether a session is gone.
     *
     * @param head the first bytes of a message from Chrome
     */
    boolean told(byte[] head, int length) {
        Optional<TargetEvent> told = TargetEvent.parse(head, length);
        told.ifPresent(event -> {
            if (!event.attached()) {
                remove(event.sessionId());
            } else if (sessions.size() < MAX_SESSIONS) {
                sessions.put(event.sessionId(), new Attached(event.targetId(), event.type(), event.parent()));
            }
        });
        return told.filter(event -> !event.attached()).isPresent();
    }

    /** Gives the session and all below it, which end with it: Chrome does not tell of each. */
    private List<Attached> remove(String session) {
        List<Attached> removed = new ArrayList<>();
        Optional.ofNullable(sessions.remove(session)).ifPresent(removed::add);
        // One that is attached to no session has an empty parent, which is no session's id.
        Deque<String> ended = new ArrayDeque<>(session.isEmpty() ? List.of() : List.of(session));
        while (!ended.isEmpty()) {
            String parent = ended.remove();
            sessions.entrySet().removeIf(each -> {
                boolean below = each.getValue().parent.equals(parent);
                if (below) {
                    ended.add(each.getKey());
                    removed.add(each.getValue());
                }
                return below;
            });
        }
        return removed;
    }

    /** The page that a session is of, or that its frame or worker belongs to; empty where that is not known. */
    Optional<String> pageOf(String session) {
        Attached attached = sessions.get(session);
        // A page has a parent where its client asked for tabs.
        while (attached != null && !attached.type.equals("page")) {
            attached = sessions.get(attached.parent);
        }
        return Optional.ofNullable(attached).map(page -> page.targetId);
    }

    /** Whether Chrome tells the client of targets that come and go. */
    void discovers(boolean now) {
        discovering = now;
    }

    /** Whether the client has let the target of this session run before. */
    boolean isRunning(String session) {
        Attached attached = sessions.get(session);
        return attached != null && attached.running;
    }

    /** The client lets the target of this session run. Gives that, where it is known. */
    Optional<String> run(String session) {
        return Optional.ofNullable(sessions.get(session)).map(attached -> {
            attached.running = true;
            return attached.targetId;
        });
    }

    /**
     * The client detaches from a session. Gives the targets, its own and those below, of which no session is left that could let
     * them run, and none has.
     */
    Set<String> leave(String session) {
        Set<String> held = new LinkedHashSet<>();
        Set<String> settled = new HashSet<>();
        remove(session).forEach(left -> (left.running ? settled : held).add(left.targetId));
        sessions.values().forEach(other -> settled.add(other.targetId));
        held.removeAll(settled);
        return held;
    }

    /** Chrome is gone, and with it all that there was: the events with which it would have said so, the last attached first. */
    List<String> farewell() {
        List<Map.Entry<String, Attached>> backwards = new ArrayList<>(sessions.entrySet());
        Collections.reverse(backwards);
        List<String> events = new ArrayList<>();
        Set<String> targets = new LinkedHashSet<>();
        for (Map.Entry<String, Attached> session : backwards) {
            Attached attached = session.getValue();
            JsonObject event = event(
                    "Target.detachedFromTarget",
                    new JsonObject().put("sessionId", session.getKey()).put("targetId", attached.targetId));
            events.add((attached.parent.isEmpty() ? event : event.put("sessionId", attached.parent)).encode());
            targets.add(attached.targetId);
        }
        if (discovering) {
            targets.forEach(target ->
                    events.add(event("Target.targetDestroyed", new JsonObject().put("targetId", target))
                            .encode()));
        }
        sessions.clear();
        return events;
    }

    /** Of a target that is the client's own connection. */
    static String created(String targetId) {
        JsonObject info = new JsonObject()
                .put("targetId", targetId)
                .put("type", "browser")
                .put("title", "")
                .put("url", "")
                .put("attached", true)
                .put("canAccessOpener", false);
        return event("Target.targetCreated", new JsonObject().put("targetInfo", info))
                .encode();
    }

    private static JsonObject event(String method, JsonObject params) {
        return new JsonObject().put("method", method).put("params", params);
    }
}
