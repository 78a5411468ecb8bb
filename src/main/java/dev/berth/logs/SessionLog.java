package dev.berth.logs;

import dev.berth.limits.MemoryBudget;
import dev.berth.loop.Scheduler;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.LogTail;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of a live session: a row of segments on this node's disk. Entries wait in memory until they are written, which is {@value
 * #WRITE_MILLIS} ms, or sooner where many come. A segment is closed at {@value #SEGMENT_BYTES} bytes, or {@value #SEGMENT_MILLIS} ms after
 * its first entry, and then becomes a part in the object store. When more wait than a session may hold, entries are dropped, and an entry
 * in their place says how many. (Making the browser wait instead would make Chrome drop messages silently, replies too.) Runs on the
 * session's context.
 */
final class SessionLog {
    private static final Logger log = LoggerFactory.getLogger(SessionLog.class);
    static final long WRITE_MILLIS = 200;
    static final int SEGMENT_BYTES = 8 << 20;
    static final long SEGMENT_MILLIS = 60_000;
    /** Memory that each log may hold in any case: bytes. */
    static final long OWN_BYTES = 4 << 20;

    /** Memory that a log may hold if the node has it, in bytes: some two hundred thousand short lines. */
    private static final long MAX_BYTES = 64 << 20;

    /** Entries that are written at once, unless one is larger. */
    private static final long BATCH_BYTES = 1 << 20;

    /** Entries that are written without delay. */
    private static final long DUE_BYTES = BATCH_BYTES / 4;

    private static final long RETRY_MILLIS = 1_000;
    /** How long the end of a session waits for the object store: then other nodes have the log as soon as the session is over. */
    private static final long SHIP_PATIENCE_MILLIS = 1_000;

    /** Memory of a line beyond its bytes. */
    private static final int LINE_BYTES = 32;

    /** The least that a part counts: a log that gets a line a minute would take many rows and objects. */
    private static final long LEAST_PART_BYTES = 4_096;

    private final Vertx vertx;
    private final Scheduler scheduler;
    private final LogName name;
    private final LogShipper shipper;
    private final LongFunction<byte[]> markOf;
    private final LongConsumer kept;
    /** The memory that this log holds beyond {@value #OWN_BYTES} bytes. */
    private final MemoryBudget.Share shared;

    /** The log's parts in the object store, oldest first. */
    private final List<LogChunk> parts = new ArrayList<>();
    /** The segments after the parts, oldest first. */
    private final Deque<Segment> segments = new ArrayDeque<>();
    /** The lines after the segments. */
    private final List<byte[]> unwritten = new ArrayList<>();

    private long firstUnwritten;
    private long unwrittenBytes;
    /** When the first of the unwritten entries came, or, if that was during a write, when that write ended. Monotonic: nanoseconds. */
    private long firstNanos;

    private long dropped;
    /** Whether the last of the segments may grow. */
    private boolean open;
    /** Whether it is to be closed after the write that is under way. */
    private boolean closing;

    private boolean timerSet;
    private boolean failing;
    private boolean over;
    private Future<Void> writing = Future.succeededFuture();
    private Future<Void> shipping = Future.succeededFuture();

    /**
     * @param markOf makes the entry that says how many were dropped
     * @param kept receives by how many bytes the log takes more of the session's quota, or less
     */
    SessionLog(
            Vertx vertx,
            Scheduler scheduler,
            LogName name,
            LogShipper shipper,
            LongFunction<byte[]> markOf,
            LongConsumer kept) {
        this.vertx = vertx;
        this.scheduler = scheduler;
        this.name = name;
        this.shipper = shipper;
        this.markOf = markOf;
        this.kept = kept;
        this.shared = shipper.waiting().share();
    }

    /**
     * Whether there is room for one more entry: none after the end, as nothing would be written. Call it once per entry: a
     * refusal is counted as a dropped entry.
     */
    boolean hasRoom() {
        boolean full = unwrittenBytes >= MAX_BYTES
                || unwrittenBytes >= OWN_BYTES && shipper.waiting().isSpent();
        if (full) {
            dropped++;
            shipper.counts().dropped(name.kind());
        }
        return !full && !over;
    }

    /** Appends an entry for which there is room. */
    void append(byte[] line) {
        markDropped();
        add(line);
        if (unwrittenBytes >= DUE_BYTES && !failing) {
            writeNext();
        } else {
            writeLater(WRITE_MILLIS);
        }
    }

    private void markDropped() {
        if (dropped > 0) {
            add(markOf.apply(dropped));
            dropped = 0;
        }
    }

    private void add(byte[] line) {
        if (unwritten.isEmpty()) {
            firstNanos = scheduler.nanos();
        }
        unwritten.add(line);
        shipper.counts().appended(name.kind());
        hold(bytes(line));
    }

    private static long bytes(byte[] line) {
        return LINE_BYTES + line.length;
    }

    /** @param bytes negative for entries that are no longer held */
    private void hold(long bytes) {
        long before = Math.max(0, unwrittenBytes - OWN_BYTES);
        unwrittenBytes += bytes;
        shipper.counts().held(bytes);
        long now = Math.max(0, unwrittenBytes - OWN_BYTES);
        if (now != before) {
            shared.hold(now);
        }
    }

    /** The bytes of the entries that are only in memory. */
    long unwrittenBytes() {
        return unwrittenBytes;
    }

    boolean isOver() {
        return over;
    }

    /** The number of all entries: the next one's offset. */
    long total() {
        return firstUnwritten + unwritten.size();
    }

