package dev.berth.session;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is still being brought to safety. On the session's context. */
final class PendingWork {
    private final Set<Future<?>> pending = new HashSet<>();

    void add(Future<?> work) {
        pending.add(work);
        work.onComplete(done -> pending.remove(work));
    }

    /** Completes when all that was pending is over, whatever came of it. */
    Future<Void> settled() {
        return Future.join(List.copyOf(pending)).<Void>mapEmpty().otherwiseEmpty();
    }
}
