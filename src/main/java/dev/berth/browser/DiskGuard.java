package dev.berth.browser;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what is free of the disk, and at what each session's folder takes of it: profile, downloads, uploads and temporary
 * files. Any thread may call.
 */
final class DiskGuard {
    private static final Logger log = LoggerFactory.getLogger(DiskGuard.class);
    private static final long LOOK_MILLIS = 1_000;
    /** Where smaller ones are all that there are, it is not sessions that fill the disk, and ending them would not help. */
    private static final long WORTH_ENDING_BYTES = 32L << 20;

    private final Vertx vertx;
    private final Context context;
    private final Callable<Long> space;
    private final long maxBytes;
    private volatile long headroom;

    // On the context only.
    private final Map<Path, Consumer<String>> watched = new HashMap<>();
    private final DiskPacing pacing;
    /** Had too much when they were measured last: a download that is too large is cancelled meanwhile, and goes. */
    private Set<Path> over = new HashSet<>();

    /** Told to end to make room, and not gone yet. */
    private Optional<Path> leaving = Optional.empty();

    private boolean looking;
    private boolean closed;
    private final long timer;

    /**
     * Blocks for a first look.
     *
     * @param space how many bytes are free beyond what must stay so; blocks
     * @param maxBytes what one session may take
     */
    DiskGuard(Vertx vertx, Callable<Long> space, long maxBytes) throws IOException {
        this(vertx, space, maxBytes, LOOK_MILLIS);
    }

    DiskGuard(Vertx vertx, Callable<Long> space, long maxBytes, long lookMillis) throws IOException {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.space = space;
        this.maxBytes = maxBytes;
        try {
            this.headroom = space.call();
        } catch (Exception e) {
            throw new IOException("the disk can't be looked at", e);
        }
        this.pacing = new DiskPacing(System.nanoTime(), headroom);
        this.timer = vertx.setPeriodic(lookMillis, tick -> context.runOnContext(ignored -> look()));
    }

    /** Why there is no room for another session, where there is none. */
    Optional<String> full() {
        return headroom >= 0
                ? Optional.empty()
                : Optional.of("this node's disk has " + mib(-headroom)
                        + " MiB less free space than it keeps (disk.floor-mib, BERTH_DISK_FLOOR_MIB)");
    }

    /** @param onOutgrown is told once, on any context, why this session must end */
    void watch(Path home, Consumer<String> onOutgrown) {
        context.runOnContext(ignored -> watched.put(home, onOutgrown));
    }

    /** It is gone. */
    void forget(Path home) {
        context.runOnContext(ignored -> {
            watched.remove(home);
            over.remove(home);
            leaving = leaving.filter(ended -> !ended.equals(home));
        });
    }

    private void look() {
        if (looking || closed) {
            return;
        }
        looking = true;
        vertx.executeBlocking(space, false)
                .compose(free -> {
                    headroom = free;
                    boolean due = pacing.due(System.nanoTime(), free) || !over.isEmpty();
                    return due && !watched.isEmpty() ? measure(free) : Future.succeededFuture();
                })
                .onFailure(e -> log.warn("the disk could not be looked at: {}", e.toString()))
                .onComplete(done -> looking = false);
    }

    private Future<Void> measure(long free) {
        Set<Path> homes = Set.copyOf(watched.keySet());
        long begunNanos = System.nanoTime();
        return vertx.executeBlocking(() -> sizes(homes), false)
                .onSuccess(bytes -> {
                    pacing.measured(begunNanos, System.nanoTime(), free);
                    judge(bytes);
                })
                .mapEmpty();
    }

    private static Map<Path, Long> sizes(Set<Path> homes) throws IOException {
        Map<Path, Long> bytes = new HashMap<>();
        for (Path home : homes) {
            bytes.put(home, FolderSize.bytes(home));
        }
        return bytes;
    }

    private void judge(Map<Path, Long> sizes) {
        Set<Path> before = over;
        over = sizes.keySet().stream()
                .filter(home -> sizes.get(home) > maxBytes && watched.containsKey(home))
                .collect(Collectors.toCollection(HashSet::new));
        Set.copyOf(over).stream().filter(before::contains).forEach(home -> outgrown(home, sizes.get(home)));
        // One after the other: when it is gone there may be room enough.
        if (headroom < 0 && leaving.isEmpty()) {
            sizes.entrySet().stream()
                    .filter(entry -> watched.containsKey(entry.getKey()) && entry.getValue() >= WORTH_ENDING_BYTES)
                    .max(Map.Entry.comparingByValue())
                    .ifPresent(largest -> makeRoom(largest.getKey(), largest.getValue()));
        }
    }

    private void outgrown(Path home, long bytes) {
        over.remove(home);
        end(
                home,
                "it took " + mib(bytes) + " MiB of disk, and a session may have " + mib(maxBytes)
                        + " (session.disk-mib, BERTH_SESSION_DISK_MIB)");
    }

    private void makeRoom(Path home, long bytes) {
        leaving = Optional.of(home);
        end(
                home,
                "the node's disk is full (disk.floor-mib, BERTH_DISK_FLOOR_MIB), and of its sessions this one took the"
                        + " most of it: " + mib(bytes) + " MiB");
    }

    private void end(Path home, String why) {
        Consumer<String> onOutgrown = watched.remove(home);
        if (onOutgrown != null) {
            onOutgrown.accept(why);
        }
    }

    private static long mib(long bytes) {
        return bytes + (1 << 20) - 1 >> 20;
    }

    Future<Void> close() {
        Promise<Void> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        vertx.cancelTimer(timer);
        context.runOnContext(ignored -> {
            closed = true;
            done.complete();
        });
        return done.future();
    }
}
