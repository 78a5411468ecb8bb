package dev.berth.session.keep;

import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log of a live session. Entries wait in memory until they are sealed into a chunk, which happens at
 * {@value #CHUNK_ENTRIES} entries, at {@value #CHUNK_BYTES} bytes, or {@value #SEAL_MILLIS} ms after the first of them. An
 * entry leaves memory only when its chunk is safe. Where more wait than a session may hold, entries are dropped, and an entry in
 * their place tells how many: to let the browser wait would make it drop what it has to say itself, answers too, and not tell.
 * Lives on the session's context.
 */
final class LogBuffer<T> {
    private static final Logger log = LoggerFactory.getLogger(LogBuffer.class);
    static final int CHUNK_ENTRIES = 2_000;
    static final long CHUNK_BYTES = 1 << 20;
    private static final long SEAL_MILLIS = 2_000;
    /** What each log may hold whatever others do. */
    static final long OWN_BYTES = 4 * CHUNK_BYTES;

    /** What it may hold where the node has the memory: some two hundred thousand short lines. */
    private static final long MAX_BYTES = 64 * CHUNK_BYTES;

    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final SessionId id;
    private final LogKind kind;
    private final ChunkSealer<T> sealer;
    private final ChunkMerging merging;
    private final ToIntFunction<T> bytesOf;
    private final LongFunction<T> markOf;
    private final LogBudget budget;
    private final List<T> waiting = new ArrayList<>();
    private final SealedChunks chunks = new SealedChunks();
    /** What the next chunk has: the same at each try, as the one before may have succeeded unheard. */
    private List<T> batch = List.of();

    private long firstWaiting;
    private long waitingBytes;
    private long dropped;
    private boolean closed;
    private boolean timerSet;
    private boolean backingOff;
    private Future<Void> sealing = Future.succeededFuture();

    /**
     * @param bytesOf about what an entry takes in memory
     * @param markOf makes the entry that tells how many were dropped
     * @param budget what all logs of the node hold together, beyond {@value #OWN_BYTES} bytes each
     */
    LogBuffer(
            Vertx vertx,
            SessionId id,
            LogKind kind,
            ChunkSealer<T> sealer,
            ChunkMerging.Merger merger,
            ToIntFunction<T> bytesOf,
            LongFunction<T> markOf,
            LogBudget budget) {
        this.vertx = vertx;
        this.id = id;
        this.kind = kind;
        this.sealer = sealer;
        this.merging = new ChunkMerging(vertx, id, kind, chunks, merger);
        this.bytesOf = bytesOf;
        this.markOf = markOf;
        this.budget = budget;
    }

    /** Keeps one where there is room. */
    void append(T entry) {
        if (hasRoom()) {
            appendNow(entry);
        }
    }

    /** Whether there is room for one more: to be asked once for each, as what there is none for is counted. */
    boolean hasRoom() {
        boolean full = waitingBytes >= MAX_BYTES || waitingBytes >= OWN_BYTES && budget.isSpent();
        dropped += full ? 1 : 0;
        return !full;
    }

    /** Keeps one for which there is room. */
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
        waiting.add(entry);
        hold(bytesOf.applyAsInt(entry));
    }

    /** @param bytes less than 0 for what is held no longer */
    private void hold(long bytes) {
        long before = Math.max(0, waitingBytes - OWN_BYTES);
        waitingBytes += bytes;
        budget.add(Math.max(0, waitingBytes - OWN_BYTES) - before);
    }

    /** How many entries there are in all. */
    long total() {
        return firstWaiting + waiting.size();
    }

    /** The offset of the first entry that is still in memory; all before it are in chunks. */
    long firstWaiting() {
        return firstWaiting;
    }

    /** The entries in memory from {@code offset} on, {@code limit} and some {@code maxBytes} at the most. */
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

    /** The chunks that hold entries from {@code offset} on, {@code limit} at the most. */
    List<LogChunk> chunks(long offset, int limit) {
        return chunks.overlapping(offset, limit);
    }

    /** Seals everything; fails where that can't be done now. */
    Future<Void> flush() {
        if (!sealing.isComplete()) {
            // Whoever waited before may have begun the next one by then.
            return sealing.transform(done -> flush());
        }
        markDropped();
        return waiting.isEmpty() ? Future.succeededFuture() : seal().compose(done -> flush());
    }

    /** The session is over: what could not be sealed is given up. */
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
            vertx.setTimer(millis, ignored -> {
                timerSet = false;
                backingOff = false;
                sealNext();
            });
        }
    }

    /** Starts sealing, unless it is under way; goes on by itself while more is due. */
    private void sealNext() {
        if (!sealing.isComplete() || waiting.isEmpty()) {
            return;
        }
        seal().onComplete(result -> {
            if (result.failed()) {
                log.warn(
                        "{} {} log waits in memory, its chunk can't be kept: {}",
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
        }
        sealing = sealer.seal(id, kind, firstWaiting, batch).map(chunk -> {
            sealed(chunk);
            return null;
        });
        return sealing;
    }

    /** Those of the next chunk. */
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
        chunks.add(chunk, bytes);
        merging.sealed();
    }

    /** After the end: the small chunks that are left are merged, too. Fails where it is not known whether they are. */
    Future<Void> mergeRest() {
        return merging.mergeRest();
    }
}
