package dev.berth.browser.process;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the free disk space, and the size of each Chrome's folder: profile, downloads, uploads and temporary files. Ends a session
 * whose Chrome exceeds its limit, and while the disk is full the session whose Chrome takes the most. Any thread may call; decisions are
 * made on one context.
 */
public final class DiskGuard {
    private static final Logger log = LoggerFactory.getLogger(DiskGuard.class);
    private static final long LOOK_MILLIS = 1_000;
    /** On a full disk, sessions with a smaller share of their own limit go on: something else fills the disk. */
    private static final int WORTH_ENDING_SHARE = 4;
    /** Folders are measured again once the free space has fallen by so much: to measure them takes far longer than to read it. */
    private static final long GROWTH_BYTES = 32L << 20;
    /** Or after this time: space that one session frees can hide what another writes. */
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** The pause after a measurement, in multiples of its duration: 0.1 s for a hundred folders. */
    private static final int REST = 20;
    /** A session that makes measuring slow must not escape it. */
    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Vertx vertx;
    private final Context context;
    private final Callable<Long> space;
    private final long maxBytes;
    private volatile long headroom;

    // On the context only.
    private final Map<Path, Watched> watched = new HashMap<>();
    private long measuredAtNanos = System.nanoTime();
    private long restNanos;
    /** The most that was free at once since folders were measured. */
    private long mostFree;
    /**
     * Over the limit at the last measurement. A session ends at the second one: by then a download that is too large has been
     * cancelled.
     */
    private Set<Path> over = new HashSet<>();

    /** The session that was ended to free space, until its folder is gone. */
    private Optional<Path> leaving = Optional.empty();

    private boolean looking;
    private boolean blind;
    private final long timer;

    private record Watched(ProcessHandle chrome, Consumer<String> onOutgrown) {}

    /**
     * Blocks for a first measurement.
     *
     * @param space returns the bytes that are free above the floor; blocks
     * @param maxBytes what one session may take
     */
    public DiskGuard(Vertx vertx, Callable<Long> space, long maxBytes) throws IOException {
        this(vertx, space, maxBytes, LOOK_MILLIS);
    }

    public DiskGuard(Vertx vertx, Callable<Long> space, long maxBytes, long lookMillis) throws IOException {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.space = space;
        this.maxBytes = maxBytes;
        try {
            this.headroom = space.call();
        } catch (Exception e) {
            throw new IOException("the free disk space can't be read", e);
        }
        this.mostFree = headroom;
        this.timer = vertx.setPeriodic(lookMillis, tick -> context.runOnContext(ignored -> look()));
    }

    /** Why the disk has no room for another session; empty while it has. */
    public Optional<String> full() {
        return headroom >= 0
                ? Optional.empty()
                : Optional.of("this node's disk has " + mib(-headroom)
                        + " MiB less free space than it keeps (disk.floor-mib, BERTH_DISK_FLOOR_MIB); retention.days"
                        + " (BERTH_RETENTION_DAYS) removes old sessions");
    }

    /** @param onOutgrown is called at most once, on the guard's context, with the reason why this session must end */
    public void watch(Path home, ProcessHandle chrome, Consumer<String> onOutgrown) {
        context.runOnContext(ignored -> watched.put(home, new Watched(chrome, onOutgrown)));
    }

    /** The folder is gone. */
    public void forget(Path home) {
        context.runOnContext(ignored -> {
            watched.remove(home);
            over.remove(home);
            leaving = leaving.filter(ended -> !ended.equals(home));
        });
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        // The free space counts only if no session is still being deleted.
        boolean settled = leaving.isEmpty();
        vertx.executeBlocking(space, false)
                .compose(free -> {
                    headroom = free;
                    mostFree = Math.max(mostFree, free);
                    return isDue(free) && !watched.isEmpty() ? measure(free, settled) : Future.succeededFuture();
                })
                .onSuccess(seen -> blind = false)
                .onFailure(this::unseen)
                .onComplete(done -> looking = false);
    }

