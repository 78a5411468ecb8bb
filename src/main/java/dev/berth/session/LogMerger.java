package dev.berth.session;

import dev.berth.artifact.ArtifactStore;
import dev.berth.history.ChunkKey;
import dev.berth.history.LogChunkRepository;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one log chunk of several small ones. It takes their place in the index at once, when it is safe; whoever has been told of
 * the small ones finds their objects for a while yet. Where it is cut off, all stays as it was.
 */
final class LogMerger implements LogBuffer.Merger {
    private static final Logger log = LoggerFactory.getLogger(LogMerger.class);

    private final Vertx vertx;
    private final ArtifactStore store;
    private final LogChunkRepository index;
    private final String machineId;

    LogMerger(Vertx vertx, ArtifactStore store, LogChunkRepository index, String machineId) {
        this.vertx = vertx;
        this.store = store;
        this.index = index;
        this.machineId = machineId;
    }

    @Override
    public Future<LogChunk> merge(SessionId id, LogKind kind, List<LogChunk> chunks) {
        int count = chunks.stream().mapToInt(LogChunk::count).sum();
        ChunkKey merged = new ChunkKey(id, kind, chunks.get(0).firstOffset(), count);
        String key = merged.toString();
        List<Future<Buffer>> reads =
                chunks.stream().map(chunk -> store.get(chunk.objectKey())).toList();
        return Future.all(reads)
                .compose(all -> vertx.executeBlocking(
                        () -> zip(reads.stream().map(Future::result).toList()), false))
                .compose(bytes -> store.spool(key, bytes))
                .compose(safe -> index.replace(merged, machineId))
                .compose(replaced ->
                        replaced ? Future.succeededFuture(merged.chunk()) : Future.failedFuture("they are gone"))
                .onSuccess(replaced -> store.upload(key)
                        .onFailure(e -> log.debug("{} {} stays in the spool: {}", id, key, e.getMessage())));
    }

    /** Their lines stay as they are. */
    private static Buffer zip(List<Buffer> chunks) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (Buffer chunk : chunks) {
                new GZIPInputStream(new ByteArrayInputStream(chunk.getBytes())).transferTo(out);
            }
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
