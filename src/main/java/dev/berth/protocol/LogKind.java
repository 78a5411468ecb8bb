package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Set;

/** The logs that a session keeps. */
public enum LogKind {
    CONSOLE,
    NETWORK,
    /** The bodies of responses, in sessions that keep them. */
    BODIES;

    /** The logs that can be followed. */
    public static final Set<LogKind> FOLLOWED = Set.of(CONSOLE, NETWORK);

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A part of a log in the object store: gzipped NDJSON, one entry per line.
     *
     * @param objectKey its key in the bucket
     * @param firstOffset the offset in the log of its first entry
     * @param count its number of entries
     */
    public record LogChunk(String objectKey, long firstOffset, int count) {
        /** The offset after its last entry. */
        public long endOffset() {
            return firstOffset + count;
        }

        /** Whether it has any of the {@code limit} entries from {@code offset} on. */
        public boolean overlaps(long offset, long limit) {
            return firstOffset < offset + limit && endOffset() > offset;
        }
    }
}
