package dev.berth.logs;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogLines;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * Gives the entries of parts of logs: of parts that were read lately from memory, of others from the object store, and each only once
 * for all simultaneous readers. Thread-safe; results come on the caller's context.
 */
final class LogParts {
    private static final long MAX_CACHE_BYTES = 256L << 20;
    /** The least that a part counts, with its key and its entry of the cache. */
    private static final int LEAST_BYTES = 512;
    /** Limit for a part, gunzipped; none comes near it. */
    private static final int MAX_PART_BYTES = 64 << 20;

    private final Vertx vertx;
    private final Function<String, Future<Buffer>> store;
    private final WorkerExecutor workers;
    private final AsyncCache<String, LogLines> cache = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(Math.min(MAX_CACHE_BYTES, Runtime.getRuntime().maxMemory() / 8))
            .weigher((String key, LogLines lines) -> LEAST_BYTES + Math.toIntExact(lines.bytes()))
            .buildAsync();

    /** @param store gives the bytes of a key */
    LogParts(Vertx vertx, Function<String, Future<Buffer>> store, WorkerExecutor workers) {
        this.vertx = vertx;
        this.store = store;
        this.workers = workers;
    }

    /** The entries of parts, in order, if all of them are in memory. */
    Optional<List<LogLines>> inMemory(List<LogChunk> parts) {
        List<LogLines> lines = new ArrayList<>(parts.size());
        for (LogChunk part : parts) {
            CompletableFuture<LogLines> held = cache.getIfPresent(part.objectKey());
            if (held == null || !held.isDone() || held.isCompletedExceptionally()) {
                return Optional.empty();
            }
            lines.add(held.join());
        }
        return Optional.of(lines);
    }

    /** The entries of parts, in order. */
    Future<List<LogLines>> load(List<LogChunk> parts) {
        List<Future<LogLines>> loads = parts.stream().map(this::load).toList();
        return Future.all(loads).map(all -> all.list());
    }

    private Future<LogLines> load(LogChunk part) {
        return Future.fromCompletionStage(
                cache.get(part.objectKey(), (key, executor) -> fetch(key)), vertx.getOrCreateContext());
    }

    private CompletableFuture<LogLines> fetch(String key) {
        return store.apply(key)
                .compose(zipped -> workers.executeBlocking(() -> decode(zipped), false))
                .toCompletionStage()
                .toCompletableFuture();
    }

    private static LogLines decode(Buffer zipped) throws IOException {
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped.getBytes()))) {
            byte[] ndjson = unzipped.readNBytes(MAX_PART_BYTES);
            if (unzipped.read() >= 0) {
                throw new IOException("a part of a log has more than " + MAX_PART_BYTES + " bytes");
            }
            return LogLines.ofNdjson(ndjson);
        }
    }
}
