package dev.berth.logs;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogLines;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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

    private final LoadCache<String, LogLines> cache;

    /** @param store gives the bytes of a key */
    LogParts(Vertx vertx, Function<String, Future<Buffer>> store, WorkerExecutor workers) {
        this.cache = new LoadCache<>(
                vertx,
                Caffeine.newBuilder()
                        .maximumWeight(
                                Math.min(MAX_CACHE_BYTES, Runtime.getRuntime().maxMemory() / 8))
                        .weigher((String key, LogLines lines) -> LEAST_BYTES + Math.toIntExact(lines.bytes())),
                key -> store.apply(key).compose(zipped -> workers.executeBlocking(() -> decode(zipped), false)));
    }

    /** The entries of parts, in order, if all of them are in memory. */
    Optional<List<LogLines>> inMemory(List<LogChunk> parts) {
        List<LogLines> lines = parts.stream()
                .flatMap(part -> cache.known(part.objectKey()).stream())
                .toList();
        return Optional.of(lines).filter(all -> all.size() == parts.size());
    }

    /** The entries of parts, in order. */
    Future<List<LogLines>> load(List<LogChunk> parts) {
        List<Future<LogLines>> loads =
                parts.stream().map(part -> cache.get(part.objectKey())).toList();
        return Future.all(loads).map(all -> all.list());
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
