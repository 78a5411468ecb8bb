package dev.berth.logs;

import dev.berth.artifact.ObjectStore;
import dev.berth.history.LogChunkRepository;
import dev.berth.limits.MemoryBudget;
import dev.berth.loop.LoopPromise;
import dev.berth.loop.Scheduler;
import dev.berth.metrics.CaptureCounts;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shipper that the logs of a node share. Brings the logs' closed segments into the object store, those of one log in their order:
 * uploads a segment gzipped, adds the part to the index, and deletes the segment. Each step may be repeated. While one fails, all segments
 * wait where they are, and a slow timer tries again. One per node. Thread-safe.
 */
public final class LogShipper {
    private static final Logger log = LoggerFactory.getLogger(LogShipper.class);
    private static final int AT_ONCE = 4;
    static final long RETRY_MILLIS = 5_000;

    private final Vertx vertx;
    private final Scheduler scheduler;
    private final ObjectStore store;
    private final LogChunkRepository index;
    private final Path folder;
    private final CaptureCounts counts;
    /** Bytes of entries in memory, beyond what each log may hold in any case. */
    private final MemoryBudget waiting;

    // Guarded by this.
    /** The closed segments that are still here, oldest first. */
    private final Map<LogName, Queue<Shipment>> closed = new HashMap<>();
    /** The logs of which a segment can be shipped now. */
    private final Queue<LogName> turns = new ArrayDeque<>();

    private int underWay;
    private boolean away;
    private boolean timerSet;
    private boolean stopped;

    /** @param done receives the size of the part */
    private record Shipment(Segment segment, Promise<Long> done) {}

    /**
     * @param scheduler whose timers outlast a session
     * @param folder for segments
     * @param counts what the logs take in
     */
    public LogShipper(
            Vertx vertx,
            Scheduler scheduler,
            ObjectStore store,
            LogChunkRepository index,
            Path folder,
            CaptureCounts counts) {
        this(
                vertx,
                scheduler,
                store,
                index,
                folder,
                counts,
                Runtime.getRuntime().maxMemory());
    }

    /** @param heapBytes of which waiting entries may take an eighth */
    LogShipper(
            Vertx vertx,
            Scheduler scheduler,
            ObjectStore store,
            LogChunkRepository index,
            Path folder,
            CaptureCounts counts,
            long heapBytes) {
        this.vertx = vertx;
        this.scheduler = scheduler;
        this.store = store;
        this.index = index;
        this.folder = folder;
        this.counts = counts;
        this.waiting = new MemoryBudget(heapBytes / 8);
    }

    CaptureCounts counts() {
        return counts;
    }

    MemoryBudget waiting() {
        return waiting;
    }

    /** Finds what an earlier process left, and begins to ship it. */
    public Future<Void> start() {
        return vertx.executeBlocking(this::left, false).map(left -> {
            left.forEach(this::ship);
            return null;
        });
    }

    private List<Segment> left() throws IOException {
        Files.createDirectories(folder);
        List<Segment> left = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                try {
                    Optional<Segment> segment = Segment.left(file);
                    if (segment.map(Segment::isEmpty).orElse(false)) {
                        Files.delete(file);
                    } else {
                        segment.ifPresent(left::add);
                    }
                } catch (IOException e) {
                    setAside(file, e);
                }
            }
        }
        return left;
    }

    private static void setAside(Path file, IOException why) {
        log.error("a part of a log is lost, because {} can't be read: {}", file, why.toString());
        try {
            Segment.setAside(file);
        } catch (IOException e) {
            log.warn("the log part {} can't be moved and stays in place: {}", file, e.toString());
        }
    }

    Path folder() {
        return folder;
    }

    /** How many closed segments wait. */
    public synchronized int backlog() {
        return closed.values().stream().mapToInt(Queue::size).sum();
    }

    /** Whether the object store or the index did not take the segment that was tried last. */
    synchronized boolean isAway() {
        return away;
    }

    /** The closed segments of a log that are still here, oldest first. */
    synchronized List<Segment> closed(LogName name) {
        return closed.containsKey(name)
                ? closed.get(name).stream().map(Shipment::segment).toList()
                : List.of();
    }

    /** Ships a closed segment. Gives the size of the part, on the caller's context, when the segment is about to be deleted. */
    synchronized Future<Long> ship(Segment segment) {
        Promise<Long> done = LoopPromise.here(vertx);
        Queue<Shipment> own = closed.computeIfAbsent(segment.log(), name -> new ArrayDeque<>());
        own.add(new Shipment(segment, done));
        if (own.size() == 1) {
            turns.add(segment.log());
            next();
        }
        return done.future();
    }

    private synchronized void next() {
        while (!stopped && !timerSet && underWay < AT_ONCE && !turns.isEmpty()) {
            underWay++;
            Shipment oldest = closed.get(turns.remove()).element();
            store(oldest.segment).onComplete(tried -> tried(oldest, tried));
        }
    }

    /** Gives the size of the part; 0 where the segment can't be read, and is set aside. */
    private Future<Long> store(Segment segment) {
        return vertx.executeBlocking(() -> zip(segment), false)
                .compose(zipped -> zipped.map(part -> store.put(segment.key().toString(), part)
                                .compose(stored -> index.add(segment.key()))
                                .map(added -> (long) part.length()))
                        .orElseGet(() -> Future.succeededFuture(0L)));
    }

    private static Optional<Buffer> zip(Segment segment) throws IOException {
        try {
            return Optional.of(segment.zip());
        } catch (Segment.LostException e) {
            setAside(segment.file(), e);
            return Optional.empty();
        }
    }

    private void tried(Shipment oldest, AsyncResult<Long> tried) {
        take(oldest, tried);
        if (tried.succeeded()) {
            // The session must know first that the part is in the object store: then its readers need no file. Without
            // the lock, as
            // its continuation may run here.
            oldest.done.complete(tried.result());
            vertx.executeBlocking(
                            () -> {
                                oldest.segment.delete();
                                return null;
                            },
                            false)
                    .onFailure(e -> log.warn("the log part {} stays on disk: {}", oldest.segment.key(), e.toString()));
        }
    }

    private synchronized void take(Shipment oldest, AsyncResult<Long> tried) {
        LogName name = oldest.segment.log();
        underWay--;
        if (tried.succeeded()) {
            Queue<Shipment> own = closed.get(name);
            own.remove();
            if (own.isEmpty()) {
                closed.remove(name);
            }
        }
        if (closed.containsKey(name)) {
            turns.add(name);
        }
        if (tried.failed()) {
            retryLater(oldest.segment, tried.cause());
        } else if (away) {
            away = false;
            log.info("logs are uploaded to the object store again");
        }
        next();
    }

    private void retryLater(Segment segment, Throwable why) {
        if (!away) {
            away = true;
            log.warn(
                    "logs wait on disk until the object store and Postgres respond, first {}: {}",
                    segment.key(),
                    why.toString());
        }
        if (!timerSet) {
            timerSet = true;
            scheduler.after(RETRY_MILLIS, this::retry);
        }
    }

    private synchronized void retry() {
        timerSet = false;
        next();
    }

    /** Ships no more: the next process does. */
    public synchronized Future<Void> close() {
        stopped = true;
        return Future.succeededFuture();
    }
}
