package dev.berth.cluster;

import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Announces changes to the other nodes, one announcement after the other; changes during one are announced together by the next. Thread-safe. */
final class Announcer {
    private final Runnable tellAll;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "berth-group"));
    /** Registrations whose callers wait until all other nodes know of them. */
    private final List<Completable<Void>> untold = new ArrayList<>();

    /** @param tellAll tells all other nodes all, and returns once they have heard it, or 2 s after */
    Announcer(Runnable tellAll) {
        this.tellAll = tellAll;
    }

    void repeat(Runnable work, long millis) {
        thread.scheduleWithFixedDelay(work, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Completes once every other node has heard, or 2 s after. */
    Future<Void> announce() {
        Promise<Void> heard = Promise.promise();
        synchronized (untold) {
            untold.add(heard);
        }
        try {
            thread.execute(this::announceNews);
        } catch (RejectedExecutionException e) {
            // This node leaves.
            waiting().forEach(Completable::succeed);
        }
        return heard.future();
    }

    /** While the announcer waited for answers to the last announcement, more changes may have gathered. */
    private void announceNews() {
        List<Completable<Void>> waiting = waiting();
        if (!waiting.isEmpty()) {
            tellAll.run();
            waiting.forEach(Completable::succeed);
        }
    }

    private List<Completable<Void>> waiting() {
        synchronized (untold) {
            List<Completable<Void>> all = List.copyOf(untold);
            untold.clear();
            return all;
        }
    }

    /** The node leaves: nobody waits any more. */
    void stop() {
        thread.shutdownNow();
        waiting().forEach(Completable::succeed);
    }
}
