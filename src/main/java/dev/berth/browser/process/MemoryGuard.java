package dev.berth.browser.process;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures the memory of all Chromes together, every 2 s at most, and reports those over the limit. Any thread may call. */
public final class MemoryGuard {
    private static final Logger log = LoggerFactory.getLogger(MemoryGuard.class);
    private static final long LOOK_MILLIS = 2_000;
    /**
     * The pause after a measurement, in multiples of its duration (50 ms for a hundred Chromes): this bounds the share of a
     * core that it takes.
     */
    private static final int REST = 200;

    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Vertx vertx;
    private final Context context;
    private final long maxBytes;

    // On the context only.
    private final Map<ProcessHandle, Consumer<Long>> watched = new HashMap<>();
    private boolean looking;
    private boolean blind;
    private long restUntilNanos = System.nanoTime();
    private long timer = -1;

    public MemoryGuard(Vertx vertx, long maxBytes) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.maxBytes = maxBytes;
    }

    /** @param onOutgrown is called at most once, on the guard's context, with the bytes of a Chrome that exceeds the limit */
    public void watch(ProcessHandle chrome, Consumer<Long> onOutgrown) {
        context.runOnContext(ignored -> {
            watched.put(chrome, onOutgrown);
            if (timer < 0) {
                timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look());
            }
        });
    }

    public void forget(ProcessHandle chrome) {
        context.runOnContext(ignored -> {
            watched.remove(chrome);
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
        long begunNanos = System.nanoTime();
        if (looking || begunNanos - restUntilNanos < 0) {
            return;
        }
        looking = true;
        Set<ProcessHandle> chromes = Set.copyOf(watched.keySet());
        vertx.executeBlocking(() -> measure(chromes), false)
                .onSuccess(bytes -> {
                    blind = false;
                    bytes.forEach(this::judge);
                })
                .onFailure(this::unseen)
                .onComplete(done -> {
                    looking = false;
                    long now = System.nanoTime();
                    restUntilNanos = now + Math.min(LONGEST_REST_NANOS, REST * (now - begunNanos));
                });
    }

    /** Logs once, until a measurement succeeds again. */
    private void unseen(Throwable e) {
        if (!blind) {
            log.warn("the memory of Chromes can't be measured for now: {}", e.toString());
        }
        blind = true;
    }

    private static Map<ProcessHandle, Long> measure(Set<ProcessHandle> chromes) throws java.io.IOException {
        ProcessTable table = ProcessTable.look();
        Map<ProcessHandle, Long> bytes = new HashMap<>();
        for (ProcessHandle chrome : chromes) {
            bytes.put(chrome, ProcessTable.bytes(table.family(chrome)));
        }
        return bytes;
    }

    private void judge(ProcessHandle chrome, long bytes) {
        if (bytes > maxBytes) {
            Consumer<Long> onOutgrown = watched.remove(chrome);
            if (onOutgrown != null) {
                onOutgrown.accept(bytes);
            }
        }
    }

    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(ignored -> {
            stop();
            done.complete();
        });
        return done.future();
    }
}
