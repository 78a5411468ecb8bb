package dev.berth.browser.watch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which new targets CDP clients still prepare. Chrome lets a page that waits run as soon as one of those attached to it says so, and
 * the eyes are one of these: they say so last. Lives on the browser's context.
 */
final class TargetHolds {
    /** A target of a client that forgets it runs all the same. */
    private static final long PATIENCE_MILLIS = 3_000;

    private final Vertx vertx;
    /** By client, the types of those targets that are to wait for it. */
    private final Map<String, Set<String>> types = new HashMap<>();
    /** Who let a target wait in vain: others do not, until it says of one that it may run. */
    private final Set<String> forgetful = new HashSet<>();

    private final Map<String, Hold> holds = new HashMap<>();

    TargetHolds(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Who lets a target run. */
    enum Starter {
        EYES,
        CLIENT
    }

    private static final class Hold {
        final Set<String> clients;
        final Promise<Starter> over;
        boolean started;

        Hold(Set<String> clients, Promise<Starter> over) {
            this.clients = clients;
            this.over = over;
        }

        void end() {
            over.tryComplete(started ? Starter.CLIENT : Starter.EYES);
        }
    }

    /** @param targetTypes of the targets that Chrome attaches to this client, and that wait for it; may be empty */
    void waitFor(String clientId, Set<String> targetTypes) {
        if (targetTypes.isEmpty()) {
            left(clientId);
        } else {
            types.put(clientId, targetTypes);
        }
    }

    /** Completes when no client prepares this new target any more: at once where none does. Ends an earlier hold of the same target. */
    Future<Starter> over(String targetId, String type) {
        gone(targetId);
        Set<String> clients = new HashSet<>(types.keySet());
        clients.removeIf(client -> !types.get(client).contains(type) || forgetful.contains(client));
        if (clients.isEmpty()) {
            return Future.succeededFuture(Starter.EYES);
        }
        Hold hold = new Hold(clients, ((ContextInternal) vertx.getOrCreateContext()).promise());
        holds.put(targetId, hold);
        long timer = vertx.setTimer(PATIENCE_MILLIS, ignored -> {
            forgetful.addAll(hold.clients);
            hold.end();
        });
        return hold.over.future().onComplete(ignored -> {
            vertx.cancelTimer(timer);
            holds.remove(targetId, hold);
        });
    }

    /** A target waits no longer for a client. */
    void released(String clientId, String targetId, Starter starter) {
        forgetful.remove(clientId);
        Hold hold = holds.get(targetId);
        if (hold != null) {
            release(hold, clientId, starter);
        }
    }

    void left(String clientId) {
        types.remove(clientId);
        forgetful.remove(clientId);
        List.copyOf(holds.values()).forEach(hold -> release(hold, clientId, Starter.EYES));
    }

    /** The target is gone, or is another one by now. */
    void gone(String targetId) {
        Hold hold = holds.get(targetId);
        if (hold != null) {
            hold.end();
        }
    }

    void stop() {
        types.clear();
        List.copyOf(holds.values()).forEach(hold -> hold.end());
    }

    private static void release(Hold hold, String clientId, Starter starter) {
        hold.started |= starter == Starter.CLIENT;
        hold.clients.remove(clientId);
        if (hold.clients.isEmpty()) {
            hold.end();
        }
    }
}
