package dev.berth.browser.process;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the memory of each Chrome and reports a Chrome over the limit; measures their use of the processor as well. Two rhythms,
 * since a page can take a gibibyte in a second: a <em>look</em> at all processes of the machine every 2 to 5 s, and 10 times a second a
 * <em>glance</em> at the machine's free memory and at the known processes of Chromes over half of the limit. Where free memory has fallen
 * by an eighth of the limit, the glance is at all Chromes, and a look follows at once. Any thread may call.
 */
public final class MemoryGuard {
    private static final Logger log = LoggerFactory.getLogger(MemoryGuard.class);
    private static final long GLANCE_MILLIS = 100;
    private static final long SHORTEST_REST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Path FREE = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";
    /** {@code MemAvailable} is in the third line of the file. */
    private static final int HEAD_BYTES = 120;

    private static final int KIB = 1_024;
    /** A Chrome may grow by this part of the limit between two looks. */
    private static final int PART = 8;

    /**
     * The pause after a look, in multiples of its duration (50 ms for a hundred Chromes): bounds the share of a core that looks
     * take.
     */
    private static final int REST = 200;

    /** The pause before a look because free memory fell, in the same multiples: other programs take memory, too. */
    private static final int SHORT_REST = 5;

    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Vertx vertx;
    private final ContextInternal context;
    private final long maxBytes;

    // On the context only.
    private final Map<ProcessHandle, Watcher> watched = new HashMap<>();
    /** What the last look found. */
    private Map<ProcessHandle, Use> before = Map.of();

    /** The Chromes that took more than half of the limit. */
    private final Set<ProcessHandle> large = new HashSet<>();

    private boolean glancing;
    private boolean looking;
    private boolean blind;
    private long restUntilNanos = System.nanoTime();
    private long soonNanos = restUntilNanos;
    /** The machine's free memory at the last look, or when it last fell. */
    private long freeBytes;

    private final long timer;

    /** Of all Chromes together, as last measured. */
    private volatile long bytes;

    public MemoryGuard(Vertx vertx, long maxBytes) {
        this.vertx = vertx;
        this.context = (ContextInternal) vertx.getOrCreateContext();
        this.maxBytes = maxBytes;
        this.timer = context.setPeriodic(GLANCE_MILLIS, tick -> glance());
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
    private record Use(Set<Long> processes, long bytes, double cpuSeconds, long atNanos) {
        /** Time of a process that ended unseen may be missing. */
        double coresSince(Use earlier) {
            double seconds = (atNanos - earlier.atNanos) / (double) TimeUnit.SECONDS.toNanos(1);
            return Math.max(0, (cpuSeconds - earlier.cpuSeconds) / seconds);
        }
    }

    private record Glance(long freeBytes, boolean fell, Map<ProcessHandle, Long> bytes) {}

    /** @param nanos how long it took */
    private record Look(long freeBytes, Map<ProcessHandle, Use> uses, long nanos) {}

    public void watch(ProcessHandle chrome, Watcher watcher) {
        context.runOnContext(ignored -> {
            watched.put(chrome, watcher);
            // A glance sees only processes that a look has found.
            restUntilNanos = System.nanoTime();
        });
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

    private void glance() {
        if (glancing || watched.isEmpty()) {
            return;
        }
        glancing = true;
        Map<ProcessHandle, Use> known = before;
        Set<ProcessHandle> closely = Set.copyOf(large);
        long least = freeBytes - maxBytes / PART;
        long now = System.nanoTime();
        boolean rested = now - restUntilNanos >= 0;
        boolean soon = now - soonNanos >= 0;
        vertx.executeBlocking(() -> glance(known, closely, least), false)
                .onSuccess(seen -> {
                    seen.bytes().forEach(this::limit);
                    if (seen.fell()) {
                        freeBytes = seen.freeBytes();
                    }
                    // A look also finds processes that are new.
                    if (rested || soon && seen.fell()) {
                        look();
                    }
                })
                .onFailure(this::unseen)
                .onComplete(done -> glancing = false);
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        Set<ProcessHandle> chromes = Set.copyOf(watched.keySet());
        vertx.executeBlocking(() -> measure(chromes), false)
                .onSuccess(this::judge)
                .onFailure(this::unseen)
                .onComplete(done -> looking = false);
    }

    /**
     * Measures known processes, whose numbers are not given to others within seconds: those of all Chromes where the machine's free memory
     * fell, else those of {@code closely}.
     */
    private static Glance glance(Map<ProcessHandle, Use> known, Set<ProcessHandle> closely, long least)
            throws IOException {
        long free = free();
        boolean fell = free < least;
        Map<ProcessHandle, Long> bytes = new HashMap<>();
        for (Map.Entry<ProcessHandle, Use> chrome : known.entrySet()) {
            if (fell || closely.contains(chrome.getKey())) {
                bytes.put(chrome.getKey(), ProcessTable.bytes(chrome.getValue().processes()));
            }
        }
        return new Glance(free, fell, bytes);
    }

    /** The free memory of the whole machine, in a container too. */
    private static long free() throws IOException {
        try (InputStream in = Files.newInputStream(FREE)) {
            String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.US_ASCII);
            int begin = head.indexOf(AVAILABLE) + AVAILABLE.length();
            return Long.parseLong(
                            head.substring(begin, head.indexOf("kB", begin)).strip())
                    * KIB;
        }
    }

    private void judge(Look look) {
        blind = false;
        freeBytes = look.freeBytes();
        bytes = look.uses().values().stream().mapToLong(Use::bytes).sum();
        large.clear();
        look.uses().forEach(this::judge);
        before = look.uses();
        long rest = Math.max(SHORTEST_REST_NANOS, Math.min(LONGEST_REST_NANOS, REST * look.nanos()));
        restUntilNanos = System.nanoTime() + rest;
        soonNanos = System.nanoTime() + SHORT_REST * look.nanos();
    }

    /** Logs once, until a measurement succeeds again. */
    private void unseen(Throwable e) {
        if (!blind) {
            log.warn("the memory of Chromes can't be measured for now: {}", e.toString());
        }
        blind = true;
    }

    private static Look measure(Set<ProcessHandle> chromes) throws IOException {
        long begunNanos = System.nanoTime();
        // Read first: what processes take during the look then counts for the next one.
        long free = free();
        ProcessTable table = ProcessTable.look();
        long nanos = System.nanoTime();
        Map<ProcessHandle, Use> uses = new HashMap<>();
        for (ProcessHandle chrome : chromes) {
            Set<Long> family = table.family(chrome);
            uses.put(chrome, new Use(family, ProcessTable.bytes(family), table.cpuSeconds(family), nanos));
        }
        return new Look(free, uses, System.nanoTime() - begunNanos);
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
        limit(chrome, use.bytes());
    }

    private void limit(ProcessHandle chrome, long now) {
        if (now > maxBytes && watched.containsKey(chrome)) {
            watched.remove(chrome).outgrown(now);
        } else if (now > maxBytes / 2) {
            large.add(chrome);
        }
    }

    public void close() {
        vertx.cancelTimer(timer);
    }
}