    /** The offset of the first entry that is not in the object store. */
    long firstUnshipped() {
        return segments.isEmpty() ? firstUnwritten : segments.getFirst().firstOffset();
    }

    /** The part of the log from {@code offset} on, at most {@code limit} entries. */
    Future<LogTail> read(long offset, int limit) {
        long total = total();
        long first = Math.max(offset, firstUnshipped());
        int rest = (int) Math.max(0, limit - (first - offset));
        List<LogChunk> shipped = LogReader.from(parts, offset, limit);
        return lines(first, rest, SessionReply.MAX_TAIL_BYTES)
                .map(lines -> new LogTail(total, shipped, first, lines))
                // The read fails if a segment was shipped meanwhile.
                .recover(e -> firstUnshipped() > first ? read(offset, limit) : Future.failedFuture(e));
    }

    /** The entries from {@code offset} on, at most {@code limit} and about {@code maxBytes}, of those that are not in the object store. */
    Future<LogLines> lines(long offset, int limit, long maxBytes) {
        List<Segment.Range> ranges = Segment.ranges(segments, offset, offset + limit, maxBytes);
        long next = offset;
        long left = maxBytes;
        for (Segment.Range range : ranges) {
            next = range.end();
            left -= range.bytes();
        }
        List<byte[]> more = unwritten(next, offset + limit, left);
        return ranges.isEmpty()
                ? Future.succeededFuture(LogLines.of(more))
                : vertx.executeBlocking(() -> Segment.read(ranges, more, offset, limit), false);
    }

    private List<byte[]> unwritten(long from, long end, long maxBytes) {
        List<byte[]> lines = new ArrayList<>();
        long left = maxBytes;
        for (long i = from; firstUnwritten <= i && i < Math.min(end, total()) && left > 0; i++) {
            byte[] line = unwritten.get((int) (i - firstUnwritten));
            lines.add(line);
            left -= line.length;
        }
        return lines;
    }

    /**
     * Completes when all entries are on disk, and all that was closed is in the object store, if that does not take long. Fails if the
     * disk does not take the entries now.
     */
    Future<Void> flush() {
        if (!writing.isComplete()) {
            // Another waiting caller may have started the next write by then.
            return writing.transform(done -> flush());
        }
        markDropped();
        if (!unwritten.isEmpty()) {
            return write().compose(done -> flush());
        }
        closeSegment();
        return shipper.isAway()
                ? Future.succeededFuture()
                : scheduler.within(SHIP_PATIENCE_MILLIS, shipping).otherwiseEmpty();
    }

    /** The session is over: gives up the entries that could not be written. */
    void close() {
        over = true;
        unwritten.clear();
        hold(-unwrittenBytes);
    }

    private void writeLater(long millis) {
        if (!timerSet) {
            timerSet = true;
            scheduler.after(millis, () -> {
                timerSet = false;
                writeNext();
            });
        }
    }

    /** Starts to write unless a write is under way; goes on by itself while more is due. */
    private void writeNext() {
        if (!writing.isComplete() || unwritten.isEmpty()) {
            return;
        }
        write().onComplete(written -> {
            if (written.failed()) {
                tellOnce(written.cause());
                failing = true;
                writeLater(RETRY_MILLIS);
                return;
            }
            failing = false;
            if (unwrittenBytes >= DUE_BYTES) {
                writeNext();
            } else if (!unwritten.isEmpty()) {
                writeLater(WRITE_MILLIS);
            }
        });
    }

    private void tellOnce(Throwable why) {
        if (!failing) {
            log.warn(
                    "{} {} log can't be written to disk and waits in memory: {}",
                    name.sessionId(),
                    name.kind(),
                    why.toString());
        }
    }

    private Future<Void> write() {
        List<byte[]> batch = List.copyOf(unwritten(firstUnwritten, total(), BATCH_BYTES));
        Segment segment = open ? segments.getLast() : open();
        writing = vertx.executeBlocking(
                        () -> {
                            segment.write(batch);
                            return null;
                        },
                        false)
                // Mapped, as it is complete only once the batch has left the memory.
                .map(done -> {
                    written(segment, batch);
                    return null;
                });
        return writing;
    }

    private Segment open() {
        Segment segment = new Segment(shipper.folder(), name, firstUnwritten);
        segments.add(segment);
        open = true;
        closing = false;
        scheduler.after(SEGMENT_MILLIS, () -> {
            if (open && segments.getLast() == segment) {
                closing = true;
                if (writing.isComplete()) {
                    closeSegment();
                }
            }
        });
        return segment;
    }

    private void written(Segment segment, List<byte[]> batch) {
        int before = segment.bytes();
        segment.written(batch);
        if (!over) {
            unwritten.subList(0, batch.size()).clear();
            hold(-batch.stream().mapToLong(SessionLog::bytes).sum());
        }
        firstUnwritten += batch.size();
        shipper.counts().written(name.kind(), scheduler.nanos() - firstNanos);
        firstNanos = scheduler.nanos();
        kept.accept(segment.bytes() - before);
        if (closing || segment.bytes() >= SEGMENT_BYTES) {
            closeSegment();
        }
    }

    private void closeSegment() {
        if (!open || segments.getLast().isEmpty()) {
            return;
        }
        open = false;
        Segment segment = segments.getLast();
        segment.close();
        shipping = shipper.ship(segment).map(bytes -> {
            segments.remove(segment);
            if (bytes > 0) {
                parts.add(segment.key().chunk());
            }
            kept.accept(Math.max(LEAST_PART_BYTES, bytes) - segment.bytes());
            return null;
        });
    }
}
