package dev.berth.session.keep;

import dev.berth.artifact.ObjectKeeping;
import dev.berth.artifact.ObjectKeeping.OnFailure;
import dev.berth.artifact.ObjectStore;
import dev.berth.history.ChunkKey;
import dev.berth.history.SessionHistory;
import dev.berth.protocol.LogChunk;
import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges several small log chunks into one. It replaces them in the index in one step, once it is safe; their objects
 * stay for a while, for reads that have begun. An interrupted merge changes nothing. Runs on the session's context.
 */
public final class LogMerger implements ChunkMerging.Merger {
    private static final Logger log = LoggerFactory.getLogger(LogMerger.class);

    private final Vertx vertx;
    private final ObjectStore store;
    private final ObjectKeeping keeping;
    private final SessionHistory.LogChunks index;
    private final String machineId;
    private final LocalChunks local;
    /** The sizes of merged chunks that are in the spool and possibly in the index. */
    private final Map<String, Integer> spooled = new HashMap<>();

    public LogMerger(
            Vertx vertx, ObjectStore store, SessionHistory.LogChunks index, LocalChunks local, String machineId) {
        this.local = local;
        this.vertx = vertx;
        this.store = store;
        this.keeping = new ObjectKeeping(store);
        this.index = index;
        this.machineId = machineId;
    }

    @Override
    public Future<Optional<LogChunk>> merge(SessionId id, LogKind kind, List<LogChunk> chunks) {
        int count = chunks.stream().mapToInt(LogChunk::count).sum();
        ChunkKey merged = new ChunkKey(id, kind, chunks.get(0).firstOffset(), count);
        // The index must have all parts first: it can't replace a chunk that it does not know.
        return index.ready()
                .compose(told -> keeping.keep(
                        merged.toString(),
                        () -> spool(merged.toString(), chunks),
                        () -> index.replace(merged, machineId),
                        OnFailure.STAYS))
                .map(replaced -> replaced ? Optional.of(kept(merged)) : refused(merged));
    }

    /** Spools only once: if the answer to the first try was lost, the objects of the parts may be gone at the next. */
    private Future<Void> spool(String key, List<LogChunk> chunks) {
        if (spooled.containsKey(key)) {
            return Future.succeededFuture();
        }
        List<Future<Buffer>> reads =
                chunks.stream().map(chunk -> store.get(chunk.objectKey())).toList();
        return Future.all(reads)
                .compose(all -> vertx.executeBlocking(
                        () -> zip(reads.stream().map(Future::result).toList()), false))
                .compose(bytes -> store.spool(key, bytes).onSuccess(safe -> spooled.put(key, bytes.length())));
    }

    private LogChunk kept(ChunkKey merged) {
        String key = merged.toString();
        local.add(key, spooled.remove(key));
        return merged.chunk();
    }

    private Optional<LogChunk> refused(ChunkKey merged) {
        String key = merged.toString();
        spooled.remove(key);
        log.warn("{} {} does not match the index: its parts stay as they are", merged.sessionId(), key);
        return Optional.empty();
    }

    /** Concatenates the lines unchanged. */
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
