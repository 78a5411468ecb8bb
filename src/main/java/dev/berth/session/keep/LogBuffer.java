package dev.berth.session.keep;

import dev.berth.clock.Scheduler;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log of a live session. Entries wait in memory until they are sealed into a chunk: at {@value #CHUNK_ENTRIES}
 * entries, at {@value #CHUNK_BYTES} bytes, or {@value #SEAL_MILLIS} ms after the first of them. An entry leaves memory
 * only when its chunk is safe. When more wait than a session may hold, entries are dropped, and an entry in their place
 * says how many. (Making the browser wait instead would make Chrome drop messages silently, replies too.) Runs on the
 * session's context.
 */
final class LogBuffer<T> {
    private static final Logger log = LoggerFactory.getLogger(LogBuffer.class);
    static final int CHUNK_ENTRIES = 2_000;
    static final long CHUNK_BYTES = 1 << 20;
    static final long SEAL_MILLIS = 2_000;
    /** What each log may hold in any case. */
    static final long OWN_BYTES = 4 * CHUNK_BYTES;

    /** What a log may hold if the node has the memory: some two hundred thousand short lines. */
    private static final long MAX_BYTES = 64 * CHUNK_BYTES;

    private static final long RETRY_MILLIS = 1_000;

    private final Scheduler scheduler;
    private final SessionId id;
    private final LogKind kind;
    private final ChunkSealer<T> sealer;
    private final ChunkMerging merging;
    private final ToIntFunction<T> bytesOf;
    private final LongFunction<T> markOf;
    private final LogBudget budget;
    private final List<T> waiting = new ArrayList<>();
    private final SealedChunks chunks = new SealedChunks();
    /**
     * The entries of the next chunk. They stay the same at each retry, because a failed try may have succeeded
     * unnoticed.
     */
    private List<T> batch = List.of();
    /** When the first of these came. */
    private long batchNanos;

    /** When the first entry that waits came, or soon after where it came during a seal. */
    private long firstNanos;

    private long firstWaiting;
    private long waitingBytes;
    private long dropped;
    private boolean closed;
    private boolean timerSet;
    private boolean backingOff;
    private Future<Void> sealing = Future.succeededFuture();

    /**
     * @param bytesOf estimates the memory of an entry
     * @param markOf makes the entry that says how many were dropped
     * @param budget for all logs of the node together, beyond {@value #OWN_BYTES} bytes each
     */
    LogBuffer(
            Scheduler scheduler,
            SessionId id,
            LogKind kind,
            ChunkSealer<T> sealer,
            ChunkMerging.Merger merger,
            ToIntFunction<T> bytesOf,
            LongFunction<T> markOf,
            LogBudget budget) {
        this.scheduler = scheduler;
        this.id = id;
        this.kind = kind;
        this.sealer = sealer;
        this.merging = new ChunkMerging(scheduler, id, kind, chunks, merger);
        this.bytesOf = bytesOf;
        this.markOf = markOf;
        this.budget = budget;
    }

    /** Appends an entry if there is room. */
    void append(T entry) {
        if (hasRoom()) {
            appendNow(entry);
        }
    }

    /**
     * Whether there is room for one more entry: none after the end, as nothing would be sealed. Call it once per entry: a
     * refusal is counted as a dropped entry.
     */
    boolean hasRoom() {
        boolean full = waitingBytes >= MAX_BYTES || waitingBytes >= OWN_BYTES && budget.isSpent();
        if (full) {
            dropped++;
            budget.counts().dropped(kind);
        }
        return !full && !closed;
    }

    /** Appends an entry for which there is room. */
    void appendNow(T entry) {
        markDropped();
        add(entry);
        if (chunkIsDue() && !backingOff) {
            sealNext();
        } else {
            sealLater(SEAL_MILLIS);
        }
    }

    private void markDropped() {
        if (dropped > 0) {
            add(markOf.apply(dropped));
            dropped = 0;
        }
    }

    private void add(T entry) {
        if (waiting.isEmpty()) {
            firstNanos = scheduler.nanos();
        }
        waiting.add(entry);
        budget.counts().appended(kind);
        hold(bytesOf.applyAsInt(entry));
    }

    /** @param bytes negative for entries that are no longer held */
    private void hold(long bytes) {
        long before = Math.max(0, waitingBytes - OWN_BYTES);
        waitingBytes += bytes;
        budget.counts().held(bytes);
        budget.add(Math.max(0, waitingBytes - OWN_BYTES) - before);
    }

    /** The bytes of the entries in memory. */
    long waitingBytes() {
        return waitingBytes;
    }

    /** Whether no more entries are taken. */
    boolean isClosed() {
        return closed;
    }

    /** The total number of entries. */
    long total() {
        return firstWaiting + waiting.size();
    }

    /** The offset of the first entry in memory; all before it are in chunks. */
    long firstWaiting() {
        return firstWaiting;
    }

    /** The entries in memory from {@code offset} on, at most {@code limit} and about {@code maxBytes}. */
    List<T> waiting(long offset, int limit, long maxBytes) {
        int from = (int) Math.min(waiting.size(), Math.max(0, offset - firstWaiting));
        long count = limit - Math.max(0, firstWaiting - offset);
        List<T> entries = new ArrayList<>();
        long bytes = 0;
        for (int i = from; i < waiting.size() && entries.size() < count && bytes < maxBytes; i++) {
            entries.add(waiting.get(i));
            bytes += bytesOf.applyAsInt(waiting.get(i));
        }
        return entries;
    }

    /** The chunks with entries from {@code offset} on, at most {@code limit} entries. */
    List<LogChunk> chunks(long offset, int limit) {
        return chunks.overlapping(offset, limit);
    }

    /** Seals everything; fails if that is not possible now. */
    Future<Void> flush() {
        if (!sealing.isComplete()) {
            // Another waiting caller may have started the next seal by then.
            return sealing.transform(done -> flush());
        }
        markDropped();
        return waiting.isEmpty() ? Future.succeededFuture() : seal().compose(done -> flush());
    }

    /** The session is over: gives up the entries that could not be sealed. */
    void close() {
        closed = true;
        merging.close();
        waiting.clear();
        hold(-waitingBytes);
    }

    private boolean chunkIsDue() {
        return waiting.size() >= CHUNK_ENTRIES || waitingBytes >= CHUNK_BYTES;
    }

    private void sealLater(long millis) {
        if (!timerSet) {
            timerSet = true;
            scheduler.after(millis, () -> {
                timerSet = false;
                backingOff = false;
                sealNext();
            });
        }
    }

    /** Starts sealing unless it is in progress; continues by itself while more is due. */
    private void sealNext() {
        if (!sealing.isComplete() || waiting.isEmpty()) {
            return;
        }
        seal().onComplete(result -> {
            if (result.failed()) {
                log.warn(
                        "{} {} log waits in memory, its chunk can't be kept yet: {}",
                        id,
                        kind,
                        result.cause().toString());
                backingOff = true;
                sealLater(RETRY_MILLIS);
            } else if (chunkIsDue()) {
                sealNext();
            } else if (!waiting.isEmpty()) {
                sealLater(SEAL_MILLIS);
            }
        });
    }

    private Future<Void> seal() {
        if (batch.isEmpty()) {
            batch = next();
            batchNanos = firstNanos;
            firstNanos = scheduler.nanos();
        }
        sealing = sealer.seal(id, kind, firstWaiting, batch).map(chunk -> {
            sealed(chunk);
            return null;
        });
        return sealing;
    }

    /** The entries of the next chunk. */
    private List<T> next() {
        List<T> entries = new ArrayList<>();
        long bytes = 0;
        for (T entry : waiting) {
            if (entries.size() == CHUNK_ENTRIES || bytes >= CHUNK_BYTES) {
                break;
            }
            entries.add(entry);
            bytes += bytesOf.applyAsInt(entry);
        }
        return List.copyOf(entries);
    }

    private void sealed(LogChunk chunk) {
        if (closed) {
            return;
        }
        List<T> sealed = waiting.subList(0, chunk.count());
        long bytes = sealed.stream().mapToLong(bytesOf::applyAsInt).sum();
        sealed.clear();
        hold(-bytes);
        batch = List.of();
        firstWaiting = chunk.endOffset();
        budget.counts().sealed(kind, scheduler.nanos() - batchNanos);
        chunks.add(chunk, bytes);
        merging.sealed();
    }

    /** Merges the small chunks that are left after the end. Fails if it is unknown whether they are merged. */
    Future<Void> mergeRest() {
        return merging.mergeRest();
    }
}
