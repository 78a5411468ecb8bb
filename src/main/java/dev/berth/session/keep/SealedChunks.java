package dev.berth.session.keep;

import dev.berth.protocol.LogChunk;
import java.util.ArrayList;
import java.util.List;

/**
 * The sealed chunks of one log, oldest first. A log that gets a line now and then makes many small chunks, each a row,
 * an object and a read. So ten small neighbours are merged into one, and ten of those again, until they are large
 * enough.
 */
final class SealedChunks {
    /** How many chunks are merged at once: each entry is rewritten about four times in all. */
    static final int RUN = 10;

    private static final Size LARGE = new Size(LogBuffer.CHUNK_ENTRIES / RUN, LogBuffer.CHUNK_BYTES / RUN);

    private final List<Sealed> chunks = new ArrayList<>();

    /**
     * A sealed chunk.
     *
     * @param bytes estimated memory of its entries
     * @param left whether it stays unmerged, however small
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

    /** The chunks with entries from {@code offset} on, at most {@code limit} entries. */
    List<LogChunk> overlapping(long offset, int limit) {
        return chunks.stream()
                .map(Sealed::chunk)
                .filter(chunk -> chunk.overlaps(offset, limit))
                .toList();
    }

    /**
     * The latest chunks, if they should be merged now; otherwise empty. None holds more than half of the total, so that
     * an entry is always rewritten into a chunk of at least twice the size.
     */
    List<LogChunk> run() {
        List<Sealed> latest = chunks.subList(Math.max(0, chunks.size() - RUN), chunks.size());
        int all = latest.stream().mapToInt(part -> part.chunk.count()).sum();
        boolean due = latest.size() == RUN
                && latest.stream().allMatch(part -> part.isSmall() && 2 * part.chunk.count() <= all);
        return due ? latest.stream().map(Sealed::chunk).toList() : List.of();
    }

    /** All small neighbours when no more chunks come, in groups that make one chunk each. */
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

    /** Marks chunks that can't be merged. */
    void leave(List<LogChunk> run) {
        chunks.replaceAll(part -> run.contains(part.chunk) ? new Sealed(part.chunk, part.bytes, true) : part);
    }

    /** Replaces the parts of a merged chunk by it. */
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
