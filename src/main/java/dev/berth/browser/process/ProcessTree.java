package dev.berth.browser.process;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;

/** Kills a Chrome's processes, and polls until they are gone: {@code ProcessHandle.onExit} would take a thread for each. */
public final class ProcessTree {
    private static final long LOOK_MILLIS = 5;
    private static final long DEATH_TIMEOUT_MILLIS = 10_000;

    private ProcessTree() {}

    /** Completes when the process and all its descendants are gone; it may have ended before. Fails if one is alive after 10 s. */
    public static Future<Void> kill(Vertx vertx, ProcessHandle root) {
        return kill(vertx, root, OptionalInt.empty());
    }

    /**
     * Likewise.
     *
     * @param userId that no other Chrome has: a process that left the tree is found by it
     */
    static Future<Void> kill(Vertx vertx, ProcessHandle root, OptionalInt userId) {
        Promise<Void> gone = Promise.promise();
        kill(vertx, () -> killNow(root, userId), DEATH_TIMEOUT_MILLIS / LOOK_MILLIS, gone);
        return gone.future();
    }

    /**
     * Kills processes until none is left, by timer: a chain of futures would grow with each look. The next look kills processes that were
     * started during this one.
     */
    private static void kill(Vertx vertx, Callable<Set<Long>> look, long looksLeft, Promise<Void> gone) {
        vertx.executeBlocking(look, false).onFailure(gone::fail).onSuccess(living -> {
            if (living.isEmpty()) {
                gone.complete();
            } else if (looksLeft == 0) {
                gone.fail("processes survive SIGKILL: " + living);
            } else {
                vertx.setTimer(LOOK_MILLIS, next -> kill(vertx, look, looksLeft - 1, gone));
            }
        });
    }

    private static Set<Long> killNow(ProcessHandle root, OptionalInt userId) throws IOException, InterruptedException {
        Set<Long> family = ProcessTable.look().family(root);
        family.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        return family.isEmpty() && userId.isPresent() ? killAll(userId.getAsInt()) : family;
    }

    /** Kills the processes of a user, and gives those that were there. Blocks. */
    static Set<Long> killAll(int userId) throws IOException, InterruptedException {
        Set<Long> living = ProcessTable.ofUser(userId);
        if (!living.isEmpty()) {
            // The system kills all that this user may kill in one step: of processes that fork, one would escape a list
            // of them.
            List<String> command = new ArrayList<>(Confinement.asUser(userId));
            command.addAll(List.of("/bin/sh", "-c", "kill -s KILL -- -1"));
            Trial.of(command, "");
        }
        return living;
    }
}
