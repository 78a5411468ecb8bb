package dev.berth.session.keep;

import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.List;

/**
 * Makes chunks of log entries.
 *
 * @param <T> the form of an entry
 */
interface ChunkSealer<T> {
    /** Completes when the chunk would survive the server. Idempotent for the same entries. */
    Future<LogChunk> seal(SessionId id, LogKind kind, long firstOffset, List<T> entries);
}
