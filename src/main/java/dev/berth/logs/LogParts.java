package dev.berth.logs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.loop.LoopPromise;
import dev.berth.protocol.LogKind.LogChunk;
import dev.berth.protocol.LogLines;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Gives the entries of parts of logs: of parts that were read lately from memory, of others from the object store, and each only once
 * for all simultaneous readers. A failure is theirs, and is not remembered. Thread-safe; results come on the caller's context.
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
    /** Caffeine's asynchronous cache would print the stack trace of each failure: in an outage, of each page that a client reads. */
    private final Cache<String, LogLines> loaded = Caffeine.newBuilder()
            .maximumWeight(Math.min(MAX_CACHE_BYTES, Runtime.getRuntime().maxMemory() / 8))
            .weigher((String key, LogLines lines) -> LEAST_BYTES + Math.toIntExact(lines.bytes()))
            .executor(Runnable::run)
            .build();

    private final Map<String, Future<LogLines>> loading = new ConcurrentHashMap<>();

    /** @param store gives the bytes of a key */
    LogParts(Vertx vertx, Function<String, Future<Buffer>> store, WorkerExecutor workers) {
        this.vertx = vertx;
        this.store = store;
        this.workers = workers;
    }

    /** The entries of parts, in order, if all of them are in memory. */
    Optional<List<LogLines>> inMemory(List<LogChunk> parts) {
        List<LogLines> lines = parts.stream()
                .flatMap(part -> Stream.ofNullable(loaded.getIfPresent(part.objectKey())))
                .toList();
        return Optional.of(lines).filter(all -> all.size() == parts.size());
    }

    /** The entries of parts, in order. */
    Future<List<LogLines>> load(List<LogChunk> parts) {
        List<Future<LogLines>> loads =
                parts.stream().map(part -> load(part.objectKey())).toList();
        return Future.all(loads).map(all -> all.list());
    }

    private Future<LogLines> load(String key) {
        LogLines known = loaded.getIfPresent(key);
        return known != null ? Future.succeededFuture(known) : LoopPromise.on(vertx.getOrCreateContext(), join(key));
    }

    private Future<LogLines> join(String key) {
        Promise<LogLines> mine = Promise.promise();
        Future<LogLines> first = loading.putIfAbsent(key, mine.future());
        if (first != null) {
            return first;
        }
        Future.succeededFuture().compose(now -> fetch(key)).onComplete(fetched -> {
            if (fetched.succeeded()) {
                loaded.put(key, fetched.result());
            }
            loading.remove(key);
            mine.handle(fetched);
        });
        return mine.future();
    }

    private Future<LogLines> fetch(String key) {
        return store.apply(key).compose(zipped -> workers.executeBlocking(() -> decode(zipped), false));
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
