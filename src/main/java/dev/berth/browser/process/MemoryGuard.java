package dev.berth.browser.process;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the memory of all Chromes together, every 2 s at most, and reports those over the limit; and what they use of the processor, as
 * it looks at their processes anyway. Any thread may call.
 */
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
    private final Map<ProcessHandle, Watcher> watched = new HashMap<>();
    /** The measurement before. */
    private Map<ProcessHandle, Use> before = Map.of();

    private boolean looking;
    private boolean blind;
    private long restUntilNanos = System.nanoTime();
    private final long timer;

    /** Of all Chromes together, as last measured. */
    private volatile long bytes;

    public MemoryGuard(Vertx vertx, long maxBytes) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.maxBytes = maxBytes;
        this.timer = vertx.setPeriodic(LOOK_MILLIS, tick -> context.runOnContext(ignored -> look()));
    }

    /** Hears of one Chrome, on the guard's context. */
    public interface Watcher {
        /**
         * The Chrome was measured, and not for the first time.
         *
         * @param cores what it used of the processor since the time before
         */
        void measured(long bytes, double cores);

        /** The Chrome exceeds the limit. Called at most once, and the last call. */
        void outgrown(long bytes);
    }

    /** What a Chrome takes, and has used. */
    private record Use(long bytes, double cpuSeconds, long atNanos) {
        /** Time of a process that ended unseen may be missing. */
        double coresSince(Use earlier) {
            double seconds = (atNanos - earlier.atNanos) / (double) TimeUnit.SECONDS.toNanos(1);
            return Math.max(0, (cpuSeconds - earlier.cpuSeconds) / seconds);
        }
    }

    public void watch(ProcessHandle chrome, Watcher watcher) {
        context.runOnContext(ignored -> watched.put(chrome, watcher));
    }

    /** The memory of all Chromes together, as last measured. */
    public long bytes() {
        return bytes;
    }

    public void forget(ProcessHandle chrome) {
        context.runOnContext(ignored -> {
            watched.remove(chrome);
            if (watched.isEmpty()) {
                bytes = 0;
            }
        });
    }

    private void look() {
        long begunNanos = System.nanoTime();
        if (looking || watched.isEmpty() || begunNanos - restUntilNanos < 0) {
            return;
        }
        looking = true;
        Set<ProcessHandle> chromes = Set.copyOf(watched.keySet());
        vertx.executeBlocking(() -> measure(chromes), false)
                .onSuccess(now -> {
                    blind = false;
                    bytes = now.values().stream().mapToLong(Use::bytes).sum();
                    now.forEach(this::judge);
                    before = now;
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

    private static Map<ProcessHandle, Use> measure(Set<ProcessHandle> chromes) throws java.io.IOException {
        ProcessTable table = ProcessTable.look();
        long nanos = System.nanoTime();
        Map<ProcessHandle, Use> uses = new HashMap<>();
        for (ProcessHandle chrome : chromes) {
            Set<Long> family = table.family(chrome);
            uses.put(chrome, new Use(ProcessTable.bytes(family), table.cpuSeconds(family), nanos));
        }
        return uses;
    }

    private void judge(ProcessHandle chrome, Use use) {
        Watcher watcher = watched.get(chrome);
        if (watcher == null) {
            return;
        }
        Use earlier = before.get(chrome);
        if (earlier != null) {
            watcher.measured(use.bytes(), use.coresSince(earlier));
        }
        if (use.bytes() > maxBytes) {
            watched.remove(chrome);
            watcher.outgrown(use.bytes());
        }
    }

    public void close() {
        vertx.cancelTimer(timer);
    }
}
