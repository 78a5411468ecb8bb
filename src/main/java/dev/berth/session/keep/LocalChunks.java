package dev.berth.session.keep;

import dev.berth.artifact.ObjectStore;
import dev.berth.protocol.SessionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the latest log chunks of a live session on this node's disk even after their upload, so that reading them needs
 * no object store. Counts their bytes as part of the session's logs. Runs on the session's context.
 */
public final class LocalChunks {
    private static final Logger log = LoggerFactory.getLogger(LocalChunks.class);
    /** Compressed size of some hundred thousand lines. */
    private static final long MAX_BYTES = 4 << 20;

    private final SessionId id;
    private final ObjectStore store;
    private final long maxBytes;
    /** The size of each chunk, oldest first. */
    private final Map<String, Long> held = new LinkedHashMap<>();

    private long bytes;

    public LocalChunks(SessionId id, ObjectStore store) {
        this(id, store, MAX_BYTES);
    }

    public LocalChunks(SessionId id, ObjectStore store, long maxBytes) {
        this.id = id;
        this.store = store;
        this.maxBytes = maxBytes;
    }

    /** Keeps a chunk on disk and uploads it. The chunk must be spooled and indexed. */
    void add(String key, long size) {
        // The hold must precede the upload.
        store.hold(key);
        store.upload(key).onFailure(e -> log.debug("{} {} stays in the spool: {}", id, key, e.getMessage()));
        held.put(key, size);
        bytes += size;
        while (bytes > maxBytes) {
            release(held.keySet().iterator().next());
        }
    }

    /** To be called when the session is over. */
    public void close() {
        List.copyOf(held.keySet()).forEach(this::release);
    }

    private void release(String key) {
        bytes -= held.remove(key);
        store.release(key).onFailure(e -> log.warn("{} {} stays in the spool: {}", id, key, e.toString()));
    }
}
