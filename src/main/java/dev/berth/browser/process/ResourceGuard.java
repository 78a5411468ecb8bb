package dev.berth.browser.process;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures, once a second, the free disk space and each Chrome's memory, use of the processor and folder: profile, downloads, uploads
 * and temporary files. Tells of a Chrome over a limit, and while the disk is full of the Chrome that takes the most. Any thread may call;
 * decisions are made on one context.
 */
public final class ResourceGuard {
    private static final Logger log = LoggerFactory.getLogger(ResourceGuard.class);
    private static final long POLL_MILLIS = 1_000;
    /** The pause after a poll, in multiples of its duration (50 ms for a hundred Chromes): bounds the share of a core that polls take. */
    private static final int REST = 100;
    /** The longest pause, in multiples of the shortest one: a session that makes polls slow must not escape them. */
    private static final int LONGEST_PAUSE = 5;
    /** Folders, which take far longer to measure than the free space, are measured again once that has fallen by so much. */
    private static final long GROWTH_BYTES = 32L << 20;
    /** Folders are measured again after this time, too: space that one session frees can hide the growth of another. */
    private static final long FOLDERS_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Share of its own limit from which a session is ended on a full disk: sessions below it go on, as something else fills the disk. */
    private static final int WORTH_ENDING_SHARE = 4;

    private final Vertx vertx;
    private final Context context;
    private final Callable<Long> space;
    private final long maxMemoryBytes;
    private final long maxDiskBytes;
    private final long pollMillis;
    private volatile long headroom;
    /** The memory of all Chromes together, as last measured. */
    private volatile long memoryBytes;

    private volatile boolean closed;

    // The watched Chromes, by folder; used on the context only.
    private final Map<Path, Watched> watched = new HashMap<>();
    private long foldersAtNanos = System.nanoTime();
    /** The most space that was free at once since folders were measured. */
    private long mostFree;
    /** Folders over the limit when last measured. A session ends at the second time: by then a download that is too large is cancelled. */
    private Set<Path> over = Set.of();
    /** The session that was ended to free space, until its folder is gone. */
    private Optional<Path> leaving = Optional.empty();

    private boolean blind;

    /** Hears of one Chrome, on the guard's context. */
    public interface Watcher {
        /** @param cores the Chrome's use of the processor since the measurement before: cores */
        void measured(long memoryBytes, double cores);

        /** The Chrome exceeds the limit of memory. Nothing follows this call. */
        void memoryOutgrown(long bytes);

        /** The Chrome's session must end, for the reason given. Nothing follows this call. */
        void diskOutgrown(String why);
    }

    /** A Chrome and what was found of it before. */
    private record Watched(ProcessHandle chrome, Watcher watcher, Optional<ResourcePoll.Use> before) {}

    /**
     * Blocks to read the free space.
     *
     * @param space returns the bytes that are free above the floor; blocks
     * @param maxMemoryBytes of one Chrome
     * @param maxDiskBytes of one Chrome
     */
    public ResourceGuard(Vertx vertx, Callable<Long> space, long maxMemoryBytes, long maxDiskBytes) throws IOException {
        this(vertx, space, maxMemoryBytes, maxDiskBytes, POLL_MILLIS);
    }

    ResourceGuard(Vertx vertx, Callable<Long> space, long maxMemoryBytes, long maxDiskBytes, long pollMillis)
            throws IOException {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.space = space;
        this.maxMemoryBytes = maxMemoryBytes;
        this.maxDiskBytes = maxDiskBytes;
        this.pollMillis = pollMillis;
        try {
            this.headroom = space.call();
        } catch (Exception e) {
            throw new IOException("the free disk space can't be read", e);
        }
        this.mostFree = headroom;
        context.runOnContext(ignored -> pollIn(pollMillis));
    }

    /** Why the disk has no room for another session; empty while it has. */
    public Optional<String> full() {
        return headroom >= 0
                ? Optional.empty()
                : Optional.of("this node's free disk space is " + mib(-headroom)
                        + " MiB below its floor (disk.floor-mib, BERTH_DISK_FLOOR_MIB); retention.days"
                        + " (BERTH_RETENTION_DAYS) removes old sessions");
    }

    /** The memory of all Chromes together, as last measured. */
    public long memoryBytes() {
        return memoryBytes;
    }

    public void watch(Path home, ProcessHandle chrome, Watcher watcher) {
        context.runOnContext(ignored -> watched.put(home, new Watched(chrome, watcher, Optional.empty())));
    }

    /** The folder is gone. */
    public void forget(Path home) {
        context.runOnContext(ignored -> {
            watched.remove(home);
            leaving = leaving.filter(ended -> !ended.equals(home));
        });
    }

    private void pollIn(long millis) {
        vertx.setTimer(millis, ignored -> {
            if (!closed) {
                poll();
            }
        });
    }

