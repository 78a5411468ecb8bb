package dev.berth.http;

import dev.berth.artifact.ArtifactStore;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.ProtocolJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** Puts a log together from its chunks in the object store and its entries still in memory. */
final class LogReader {
    private static final int PARALLEL_READS = 16;

    private final Vertx vertx;
    private final ArtifactStore store;

    LogReader(Vertx vertx, ArtifactStore store) {
        this.vertx = vertx;
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
    record Source<T>(long total, List<LogChunk> chunks, long firstWaiting, List<T> waiting) {}

    /** Part of a log. */
    record Page<T>(List<T> entries, long total) {}

    /** The entries from {@code offset} on, {@code limit} at the most. */
    <T> Future<Page<T>> read(Source<T> source, Class<T> type, long offset, int limit) {
        List<LogChunk> needed = source.chunks().stream()
                .filter(chunk -> chunk.overlaps(offset, limit))
                .toList();
        List<T> entries = new ArrayList<>();
        return inGroups(needed, (chunk, lines) -> {
                    for (int i = 0; i < lines.size(); i++) {
                        if (chunk.firstOffset() + i >= offset && entries.size() < limit) {
                            entries.add(parse(lines.get(i), type));
                        }
                    }
                })
                .map(done -> {
                    source.waiting().stream().limit(limit - entries.size()).forEach(entries::add);
                    return new Page<>(entries, source.total());
                });
    }

    /** Of the entries that match, those from {@code offset} on, {@code limit} at the most; the total counts all that match. */
    <T> Future<Page<T>> filter(Source<T> source, Class<T> type, Predicate<T> matches, long offset, int limit) {
        Matches<T> found = new Matches<>(matches, offset, limit);
        return inGroups(source.chunks(), (chunk, lines) -> lines.forEach(line -> found.offer(parse(line, type))))
                .map(done -> {
                    source.waiting().forEach(found::offer);
                    return new Page<>(found.kept, found.count);
                });
    }

    private static final class Matches<T> {
        private final Predicate<T> matches;
        private final long offset;
        private final int limit;
        private final List<T> kept = new ArrayList<>();
        private long count;

        Matches(Predicate<T> matches, long offset, int limit) {
            this.matches = matches;
            this.offset = offset;
            this.limit = limit;
        }

        void offer(T entry) {
            if (matches.test(entry)) {
                if (count++ >= offset && kept.size() < limit) {
                    kept.add(entry);
                }
            }
        }
    }

    private interface Sink {
        void accept(LogChunk chunk, List<String> lines) throws IOException;
    }

    /** Reads some chunks at once, hands them on in order, and only then reads more: memory stays bounded. */
    private Future<Void> inGroups(List<LogChunk> chunks, Sink sink) {
        Promise<Void> done = Promise.promise();
        readFrom(chunks, 0, sink, done);
        return done.future();
    }

    /** A session's log may have a hundred thousand chunks: no chain of futures is as long. */
    private void readFrom(List<LogChunk> chunks, int from, Sink sink, Promise<Void> done) {
        if (from >= chunks.size()) {
            done.complete();
            return;
        }
        List<LogChunk> group = chunks.subList(from, Math.min(chunks.size(), from + PARALLEL_READS));
        List<Future<Buffer>> reads = new ArrayList<>();
        Future.succeededFuture()
                .compose(now -> {
                    group.forEach(chunk -> reads.add(store.get(chunk.objectKey())));
                    return Future.all(reads);
                })
                .compose(all -> vertx.executeBlocking(
                        () -> {
                            for (int i = 0; i < group.size(); i++) {
                                sink.accept(group.get(i), lines(reads.get(i).result()));
                            }
                            return null;
                        },
                        false))
                .onFailure(done::fail)
                .onSuccess(read -> readFrom(chunks, from + group.size(), sink, done));
    }

    private static List<String> lines(Buffer chunk) throws IOException {
        var unzipped = new GZIPInputStream(new ByteArrayInputStream(chunk.getBytes()));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(unzipped, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
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
    static <T> Source<T> sealed(List<LogChunk> chunks) {
        long total = Optional.of(chunks)
                .filter(c -> !c.isEmpty())
                .map(c -> c.get(c.size() - 1).endOffset())
                .orElse(0L);
        return new Source<>(total, chunks, total, List.of());
    }
}
