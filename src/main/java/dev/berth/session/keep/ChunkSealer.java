package dev.berth.session.keep;

import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.List;

/**
 * Makes chunks.
 *
 * @param <T> what an entry is kept as
 */
interface ChunkSealer<T> {
    /** Completes when the chunk would survive the server. Repeating it with the same entries is harmless. */
    Future<LogChunk> seal(SessionId id, LogKind kind, long firstOffset, List<T> entries);
}
