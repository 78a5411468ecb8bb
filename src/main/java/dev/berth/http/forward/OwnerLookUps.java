package dev.berth.http.forward;

import dev.berth.history.Owners;
import dev.berth.http.request.Coalesced;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjLongConsumer;

/**
 * Finds the nodes of sessions, tasks and artifacts. Requests for the same one share look-ups, and what no node holds is remembered
 * for a second: nobody knows an id before it exists. On one event loop.
 */
final class OwnerLookUps {
    static final long UNKNOWN_MILLIS = 1_000;
    private static final int MAX_UNKNOWN = 10_000;

    private final Coalesced<Subject, Optional<String>> lookUps;
    private final ObjLongConsumer<Runnable> timers;
    private final Set<Subject> unknown = new HashSet<>();

    /** @param timers runs a task after milliseconds */
    OwnerLookUps(Owners owners, ObjLongConsumer<Runnable> timers) {
        this.lookUps = new Coalesced<>(about -> ask(owners, about));
        this.timers = timers;
    }

    private static Future<Optional<String>> ask(Owners owners, Subject about) {
        if (about instanceof Subject.OfSession session) {
            return owners.ofSession(session.id());
        } else if (about instanceof Subject.OfTask task) {
            return owners.ofTask(task.id());
        }
        return owners.ofPending(((Subject.OfArtifact) about).objectId());
    }

    /** The {@code machineId} of the node that holds it; empty where none does. */
    Future<Optional<String>> of(Subject about) {
        return unknown.contains(about)
                ? Future.succeededFuture(Optional.empty())
                : lookUps.ask(about).onSuccess(owner -> remember(about, owner));
    }

    private void remember(Subject about, Optional<String> owner) {
        if (owner.isEmpty() && unknown.size() < MAX_UNKNOWN && unknown.add(about)) {
            timers.accept(() -> unknown.remove(about), UNKNOWN_MILLIS);
        }
    }
}
