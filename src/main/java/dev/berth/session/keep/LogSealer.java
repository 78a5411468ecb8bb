package dev.berth.session.keep;

import dev.berth.artifact.ArtifactStore;
import dev.berth.history.ChunkKey;
import dev.berth.history.LogChunkRepository;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.ProtocolJson;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes log chunks: gzipped NDJSON in the spool, then in the index, then on its way to the object store. */
public final class LogSealer implements LogBuffer.Sealer {
    private static final Logger log = LoggerFactory.getLogger(LogSealer.class);

    private final Vertx vertx;
    private final ArtifactStore store;
    private final LogChunkRepository index;
    private final LocalChunks local;
    private final LongConsumer onSealed;

    /** @param onSealed is told how many bytes a chunk takes, once, however often it was tried */
    public LogSealer(
            Vertx vertx, ArtifactStore store, LogChunkRepository index, LocalChunks local, LongConsumer onSealed) {
        this.local = local;
        this.onSealed = onSealed;
        this.vertx = vertx;
        this.store = store;
        this.index = index;
    }

    @Override
    public Future<LogChunk> seal(SessionId id, LogKind kind, long firstOffset, List<?> entries) {
        ChunkKey chunk = new ChunkKey(id, kind, firstOffset, entries.size());
        String key = chunk.toString();
        return vertx.executeBlocking(() -> encode(entries), false)
                .compose(bytes -> store.spool(key, bytes)
                        .compose(safe -> index.add(chunk))
                        .map(bytes.length()))
                .map(size -> {
                    onSealed.accept(size);
                    local.add(key, size);
                    store.upload(key)
                            .onFailure(e -> log.debug("{} {} stays in the spool: {}", id, key, e.getMessage()));
                    return chunk.chunk();
                });
    }

    private static Buffer encode(List<?> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            for (Object entry : entries) {
                out.write(ProtocolJson.MAPPER.writeValueAsBytes(entry));
                out.write('\n');
            }
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
