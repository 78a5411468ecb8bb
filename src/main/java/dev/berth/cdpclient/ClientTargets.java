package dev.berth.cdpclient;

import dev.berth.browser.cdp.Attachment;
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

/** The targets to which Chrome has attached a client, from the events that the client gets. Pure; for one thread. */
final class ClientTargets {
    /** Pages can create any number of workers and frames. Further ones are ignored. */
    private static final int MAX_SESSIONS = 2_000;

    /** The client's CDP sessions, in the order of attachment. */
    private final Map<String, Attached> sessions = new LinkedHashMap<>();

    private final Optional<String> ownPage;
    private boolean discovering;

    /** @param ownPage where the client's own session is that of a page, instead of the browser's */
    ClientTargets(Optional<String> ownPage) {
        this.ownPage = ownPage;
    }

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
     * Reads an event. Gives whether a CDP session has ended.
     *
     * @param head the first bytes of a message from Chrome
     */
    boolean read(byte[] head, int length) {
        Optional<Attachment> read = Attachment.parse(head, 0, length);
        read.ifPresent(event -> {
            if (!event.attached()) {
                remove(event.sessionId());
            } else if (sessions.size() < MAX_SESSIONS) {
                sessions.put(event.sessionId(), new Attached(event.targetId(), event.type(), event.parent()));
            }
        });
        return read.filter(event -> !event.attached()).isPresent();
    }

    /** Removes the CDP session and those below it, which end with it: Chrome does not report each. Gives them. */
    private List<Attached> remove(String session) {
        List<Attached> removed = new ArrayList<>();
        Optional.ofNullable(sessions.remove(session)).ifPresent(removed::add);
        // A target that was attached without a parent has an empty one, which is no session's id.
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

    /** Whether the client's own session is the browser's, which knows of all targets. */
    boolean ofBrowser() {
        return ownPage.isEmpty();
    }

    /** Whether a CDP session is one of the browser that the client has attached beside its own. */
    boolean isBrowser(String session) {
        Attached attached = sessions.get(session);
        return attached != null && attached.type.equals("browser");
    }

    /** The page to which a CDP session belongs, directly or as its frame or worker; empty where it is not known. */
    Optional<String> pageOf(String session) {
        Attached attached = sessions.get(session);
        // A page has a parent if its client asked for tabs.
        while (attached != null && !attached.type.equals("page")) {
            attached = sessions.get(attached.parent);
        }
        return Optional.ofNullable(attached).map(page -> page.targetId).or(() -> ownPage);
    }

    /** Sets whether Chrome reports targets that come and go to the client. */
    void discovers(boolean now) {
        discovering = now;
    }

    /** Whether the client has let this CDP session's target run before. */
    boolean isRunning(String session) {
        Attached attached = sessions.get(session);
        return attached != null && attached.running;
    }

    /** The client lets this CDP session's target run. Gives the target, if it is known. */
    Optional<String> run(String session) {
        return Optional.ofNullable(sessions.get(session)).map(attached -> {
            attached.running = true;
            return attached.targetId;
        });
    }

    /**
     * The client detaches from a CDP session. Gives the targets of it and of those below that did not run yet, and which no
     * other CDP session of the client can let run.
     */
    Set<String> leave(String session) {
        Set<String> held = new LinkedHashSet<>();
        Set<String> settled = new HashSet<>();
        remove(session).forEach(left -> (left.running ? settled : held).add(left.targetId));
        sessions.values().forEach(other -> settled.add(other.targetId));
        held.removeAll(settled);
        return held;
    }

    /** Chrome is gone: gives the events that would have reported the end of all targets, the last attached first. */
    List<String> endEvents() {
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

    /** The event for a target that is the client's own connection. */
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
