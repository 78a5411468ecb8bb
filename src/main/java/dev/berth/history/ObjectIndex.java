package dev.berth.history;

import dev.berth.database.Database;
import dev.berth.database.Sql;
import dev.berth.history.LogChunkRepository.ChunkKey;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Knows which objects of the object store the history refers to. Thread-safe. */
public class ObjectIndex {
    private final Database database;
    private final Outbox outbox;
    private Future<Void> noting = Future.succeededFuture();

    public ObjectIndex(Database database, Outbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /**
     * Records that the object store has an object that an earlier process left. One after the other, because each
     * record gets the next offset. Parts of logs, which earlier versions spooled, were recorded before.
     */
    public Future<Void> stored(String key) {
        if (ChunkKey.is(key)) {
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

    /** The recordings of this node's sessions that are not stored. */
    public Future<List<ArtifactEntry>> unfinished(String machineId) {
        return outbox.caughtUp().compose(told -> database.list(UNFINISHED, ArtifactRepository::entry, machineId));
    }

    private static final String LOST = "select end_reason = 'node_lost' as lost from sessions where session_id = $1";

    /** Whether the session ended because its server died. */
    public Future<Boolean> isLost(SessionId id) {
        return database.first(LOST, row -> row.getBoolean("lost"), id).map(lost -> lost.orElse(false));
    }

    /** Lists a recording that an earlier process made. */
    public Future<Void> announce(SessionId id, ArtifactEntry artifact) {
        return note(new Fact.ArtifactKept(id, artifact, Optional.empty()));
    }

    /** Records the size of a recording that an earlier process listed, and the time that it covers. */
    public Future<Void> complete(ArtifactEntry complete) {
        return note(Fact.ArtifactComplete.of(complete));
    }

    /** Records that nothing of an artifact could be saved. */
    public Future<Void> lost(String objectKey) {
        return note(new Fact.ArtifactLost(objectKey, Optional.empty()));
    }

    private static final String LISTED = "select object_key from artifacts where object_key = any($1::text[])";

    /**
     * The keys among {@code keys}, objects that an earlier process left, to which the history refers, or may refer: parts of logs, which
     * earlier versions spooled.
     */
    public Future<Set<String>> known(List<String> keys) {
        return database.list(LISTED, row -> row.getString(0), Sql.texts(keys))
                .map(listed -> Stream.concat(listed.stream(), keys.stream().filter(ChunkKey::is))
                        .collect(Collectors.toSet()));
    }
}
