package dev.berth.loop;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Work that is not finished yet. Runs on the session's context. */
public final class PendingWork {
    private final Set<Future<?>> pending = new HashSet<>();

    public void add(Future<?> work) {
        pending.add(work);
        work.onComplete(done -> pending.remove(work));
    }

    /** Completes when all of it is finished, with success or failure. */
    public Future<Void> settled() {
        return Future.join(List.copyOf(pending)).<Void>mapEmpty().otherwiseEmpty();
    }
}
