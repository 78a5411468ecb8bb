package dev.berth.browser;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Kills process trees. {@code onExit} would take a thread for each process below; looking costs none. */
final class ProcessTree {
    private static final long LOOK_MILLIS = 5;
    private static final long DEATH_TIMEOUT_MILLIS = 10_000;

    private ProcessTree() {}

    /** Completes when the process and all that were below it are gone. */
    static Future<Void> kill(Vertx vertx, ProcessHandle root) {
        return vertx.executeBlocking(() -> killNow(root), false)
                .compose(tree -> awaitDeath(vertx, tree, DEATH_TIMEOUT_MILLIS / LOOK_MILLIS));
    }

    private static List<ProcessHandle> killNow(ProcessHandle root) {
        List<ProcessHandle> tree =
                Stream.concat(Stream.of(root), root.descendants()).toList();
        tree.forEach(ProcessHandle::destroyForcibly);
        return tree;
    }

    private static Future<Void> awaitDeath(Vertx vertx, List<ProcessHandle> tree, long looksLeft) {
        return vertx.executeBlocking(
                        () -> tree.stream().filter(ProcessTree::lives).toList(), false)
                .compose(living -> {
                    if (living.isEmpty()) {
                        return Future.succeededFuture();
                    }
                    if (looksLeft == 0) {
                        return Future.failedFuture("processes survive SIGKILL: " + living);
                    }
                    return vertx.timer(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                            .compose(tick -> awaitDeath(vertx, living, looksLeft - 1));
                });
    }

    /** A zombie is dead: only its parent, which need not be this server, has not looked yet. */
    private static boolean lives(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return process.isAlive();
        }
    }
}
