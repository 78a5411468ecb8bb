package dev.berth.artifact;

import dev.berth.limits.CountLimit;
import dev.berth.limits.FairQueue;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogLines;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * Gives the entries of log chunks: recent chunks from memory, others fetched and decoded, each only once for all
 * simultaneous readers. Users take turns. Thread-safe; results come on the caller's context.
 */
final class DecodedChunks {
    /** How many chunks one read loads at most: some 32,000 entries, 16 MiB. */
    static final int AT_ONCE = 16;

    private static final int READS_AT_ONCE = 4;
    private static final int MAX_WAITING_READS = 128;
    private static final int THREADS = 2;
    /** Limit for a decoded chunk; none comes near it. */
    private static final int MAX_CHUNK_BYTES = 64 << 20;

    private static final long MAX_CACHE_BYTES = 256L << 20;

    private final Vertx vertx;
    private final Function<String, Future<Buffer>> store;
    private final ChunkCache cache;
    private final FairQueue<Long> turns;
    private final WorkerExecutor workers;
    private final Map<String, Future<LogLines>> underWay = new ConcurrentHashMap<>();

    /** @param store gives the bytes of a key */
    DecodedChunks(Vertx vertx, Function<String, Future<Buffer>> store) {
        this(vertx, store, Math.min(MAX_CACHE_BYTES, Runtime.getRuntime().maxMemory() / 16));
    }

    DecodedChunks(Vertx vertx, Function<String, Future<Buffer>> store, long maxCacheBytes) {
        this.vertx = vertx;
        this.store = store;
        this.cache = new ChunkCache(vertx, maxCacheBytes);
        this.turns = turns(READS_AT_ONCE, MAX_WAITING_READS);
        this.workers = vertx.createSharedWorkerExecutor("berth-log-read", THREADS);
    }

    static FairQueue<Long> turns(int atOnce, int maxWaitingEach) {
        return new FairQueue<>(
                atOnce,
                atOnce,
                new CountLimit<>(
                        maxWaitingEach,
                        maxWaitingEach + " of your log reads are waiting already; try again when they are done"));
    }

    Future<Void> close() {
        return workers.close();
    }

    void keep(long user, String key, LogLines lines) {
        cache.put(user, key, lines);
    }

    /** The entries of the chunks, in order. Completes at once if all are in memory. */
    Future<List<LogLines>> get(long user, List<LogChunk> chunks, BooleanSupplier stop) {
        return inMemory(chunks)
                .map(Future::succeededFuture)
                .orElseGet(() -> turns.run(user, () -> stop.getAsBoolean() ? noMore() : load(user, chunks)));
    }

    private Optional<List<LogLines>> inMemory(List<LogChunk> chunks) {
        List<LogLines> lines = new ArrayList<>(chunks.size());
        for (LogChunk chunk : chunks) {
            Optional<LogLines> held = cache.get(chunk.objectKey());
            if (held.isEmpty()) {
                return Optional.empty();
            }
            lines.add(held.get());
        }
        return Optional.of(lines);
    }

    private static <T> Future<T> noMore() {
        return Future.failedFuture(new BerthException(ErrorCode.CONFLICT, "the reader has left"));
    }

    private Future<List<LogLines>> load(long user, List<LogChunk> chunks) {
        List<Future<LogLines>> loads =
                chunks.stream().map(chunk -> load(user, chunk.objectKey())).toList();
        return Future.all(loads).map(all -> all.list());
    }

    private Future<LogLines> load(long user, String key) {
        Optional<LogLines> held = cache.get(key);
        if (held.isPresent()) {
            return Future.succeededFuture(held.get());
        }
        Promise<LogLines> mine = ((ContextInternal) vertx.getOrCreateContext()).promise();
        Future<LogLines> others = underWay.putIfAbsent(key, mine.future());
        if (others != null) {
            return others;
        }
        Future.succeededFuture()
                .compose(now -> store.apply(key))
                .compose(zipped -> workers.executeBlocking(() -> decode(zipped), false))
                .onSuccess(lines -> cache.put(user, key, lines))
                .onComplete(over -> underWay.remove(key))
                .onComplete(mine);
        return mine.future();
    }

    private static LogLines decode(Buffer zipped) throws IOException {
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped.getBytes()))) {
            byte[] ndjson = unzipped.readNBytes(MAX_CHUNK_BYTES);
            if (unzipped.read() >= 0) {
                throw new IOException("a log chunk has more than " + MAX_CHUNK_BYTES + " bytes");
            }
            return LogLines.ofNdjson(ndjson);
        }
    }
}
