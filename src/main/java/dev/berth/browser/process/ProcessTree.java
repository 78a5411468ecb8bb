package dev.berth.browser.process;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Set;

/** Kills a Chrome's processes, and polls until they are gone: {@code ProcessHandle.onExit} would take a thread for each. */
public final class ProcessTree {
    private static final long LOOK_MILLIS = 5;
    private static final long DEATH_TIMEOUT_MILLIS = 10_000;

    private ProcessTree() {}

    /** Completes when the process and all its descendants are gone; it may have ended before. Fails if one is alive after 10 s. */
    public static Future<Void> kill(Vertx vertx, ProcessHandle root) {
        Promise<Void> gone = Promise.promise();
        kill(vertx, root, DEATH_TIMEOUT_MILLIS / LOOK_MILLIS, gone);
        return gone.future();
    }

    /** By timer: a chain of futures would grow with each look. The next look kills processes that were started during this one. */
    private static void kill(Vertx vertx, ProcessHandle root, long looksLeft, Promise<Void> gone) {
        vertx.executeBlocking(() -> killNow(root), false).onFailure(gone::fail).onSuccess(living -> {
            if (living.isEmpty()) {
                gone.complete();
            } else if (looksLeft == 0) {
                gone.fail("processes survive SIGKILL: " + living);
            } else {
                vertx.setTimer(LOOK_MILLIS, next -> kill(vertx, root, looksLeft - 1, gone));
            }
        });
    }

    private static Set<Long> killNow(ProcessHandle root) throws IOException {
        Set<Long> family = ProcessTable.look().family(root);
        family.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        return family;
    }
}
