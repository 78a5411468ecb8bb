package dev.berth.session.keep;

import dev.berth.protocol.LogChunk;
import java.util.ArrayList;
import java.util.List;

/**
 * The sealed chunks of one log, oldest first. A log to which a line comes now and then makes many small ones, each a row, an
 * object and a read: ten neighbours are merged, and ten of what comes of that, until they are large enough.
 */
final class SealedChunks {
    /** So many at once: each entry is written again some four times in all. */
    static final int RUN = 10;

    private static final Size LARGE = new Size(LogBuffer.CHUNK_ENTRIES / RUN, LogBuffer.CHUNK_BYTES / RUN);

    private final List<Sealed> chunks = new ArrayList<>();

    /**
     * A chunk.
     *
     * @param bytes about what its entries took in memory
     * @param left whether it stays as it is, however small
     */
    private record Sealed(LogChunk chunk, long bytes, boolean left) {
        boolean isSmall() {
            return !left && isBelow(LARGE);
        }

        boolean isBelow(Size size) {
            return chunk.count() < size.entries && bytes < size.bytes;
        }
    }

    private record Size(int entries, long bytes) {}

    void add(LogChunk chunk, long bytes) {
        chunks.add(new Sealed(chunk, bytes, false));
    }

    /** Those that hold entries from {@code offset} on, {@code limit} at the most. */
    List<LogChunk> overlapping(long offset, int limit) {
        return chunks.stream()
                .map(Sealed::chunk)
                .filter(chunk -> chunk.overlaps(offset, limit))
                .toList();
    }

    /**
     * The latest, where they are to be merged; empty where they are not. None has more than half of all: so an entry is written
     * again into a chunk of twice the size at the least.
     */
    List<LogChunk> run() {
        List<Sealed> latest = chunks.subList(Math.max(0, chunks.size() - RUN), chunks.size());
        int all = latest.stream().mapToInt(part -> part.chunk.count()).sum();
        boolean due = latest.size() == RUN
                && latest.stream().allMatch(part -> part.isSmall() && 2 * part.chunk.count() <= all);
        return due ? latest.stream().map(Sealed::chunk).toList() : List.of();
    }

    /** All neighbours that are small, where no more come: in groups of which each makes one chunk. */
    List<List<LogChunk>> rest() {
        List<List<LogChunk>> groups = new ArrayList<>();
        List<LogChunk> group = new ArrayList<>();
        Size room = new Size(LogBuffer.CHUNK_ENTRIES, LogBuffer.CHUNK_BYTES);
        for (Sealed part : chunks) {
            boolean small = part.isSmall();
            if (!small || !part.isBelow(room)) {
                groups.add(group);
                group = new ArrayList<>();
                room = new Size(LogBuffer.CHUNK_ENTRIES, LogBuffer.CHUNK_BYTES);
            }
            if (small) {
                group.add(part.chunk);
                room = new Size(room.entries - part.chunk.count(), room.bytes - part.bytes);
            }
        }
        groups.add(group);
        return groups.stream().filter(several -> several.size() > 1).toList();
    }

    /** They can't be merged. */
    void leave(List<LogChunk> run) {
        chunks.replaceAll(part -> run.contains(part.chunk) ? new Sealed(part.chunk, part.bytes, true) : part);
    }

    /** A chunk takes the place of those that it was made of. */
    void replace(LogChunk merged) {
        int first = 0;
        while (chunks.get(first).chunk.firstOffset() < merged.firstOffset()) {
            first++;
        }
        int end = first;
        long bytes = 0;
        while (end < chunks.size() && chunks.get(end).chunk.firstOffset() < merged.endOffset()) {
            bytes += chunks.get(end++).bytes;
        }
        chunks.subList(first, end).clear();
        chunks.add(first, new Sealed(merged, bytes, false));
    }
}
