package dev.berth.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel treat an event loop as a batch job: when something comes for it, it does not take the processor from a Chrome
 * that is at work, but waits until one is free, and then finds more. Where processors are idle nothing changes. Relayed round
 * trips, 32 in flight on two processors: 0.95 of the direct rate instead of 0.75 (Linux 6.18). Threads and processes inherit
 * it: nothing that must not have it may be started on that event loop.
 */
final class BatchScheduling {
    private static final Logger log = LoggerFactory.getLogger(BatchScheduling.class);

    private BatchScheduling() {}

    /** Completes when this thread is one; where it can't be, that is logged. */
    static Future<Void> begin(Vertx vertx) {
        // They start when they get their first task, by whoever gives it to them.
        ((VertxInternal) vertx).eventLoopGroup().forEach(loop -> loop.execute(() -> {}));
        return change(vertx, "-b");
    }

    /** The thread may be another's, who has another mind. */
    static Future<Void> end(Vertx vertx) {
        return change(vertx, "-o");
    }

    private static Future<Void> change(Vertx vertx, String policy) {
        Path thread;
        try {
            thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
        } catch (IOException e) {
            return tell(e);
        }
        return vertx.<Void>executeBlocking(
                        () -> {
                            chrt(policy, thread.toString());
                            return null;
                        },
                        false)
                .recover(BatchScheduling::tell);
    }

    private static void chrt(String policy, String thread) throws IOException, InterruptedException {
        Process chrt = new ProcessBuilder("chrt", policy, "-p", "0", thread)
                .redirectErrorStream(true)
                .start();
        String said = new String(chrt.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (chrt.waitFor() != 0) {
            throw new IOException(said);
        }
    }

    private static Future<Void> tell(Throwable e) {
        log.info("CDP clients with many commands in flight will be slower: chrt can't be used: {}", e.getMessage());
        return Future.succeededFuture();
    }
}
