package dev.berth.artifact;

import dev.berth.artifact.LogReader.Part;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogLines;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What is read of a log in one go: some chunks, and unsealed entries after them. A value.
 *
 * @param from the first offset
 * @param end the offset after the last requested one
 * @param runs the entries, once loaded
 */
record LogWindow(long total, long from, long end, List<LogChunk> chunks, List<Run> runs) {

    /** Consecutive entries; the first has this offset. */
    private record Run(long firstOffset, LogLines lines) {}

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
                        : List.of(new Run(part.firstWaiting(), part.waiting())));
    }

    /** This window with the entries of its chunks. */
    Future<LogWindow> load(DecodedChunks decoded, long user, BooleanSupplier stop) {
        return decoded.get(user, chunks, stop).map(lines -> {
            List<Run> all = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                all.add(new Run(chunks.get(i).firstOffset(), lines.get(i)));
            }
            all.addAll(runs);
            return new LogWindow(total, from, end, chunks, all);
        });
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
        Run last = runs.get(runs.size() - 1);
        return last.firstOffset + last.lines.count();
    }

    /** Whether the log has entries after this window. */
    boolean hasMore() {
        return next() > from && next() < total;
    }
}