    private void poll() {
        Map<Path, ProcessHandle> chromes = new HashMap<>();
        watched.forEach((home, one) -> chromes.put(home, one.chrome()));
        boolean foldersDue = !over.isEmpty() || System.nanoTime() - foldersAtNanos >= FOLDERS_NANOS;
        long foldersUpTo = foldersDue ? Long.MAX_VALUE : Math.max(-1, mostFree - GROWTH_BYTES);
        // The free space tells of a full disk only if no session is still being deleted.
        boolean settled = leaving.isEmpty();
        vertx.executeBlocking(() -> ResourcePoll.of(space.call(), chromes, foldersUpTo), false)
                .onComplete(polled -> {
                    if (!closed) {
                        polled(polled, settled);
                    }
                });
    }

    private void polled(AsyncResult<ResourcePoll> polled, boolean settled) {
        long rest = 0;
        if (polled.succeeded()) {
            judge(polled.result(), settled);
            rest = REST * TimeUnit.NANOSECONDS.toMillis(polled.result().nanos());
        } else if (!blind) {
            // The warning comes once, until a measurement succeeds again.
            log.warn(
                    "memory and disk use of Chromes can't be measured at the moment: {}",
                    String.valueOf(polled.cause()));
        }
        blind = polled.failed();
        pollIn(Math.max(pollMillis, Math.min(LONGEST_PAUSE * pollMillis, rest)));
    }

    private void judge(ResourcePoll poll, boolean settled) {
        headroom = poll.free();
        mostFree = Math.max(mostFree, poll.free());
        memoryBytes = poll.uses().values().stream()
                .mapToLong(ResourcePoll.Use::memoryBytes)
                .sum();
        poll.uses().forEach(this::judgeUse);
        poll.folders().ifPresent(sizes -> {
            // A Chrome that came during the poll may have written what the disk has less.
            if (poll.uses().keySet().containsAll(watched.keySet())) {
                foldersAtNanos = System.nanoTime();
                mostFree = poll.free();
            }
            judgeFolders(sizes);
            if (poll.free() < 0 && settled && leaving.isEmpty()) {
                endLargest(sizes);
            }
        });
    }

    private void judgeUse(Path home, ResourcePoll.Use use) {
        Watched chrome = watched.get(home);
        if (chrome == null) {
            return;
        }
        if (use.memoryBytes() > maxMemoryBytes) {
            watched.remove(home);
            chrome.watcher().memoryOutgrown(use.memoryBytes());
            return;
        }
        chrome.before().ifPresent(earlier -> chrome.watcher().measured(use.memoryBytes(), use.coresSince(earlier)));
        watched.put(home, new Watched(chrome.chrome(), chrome.watcher(), Optional.of(use)));
    }

    private void judgeFolders(Map<Path, FolderSize> sizes) {
        Set<Path> before = over;
        Set<Path> now = sizes.keySet().stream()
                .filter(watched::containsKey)
                .filter(home -> sizes.get(home).bytes() > maxDiskBytes
                        || sizes.get(home).tooMany())
                .collect(Collectors.toUnmodifiableSet());
        now.stream().filter(before::contains).forEach(home -> end(home, outgrown(sizes.get(home))));
        over = now.stream().filter(watched::containsKey).collect(Collectors.toUnmodifiableSet());
    }

    private String outgrown(FolderSize size) {
        return size.tooMany()
                ? "it had more than " + FolderSize.MAX_ENTRIES + " files on disk, or folders nested more than "
                        + FolderSize.MAX_DEPTH + " deep"
                : "it used " + mib(size.bytes()) + " MiB of disk, and a session can use at most " + mib(maxDiskBytes)
                        + " (session.disk-mib, BERTH_SESSION_DISK_MIB)";
    }

    /** Ends the session that uses the most disk, one at a time: when it is gone there may be space enough. */
    private void endLargest(Map<Path, FolderSize> sizes) {
        sizes.entrySet().stream()
                .filter(entry -> watched.containsKey(entry.getKey()))
                .filter(entry -> entry.getValue().bytes() >= maxDiskBytes / WORTH_ENDING_SHARE)
                .max(Comparator.comparingLong(entry -> entry.getValue().bytes()))
                .ifPresent(largest -> {
                    leaving = Optional.of(largest.getKey());
                    end(
                            largest.getKey(),
                            "the node's disk is full (disk.floor-mib, BERTH_DISK_FLOOR_MIB), and this session's Chrome used"
                                    + " the most: "
                                    + mib(largest.getValue().bytes()) + " MiB");
                });
    }

    private void end(Path home, String why) {
        watched.remove(home).watcher().diskOutgrown(why);
    }

    private static long mib(long bytes) {
        return bytes + (1 << 20) - 1 >> 20;
    }

    public void close() {
        closed = true;
    }
}
