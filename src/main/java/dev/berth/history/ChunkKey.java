package dev.berth.history;

import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The object key of a log chunk: it contains everything that the index has. */
public record ChunkKey(SessionId sessionId, LogKind kind, long firstOffset, int count) {
    private static final Pattern SHAPE = Pattern.compile(
            "sessions/(session-[0-9a-f-]{36})/(console|network|bodies)/(\\d{12,18})-(\\d{1,9})\\.ndjson\\.gz");

    /** Parses a key; empty if it is not that of a chunk. */
    static Optional<ChunkKey> parse(String key) {
        Matcher parts = SHAPE.matcher(key);
        return parts.matches()
                ? SessionId.parse(parts.group(1))
                        .map(id -> new ChunkKey(
                                id,
                                LogKind.valueOf(parts.group(2).toUpperCase(Locale.ROOT)),
                                Long.parseLong(parts.group(3)),
                                Integer.parseInt(parts.group(4))))
                : Optional.empty();
    }

    public LogChunk chunk() {
        return new LogChunk(toString(), firstOffset, count);
    }

    @Override
    public String toString() {
        return "sessions/%s/%s/%012d-%d.ndjson.gz".formatted(sessionId, kind.wireName(), firstOffset, count);
    }
}
