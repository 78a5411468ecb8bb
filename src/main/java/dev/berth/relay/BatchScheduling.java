package dev.berth.relay;

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
 * Has the kernel treat an event loop as a batch job while it relays: when something comes for it, it does not take the processor
 * from a Chrome that is at work, but waits until one is free, and then finds more. Where processors are idle nothing changes.
 * Relayed round trips, 32 in flight on two processors: 0.95 of the direct rate instead of 0.75 (Linux 6.18). Threads and
 * processes inherit it: what must not have it may not be started on that event loop.
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

    /** For this thread, on which all its methods are to be called. */
    static BatchScheduling ofThisThread(Vertx vertx) {
        // Event loops start with their first task, by whoever gives it to them.
        ((VertxInternal) vertx).eventLoopGroup().forEach(loop -> loop.execute(() -> {}));
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return new BatchScheduling(vertx, thread.getFileName().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Linux has it
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

    /** Completes when the kernel knows the latest. */
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
                            "CDP clients with many commands in flight are slower, for chrt can't be used: {}",
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
