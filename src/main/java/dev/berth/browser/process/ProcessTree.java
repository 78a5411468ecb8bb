package dev.berth.browser.process;

import dev.berth.loop.Polling;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Kills a Chrome's processes, and polls until they are gone: {@code ProcessHandle.onExit} would take a thread for each. */
public final class ProcessTree {
    private static final long LOOK_MILLIS = 5;
    private static final long DEATH_TIMEOUT_MILLIS = 10_000;

    private ProcessTree() {}

    /** Completes when the process and all its descendants are gone; it may have ended before. Fails if one is alive after 10 s. */
    public static Future<Void> kill(Vertx vertx, ProcessHandle root) {
        AtomicLong looksLeft = new AtomicLong(DEATH_TIMEOUT_MILLIS / LOOK_MILLIS);
        // The next poll kills processes that were started during this one.
        return Polling.until(
                        vertx,
                        LOOK_MILLIS,
                        () -> vertx.executeBlocking(() -> killNow(root), false)
                                .compose(living -> gone(living, looksLeft)))
                .mapEmpty();
    }

    private static Future<Optional<Boolean>> gone(Set<Long> living, AtomicLong looksLeft) {
        if (living.isEmpty()) {
            return Future.succeededFuture(Optional.of(true));
        }
        return looksLeft.getAndDecrement() == 0
                ? Future.failedFuture("processes survive SIGKILL: " + living)
                : Future.succeededFuture(Optional.empty());
    }

    private static Set<Long> killNow(ProcessHandle root) throws IOException {
        Set<Long> family = ProcessTable.look().family(root);
        family.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        return family;
    }
}
