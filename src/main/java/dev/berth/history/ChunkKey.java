package dev.berth.history;

import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import java.util.regex.Pattern;

/** The object key of a part of a log: it contains everything that the index has. */
public record ChunkKey(SessionId sessionId, LogKind kind, long firstOffset, int count) {
    private static final Pattern SHAPE = Pattern.compile(
            "sessions/session-[0-9a-f-]{36}/(console|network|bodies)/\\d{12,18}-\\d{1,9}\\.ndjson\\.gz");

    /** Whether an object is a part of a log. */
    static boolean is(String key) {
        return SHAPE.matcher(key).matches();
    }

    public LogChunk chunk() {
        return new LogChunk(toString(), firstOffset, count);
    }

    @Override
    public String toString() {
        return "sessions/%s/%s/%012d-%d.ndjson.gz".formatted(sessionId, kind.wireName(), firstOffset, count);
    }
}
