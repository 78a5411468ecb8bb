package dev.berth.history;

import io.vertx.core.Future;

/** Notes what has arrived in the object store. */
public final class ObjectArrivals {
    private final ArtifactRepository artifacts;
    private final LogChunkRepository chunks;

    public ObjectArrivals(Database database, Outbox outbox) {
        this.artifacts = new ArtifactRepository(database, outbox);
        this.chunks = new LogChunkRepository(database, outbox);
    }

    /** A chunk of a log gets its place in the index where the server was killed before it had one. */
    public Future<Void> arrived(String key) {
        return ChunkKey.parse(key)
                .map(chunk -> chunks.add(chunk.sessionId(), chunk.kind(), chunk.chunk()))
                .orElseGet(() -> artifacts.markStored(key));
    }
}
