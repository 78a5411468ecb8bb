package dev.berth.session.keep;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is still being brought to safety. On the session's context. */
public final class PendingWork {
    private final Set<Future<?>> pending = new HashSet<>();

    public void add(Future<?> work) {
        pending.add(work);
        work.onComplete(done -> pending.remove(work));
    }

    /** Completes when all that was pending is over, whatever came of it. */
    public Future<Void> settled() {
        return Future.join(List.copyOf(pending)).<Void>mapEmpty().otherwiseEmpty();
    }
}
