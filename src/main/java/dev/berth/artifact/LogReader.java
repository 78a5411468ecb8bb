package dev.berth.artifact;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.ProtocolJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/** Puts a log together from its chunks, in the spool or the object store, and its entries still in memory. */
public final class LogReader {
    private static final int PARALLEL_READS = 16;

    private final WorkerExecutor workers;
    private final Function<String, Future<Buffer>> store;

    /**
     * @param workers unzip and parse
     * @param store gives the chunk of a key
     */
    public LogReader(WorkerExecutor workers, Function<String, Future<Buffer>> store) {
        this.workers = workers;
        this.store = store;
    }

    /**
     * Where a log is.
     *
     * @param total how many entries it has
     * @param chunks its sealed part, oldest first
     * @param waiting entries after the chunks
     * @param firstWaiting the offset of the first of them
     */
    public record Source<T>(long total, List<LogChunk> chunks, long firstWaiting, List<T> waiting) {}

    /** Part of a log. */
    public record Page<T>(List<T> entries, long total) {}

    /**
     * The entries from {@code offset} on, {@code limit} at the most.
     *
     * @param stop whether nobody waits for them any more: is asked between groups of chunks
     */
    public <T> Future<Page<T>> read(Source<T> source, Class<T> type, long offset, int limit, BooleanSupplier stop) {
        List<T> entries = new ArrayList<>();
        return inGroups(needed(source, offset, limit), stop, (at, line) -> {
                    if (at >= offset && entries.size() < limit) {
                        entries.add(parse(line, type));
                    }
                })
                .map(done -> {
                    source.waiting().stream().limit(limit - entries.size()).forEach(entries::add);
                    return new Page<>(entries, source.total());
                });
    }

    /**
     * Shows {@code sink} the entries from {@code offset} on, in order: {@code window} of them, or as many more as its last chunk
     * has. Gives the offset after them.
     *
     * @param stop is asked between groups of chunks
     */
    public <T> Future<Long> show(
            Source<T> source, Class<T> type, long offset, int window, BooleanSupplier stop, Consumer<T> sink) {
        List<LogChunk> chunks = needed(source, offset, window);
        return inGroups(chunks, stop, (at, line) -> {
                    if (at >= offset) {
                        sink.accept(parse(line, type));
                    }
                })
                .map(done -> {
                    source.waiting().forEach(sink);
                    long end =
                            chunks.isEmpty() ? 0 : chunks.get(chunks.size() - 1).endOffset();
                    return Math.max(offset + window, end);
                });
    }

    private static List<LogChunk> needed(Source<?> source, long offset, int limit) {
        return source.chunks().stream()
                .filter(chunk -> chunk.overlaps(offset, limit))
                .toList();
    }

    private interface Sink {
        void accept(long offset, String line);
    }

    /** Reads some chunks at once, hands them on in order, and only then reads more: memory stays bounded. */
    private Future<Void> inGroups(List<LogChunk> chunks, BooleanSupplier stop, Sink sink) {
        Promise<Void> done = Promise.promise();
        readFrom(chunks, 0, stop, sink, done);
        return done.future();
    }

    /** A session's log may have a hundred thousand chunks: no chain of futures is as long. */
    private void readFrom(List<LogChunk> chunks, int from, BooleanSupplier stop, Sink sink, Promise<Void> done) {
        if (from >= chunks.size()) {
            done.complete();
            return;
        }
        if (stop.getAsBoolean()) {
            done.fail(new BerthException(ErrorCode.CONFLICT, "nobody waits for it any more"));
            return;
        }
        List<LogChunk> group = chunks.subList(from, Math.min(chunks.size(), from + PARALLEL_READS));
        List<Future<Buffer>> reads = new ArrayList<>();
        Future.succeededFuture()
                .compose(now -> {
                    group.forEach(chunk -> reads.add(store.apply(chunk.objectKey())));
                    return Future.all(reads);
                })
                .compose(all -> workers.executeBlocking(
                        () -> {
                            for (int i = 0; i < group.size(); i++) {
                                unzip(group.get(i), reads.get(i).result(), sink);
                            }
                            return null;
                        },
                        false))
                .onFailure(done::fail)
                .onSuccess(read -> readFrom(chunks, from + group.size(), stop, sink, done));
    }

    /** Line by line: what a chunk unzips to may be many times its size. */
    private static void unzip(LogChunk chunk, Buffer zipped, Sink sink) throws IOException {
        var unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped.getBytes()));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(unzipped, StandardCharsets.UTF_8))) {
            long offset = chunk.firstOffset();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                sink.accept(offset++, line);
            }
        }
    }

    private static <T> T parse(String line, Class<T> type) {
        try {
            return ProtocolJson.MAPPER.readValue(line, type);
        } catch (IOException e) {
            throw new IllegalStateException("a log chunk is not readable", e);
        }
    }

    /** What the index of an ended session's log says of it. */
    public static <T> Source<T> sealed(List<LogChunk> chunks) {
        long total = Optional.of(chunks)
                .filter(c -> !c.isEmpty())
                .map(c -> c.get(c.size() - 1).endOffset())
                .orElse(0L);
        return new Source<>(total, chunks, total, List.of());
    }
}