    private boolean isDue(long free) {
        long sinceNanos = System.nanoTime() - measuredAtNanos;
        boolean written = free < 0 || mostFree - free >= GROWTH_BYTES;
        return !over.isEmpty() || written && sinceNanos >= restNanos || sinceNanos >= LONGEST_NANOS;
    }

    /** Logs once, until a measurement succeeds again. */
    private void unseen(Throwable e) {
        if (!blind) {
            log.warn("the disk can't be measured for now: {}", e.toString());
        }
        blind = true;
    }

    private Future<Void> measure(long free, boolean settled) {
        Map<Path, Watched> homes = Map.copyOf(watched);
        long begunNanos = System.nanoTime();
        return vertx.executeBlocking(() -> sizes(homes), false)
                .onSuccess(sizes -> {
                    measuredAtNanos = System.nanoTime();
                    restNanos = Math.min(LONGEST_REST_NANOS, REST * (measuredAtNanos - begunNanos));
                    mostFree = free;
                    sizes.keySet().retainAll(watched.keySet());
                    judge(sizes);
                    if (free < 0 && settled && leaving.isEmpty()) {
                        endLargest(sizes);
                    }
                })
                .mapEmpty();
    }

    private static Map<Path, FolderSize> sizes(Map<Path, Watched> homes) throws IOException {
        ProcessTable processes = ProcessTable.look();
        Map<Path, FolderSize> sizes = new HashMap<>();
        for (Map.Entry<Path, Watched> entry : homes.entrySet()) {
            Path home = entry.getKey();
            try {
                FolderSize folder = FolderSize.of(home);
                long unlinked =
                        FolderSize.unlinked(processes.family(entry.getValue().chrome()), DiskSpace.device(home));
                sizes.put(home, new FolderSize(folder.bytes() + unlinked, folder.tooMany()));
            } catch (NoSuchFileException e) {
                log.debug("{} is gone", home);
            }
        }
        return sizes;
    }

    private void judge(Map<Path, FolderSize> sizes) {
        Set<Path> before = over;
        over = sizes.keySet().stream()
                .filter(home ->
                        sizes.get(home).bytes() > maxBytes || sizes.get(home).tooMany())
                .collect(Collectors.toCollection(HashSet::new));
        Set.copyOf(over).stream().filter(before::contains).forEach(home -> outgrown(home, sizes.get(home)));
    }

    /** One session at a time: when it is gone there may be space enough. */
    private void endLargest(Map<Path, FolderSize> sizes) {
        sizes.entrySet().stream()
                .filter(entry -> watched.containsKey(entry.getKey())
                        && entry.getValue().bytes() >= maxBytes / WORTH_ENDING_SHARE)
                .max(Comparator.comparingLong(entry -> entry.getValue().bytes()))
                .ifPresent(
                        largest -> makeRoom(largest.getKey(), largest.getValue().bytes()));
    }

    private void outgrown(Path home, FolderSize size) {
        over.remove(home);
        end(
                home,
                size.tooMany()
                        ? "it had more than " + FolderSize.MAX_ENTRIES + " files on disk, or folders nested more than "
                                + FolderSize.MAX_DEPTH + " deep"
                        : "it took " + mib(size.bytes()) + " MiB of disk, and a session may have " + mib(maxBytes)
                                + " (session.disk-mib, BERTH_SESSION_DISK_MIB)");
    }

    private void makeRoom(Path home, long bytes) {
        leaving = Optional.of(home);
        end(
                home,
                "the node's disk is full (disk.floor-mib, BERTH_DISK_FLOOR_MIB), and this session's Chrome took the most of it: "
                        + mib(bytes) + " MiB");
    }

    private void end(Path home, String why) {
        Watched session = watched.remove(home);
        if (session != null) {
            session.onOutgrown().accept(why);
        }
    }

    private static long mib(long bytes) {
        return bytes + (1 << 20) - 1 >> 20;
    }

    public void close() {
        vertx.cancelTimer(timer);
    }
}
