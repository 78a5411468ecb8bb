package dev.berth.browser.watch.target;

import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The new targets that CDP clients are still preparing. A waiting page runs as soon as one of the sessions attached to it sends
 * {@code Runtime.runIfWaitingForDebugger}; so the eyes, which are attached too, send it last. Lives on the browser's context.
 */
public final class TargetHolds {
    /** The patience with a client: after it, a target runs although the client has not let it. */
    private static final long PATIENCE_MILLIS = 3_000;

    private final Vertx vertx;
    private final Map<String, Set<String>> types = new HashMap<>();

    private final Map<String, Hold> holds = new HashMap<>();

    public TargetHolds(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The party that lets a target run. */
    public enum Starter {
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

    /** @param targetTypes the target types that this client holds; empty for none */
    public void waitFor(String clientId, Set<String> targetTypes) {
        if (targetTypes.isEmpty()) {
            left(clientId);
        } else {
            types.put(clientId, targetTypes);
        }
    }

    /** Holds a new target: completes when no client is preparing the target, at once if none holds its type. */
    public Future<Starter> over(String targetId, String type) {
        Set<String> clients = new HashSet<>(types.keySet());
        clients.removeIf(client -> !types.get(client).contains(type));
        if (clients.isEmpty()) {
            return Future.succeededFuture(Starter.EYES);
        }
        Hold hold = new Hold(clients, LoopPromise.here(vertx));
        holds.put(targetId, hold);
        long timer = vertx.setTimer(PATIENCE_MILLIS, ignored -> hold.end());
        return hold.over.future().onComplete(ignored -> {
            vertx.cancelTimer(timer);
            holds.remove(targetId, hold);
        });
    }

    public void released(String clientId, String targetId, Starter starter) {
        Hold hold = holds.get(targetId);
        if (hold != null) {
            release(hold, clientId, starter);
        }
    }

    public void left(String clientId) {
        types.remove(clientId);
        List.copyOf(holds.values()).forEach(hold -> release(hold, clientId, Starter.EYES));
    }

    public void gone(String targetId) {
        Hold hold = holds.get(targetId);
        if (hold != null) {
            hold.end();
        }
    }

    public void stop() {
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
