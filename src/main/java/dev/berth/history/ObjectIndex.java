package dev.berth.history;

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

/** Which objects the history refers to. */
public final class ObjectIndex {
    private final Pool pool;
    private final Outbox outbox;
    private Future<Void> noting = Future.succeededFuture();

    public ObjectIndex(Database database, Outbox outbox) {
        this.pool = database.pool();
        this.outbox = outbox;
    }

    /**
     * Notes that the object store has what an earlier process left. One after the other, as each gets an offset after those before it.
     * Chunks are noted before they are on their way.
     */
    public synchronized Future<Void> stored(String key) {
        if (ChunkKey.parse(key).isPresent()) {
            return Future.succeededFuture();
        }
        noting = noting.transform(before -> outbox.write(new Fact.ObjectStored(key, Optional.empty())));
        return noting;
    }

    /**
     * Those of {@code keys}, which an earlier process left, that are referred to. Chunks that it had no time to put into the index
     * are put there now, but for those that have become part of others.
     */
    public Future<Set<String>> known(List<String> keys) {
        List<ChunkKey> chunks =
                keys.stream().map(ChunkKey::parse).flatMap(Optional::stream).toList();
        return LogChunkRepository.insert(pool, chunks)
                .compose(added -> Future.all(indexed(chunks), listed(keys)))
                .map(both -> {
                    Set<String> known = new HashSet<>(both.<Set<String>>resultAt(0));
                    known.addAll(both.<Set<String>>resultAt(1));
                    // Where it begins there may be a larger one by now, whose bytes are elsewhere.
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
