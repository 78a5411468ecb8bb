package dev.berth.protocol;

/**
 * A sealed piece of a log in the object store: gzipped NDJSON, one entry a line.
 *
 * @param objectKey where it is
 * @param firstOffset the offset of its first entry in the log
 * @param count how many entries it has
 */
public record LogChunk(String objectKey, long firstOffset, int count) {
    /** The offset after its last entry. */
    public long endOffset() {
        return firstOffset + count;
    }

    /** Whether it holds any of the entries from {@code offset}, {@code limit} at the most. */
    public boolean overlaps(long offset, long limit) {
        return firstOffset < offset + limit && endOffset() > offset;
    }
}
