package dev.berth.session.keep;

import dev.berth.artifact.LogReader;
import dev.berth.artifact.ObjectKeeping;
import dev.berth.artifact.ObjectKeeping.OnFailure;
import dev.berth.artifact.ObjectStore;
import dev.berth.history.ChunkKey;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.GZIPOutputStream;

/**
 * Makes log chunks: gzipped NDJSON, first in the spool, then in the index, then uploaded to the object store. Runs on
 * the session's context.
 */
public final class LogSealer implements ChunkSealer<byte[]> {
    private final Vertx vertx;
    private final ObjectStore store;
    private final ObjectKeeping keeping;
    private final SessionHistory.LogChunks index;
    private final LocalChunks local;
    private final long user;
    private final LogReader reader;
    private final LongConsumer onSealed;

    /**
     * @param user owner of the session
     * @param reader gets the lines of the new chunk, so that it need not fetch them
     * @param onSealed receives the size of each chunk once, whatever the number of tries
     */
    public LogSealer(
            Vertx vertx,
            ObjectStore store,
            SessionHistory.LogChunks index,
            LocalChunks local,
            long user,
            LogReader reader,
            LongConsumer onSealed) {
        this.local = local;
        this.user = user;
        this.reader = reader;
        this.onSealed = onSealed;
        this.vertx = vertx;
        this.store = store;
        this.keeping = new ObjectKeeping(store);
        this.index = index;
    }

    @Override
    public Future<LogChunk> seal(SessionId id, LogKind kind, long firstOffset, List<byte[]> entries) {
        ChunkKey chunk = new ChunkKey(id, kind, firstOffset, entries.size());
        String key = chunk.toString();
        LogLines lines = LogLines.of(entries);
        return vertx.executeBlocking(() -> zip(lines), false)
                .compose(bytes -> keeping.keep(
                                key,
                                () -> store.spool(key, bytes),
                                () -> index.add(chunk).map(true),
                                OnFailure.STAYS)
                        .map(bytes.length()))
                .map(size -> {
                    onSealed.accept(size);
                    local.add(key, size);
                    reader.keep(user, key, lines);
                    return chunk.chunk();
                });
    }

    private static Buffer zip(LogLines lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(lines.ndjson());
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
