package dev.berth.browser;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks from time to time at what each Chrome takes of the machine's memory, all of them in one look. Any thread may call. */
final class MemoryGuard {
    private static final Logger log = LoggerFactory.getLogger(MemoryGuard.class);
    private static final long LOOK_MILLIS = 2_000;

    private final Vertx vertx;
    private final Context context;
    private final long maxBytes;

    // On the context only.
    private final Map<Long, Consumer<Long>> watched = new HashMap<>();
    private boolean looking;
    private long timer = -1;

    MemoryGuard(Vertx vertx, long maxBytes) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.maxBytes = maxBytes;
    }

    /** @param onOutgrown is told once, on any context, how many bytes there are when there are too many */
    void watch(long pid, Consumer<Long> onOutgrown) {
        context.runOnContext(ignored -> {
            watched.put(pid, onOutgrown);
            if (timer < 0) {
                timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
            }
        });
    }

    void forget(long pid) {
        context.runOnContext(ignored -> {
            watched.remove(pid);
            if (watched.isEmpty()) {
                stop();
            }
        });
    }

    private void stop() {
        vertx.cancelTimer(timer);
        timer = -1;
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        Set<Long> pids = Set.copyOf(watched.keySet());
        vertx.executeBlocking(() -> measure(pids), false)
                .onSuccess(bytes -> bytes.forEach(this::judge))
                .onFailure(e -> log.warn("memory could not be looked at: {}", e.toString()))
                .onComplete(done -> looking = false);
    }

    private static Map<Long, Long> measure(Set<Long> pids) throws java.io.IOException {
        ProcessMemory memory = ProcessMemory.look();
        Map<Long, Long> bytes = new HashMap<>();
        pids.forEach(pid -> bytes.put(pid, memory.bytes(pid)));
        return bytes;
    }

    private void judge(long pid, long bytes) {
        if (bytes > maxBytes) {
            Consumer<Long> onOutgrown = watched.remove(pid);
            if (onOutgrown != null) {
                onOutgrown.accept(bytes);
            }
        }
    }

    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> {
            stop();
            done.complete();
        });
        return done.future();
    }
}
