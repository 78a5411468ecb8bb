package dev.berth.cdpclient;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the thread of an event loop under the kernel's batch policy (SCHED_BATCH) while it relays. It then does not preempt a
 * busy Chrome when data arrives, but waits for a free processor, and finds more data at once. On idle processors nothing
 * changes. Relayed round trips with 32 in flight on two processors: 0.95 of the direct rate instead of 0.75 (Linux 6.18).
 * Threads and processes inherit the policy, so none that must not have it may be started on that event loop.
 */
final class BatchScheduling {
    private static final Logger log = LoggerFactory.getLogger(BatchScheduling.class);
    private static final String BATCH = "-b";
    private static final String USUAL = "-o";

    private final Vertx vertx;
    private final String thread;
    private int relays;
    private volatile boolean failed;
    private Future<Void> done = Future.succeededFuture();

    private BatchScheduling(Vertx vertx, String thread) {
        this.vertx = vertx;
        this.thread = thread;
    }

    /** For the current thread. All methods are to be called on it. */
    static BatchScheduling ofThisThread(Vertx vertx) {
        // Starts all event loops now: each starts with its first task, and would inherit the policy from the thread
        // that gives
        // it one.
        ((VertxInternal) vertx).eventLoopGroup().forEach(loop -> loop.execute(() -> {}));
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return new BatchScheduling(vertx, thread.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Linux always has it
        }
    }

    void relayBegins() {
        if (relays++ == 0) {
            change(BATCH);
        }
    }

    void relayEnds() {
        if (--relays == 0) {
            change(USUAL);
        }
    }

    /** Completes when the kernel has the latest policy. */
    Future<Void> settled() {
        return done;
    }

    private void change(String policy) {
        done = done.transform(before -> vertx.<Void>executeBlocking(
                        () -> {
                            if (!failed) {
                                chrt(policy);
                            }
                            return null;
                        },
                        false))
                .onFailure(e -> {
                    failed = true;
                    log.info(
                            "CDP clients with many commands in flight are slower, because chrt does not work: {}",
                            e.getMessage());
                })
                .otherwiseEmpty();
    }

    private void chrt(String policy) throws IOException, InterruptedException {
        Process chrt = new ProcessBuilder("chrt", policy, "-p", "0", thread)
                .redirectErrorStream(true)
                .start();
        String said = new String(chrt.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (chrt.waitFor() != 0) {
            throw new IOException(said);
        }
    }
}
