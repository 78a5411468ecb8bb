package dev.berth.artifact;

import dev.berth.artifact.LogReader.Part;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogLines;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What is read of a log in one go: some chunks, and unsealed entries after them. A value.
 *
 * @param from the first offset
 * @param end the offset after the last requested one
 * @param runs the entries, once loaded
 */
record LogWindow(long total, long from, long end, List<LogChunk> chunks, List<Run> runs) {

    /** Consecutive entries, from this offset to that; no lines where none of them is wanted. */
    private record Run(long firstOffset, long endOffset, LogLines lines) {
        static Run of(long firstOffset, LogLines lines) {
            return new Run(firstOffset, firstOffset + lines.count(), lines);
        }
    }

    interface Sink {
        /** @param offset of the entry {@code from} */
        void accept(long offset, LogLines lines, int from, int to);
    }

    /** The window of the entries from {@code offset} on, at most {@code limit}. */
    static LogWindow of(Part part, long offset, int limit) {
        return of(part, offset, limit, offset > Long.MAX_VALUE - limit ? Long.MAX_VALUE : offset + limit);
    }

    /** Like {@link #of}, but up to the end of the last chunk, which then need not be read again. */
    static LogWindow ofWholeChunks(Part part, long offset, int limit) {
        return of(part, offset, limit, Long.MAX_VALUE);
    }

    private static LogWindow of(Part part, long offset, int limit, long end) {
        List<LogChunk> needed = part.chunks().stream()
                .filter(chunk -> chunk.overlaps(offset, limit))
                .toList();
        boolean isCut = needed.size() > DecodedChunks.AT_ONCE;
        return new LogWindow(
                part.total(),
                offset,
                end,
                isCut ? needed.subList(0, DecodedChunks.AT_ONCE) : needed,
                isCut || part.waiting().count() == 0
                        ? List.of()
                        : List.of(Run.of(part.firstWaiting(), part.waiting())));
    }

    /** This window with the entries of its chunks. */
    Future<LogWindow> load(DecodedChunks decoded, long user, BooleanSupplier stop) {
        return load(decoded, user, stop, any -> true);
    }

    /** The same with the entries of the chunks that are wanted alone. */
    Future<LogWindow> load(DecodedChunks decoded, long user, BooleanSupplier stop, Predicate<LogChunk> isWanted) {
        List<LogChunk> wanted = chunks.stream().filter(isWanted).toList();
        return decoded.get(user, wanted, stop).map(lines -> {
            Iterator<LogLines> loaded = lines.iterator();
            List<Run> all = new ArrayList<>();
            for (LogChunk chunk : chunks) {
                LogLines own = wanted.contains(chunk) ? loaded.next() : LogLines.NONE;
                all.add(new Run(chunk.firstOffset(), chunk.endOffset(), own));
            }
            all.addAll(runs);
            return new LogWindow(total, from, end, chunks, all);
        });
    }

    /** Passes on the chunks whose entries were loaded, with them. */
    void forEachChunk(BiConsumer<String, LogLines> sink) {
        for (int i = 0; i < Math.min(chunks.size(), runs.size()); i++) {
            sink.accept(chunks.get(i).objectKey(), runs.get(i).lines);
        }
    }

    void forEach(Sink sink) {
        for (Run run : runs) {
            int first = (int) Math.max(0, Math.min(run.lines.count(), from - run.firstOffset));
            int last = (int) Math.min(run.lines.count(), end - run.firstOffset);
            if (first < last) {
                sink.accept(run.firstOffset + first, run.lines, first, last);
            }
        }
    }

    /** The offset after the last entry. */
    long next() {
        return runs.isEmpty() ? from : Math.min(end, lastEnd());
    }

    private long lastEnd() {
        return runs.get(runs.size() - 1).endOffset;
    }

    /** Whether the log has entries after this window. */
    boolean hasMore() {
        return next() > from && next() < total;
    }
}
