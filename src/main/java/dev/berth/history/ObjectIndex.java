package dev.berth.history;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Knows which objects of the object store the history refers to. Thread-safe. */
public final class ObjectIndex implements SessionHistory.Unfinished {
    private final Pool pool;
    private final Outbox outbox;
    private Future<Void> noting = Future.succeededFuture();

    public ObjectIndex(Database database, Outbox outbox) {
        this.pool = database.pool();
        this.outbox = outbox;
    }

    /**
     * Records that the object store has an object that an earlier process left. One after the other, because each
     * record gets the next offset. Chunks need no record here: they are recorded before their upload.
     */
    public Future<Void> stored(String key) {
        if (ChunkKey.parse(key).isPresent()) {
            return Future.succeededFuture();
        }
        return note(new Fact.ObjectStored(key, Optional.empty()));
    }

    private synchronized Future<Void> note(Fact fact) {
        noting = noting.transform(before -> outbox.write(fact));
        return noting;
    }

    private static final String UNFINISHED = """
            select a.* from artifacts a join sessions s using (session_id)
            where a.type = 'recording' and a.state = 'pending' and s.machine_id = $1 order by a.object_id
            """;

    @Override
    public Future<List<ArtifactEntry>> unfinished(String machineId) {
        return outbox.caughtUp()
                .compose(told -> pool.preparedQuery(UNFINISHED).execute(Tuple.of(machineId)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ArtifactRepository::entry)
                        .toList());
    }

    private static final String LOST = "select end_reason = 'node_lost' as lost from sessions where session_id = $1";

    @Override
    public Future<Boolean> isLost(SessionId id) {
        return pool.preparedQuery(LOST)
                .execute(Tuple.of(id.value()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .anyMatch(row -> Boolean.TRUE.equals(row.getBoolean("lost"))));
    }

    @Override
    public Future<Void> announce(SessionId id, ArtifactEntry artifact) {
        return note(new Fact.ArtifactKept(id, artifact, Optional.empty()));
    }

    @Override
    public Future<Void> complete(ArtifactEntry complete) {
        return note(Fact.ArtifactComplete.of(complete));
    }

    @Override
    public Future<Void> lost(String objectKey) {
        return note(new Fact.ArtifactLost(objectKey, Optional.empty()));
    }

    /**
     * Those of {@code keys}, objects that an earlier process left, to which the history refers. Adds chunks to the
     * index that the process could not add, except for those that have been merged.
     */
    public Future<Set<String>> known(List<String> keys) {
        List<ChunkKey> chunks =
                keys.stream().map(ChunkKey::parse).flatMap(Optional::stream).toList();
        return LogChunkRepository.insert(pool, chunks)
                .compose(added -> Future.all(indexed(chunks), listed(keys)))
                .map(both -> {
                    Set<String> known = new HashSet<>(both.<Set<String>>resultAt(0));
                    known.addAll(both.<Set<String>>resultAt(1));
                    // The index may have a larger chunk with the same first offset, whose bytes are elsewhere.
                    known.retainAll(keys);
                    return known;
                });
    }

    private static final String INDEXED = """
            select c.object_key from unnest($1::text[], $2::text[], $3::bigint[]) k (session_id, kind, first_offset)
            join log_chunks c using (session_id, kind, first_offset)
            """;

    private Future<Set<String>> indexed(List<ChunkKey> chunks) {
        return pool.preparedQuery(INDEXED)
                .execute(Tuple.tuple()
                        .addArrayOfString(chunks.stream()
                                .map(chunk -> chunk.sessionId().value())
                                .toArray(String[]::new))
                        .addArrayOfString(chunks.stream()
                                .map(chunk -> chunk.kind().wireName())
                                .toArray(String[]::new))
                        .addArrayOfLong(
                                chunks.stream().map(ChunkKey::firstOffset).toArray(Long[]::new)))
                .map(ObjectIndex::keys);
    }

    private static final String LISTED = "select object_key from artifacts where object_key = any($1::text[])";

    private Future<Set<String>> listed(List<String> keys) {
        return pool.preparedQuery(LISTED)
                .execute(Tuple.tuple().addArrayOfString(keys.toArray(String[]::new)))
                .map(ObjectIndex::keys);
    }

    private static Set<String> keys(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString(0))
                .collect(Collectors.toSet());
    }
}
