package dev.berth.history;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Gives waiting sessions to other nodes. The row is the message: its owner changes, together with all that the new one must know, in
 * one statement. Thread-safe.
 */
public final class HandOverRepository implements SessionHistory.HandOvers {
    private static final String PROMPT = "initialPrompt";
    private static final String SOURCE = "source";

    private final Pool pool;
    private final Outbox outbox;
    private final String machineId;

    /** @param machineId this node */
    public HandOverRepository(Database database, Outbox outbox, String machineId) {
        this.pool = database.pool();
        this.outbox = outbox;
        this.machineId = machineId;
    }

    private static final String EPOCH =
            "select epoch from nodes where machine_id = $1 and lost_at is null and released_at is null";

    @Override
    public Future<Optional<Long>> epoch(String node) {
        return pool.preparedQuery(EPOCH).execute(Tuple.of(node)).map(rows -> {
            var found = rows.iterator();
            return found.hasNext() ? Optional.of(found.next().getLong(0)) : Optional.empty();
        });
    }

    /**
     * Whether a node is lost is never taken back within its epoch, and no other epoch comes back: where one try of this does nothing
     * because of that, an earlier one that is still under way does nothing, too.
     */
    private static final String GIVE = """
            update sessions set machine_id = $3, handed_over = $4, handed_at = clock_timestamp()
            where session_id = $1 and machine_id = $2 and status = 'creating' and ended_at is null and exists (
                select from nodes where machine_id = $3 and epoch = $5 and lost_at is null and released_at is null)
            """;

    @Override
    public Future<Optional<String>> give(HandedSession session, long epoch) {
        JsonObject more = new JsonObject().put(SOURCE, session.source().wireName());
        session.initialPrompt().ifPresent(prompt -> more.put(PROMPT, prompt));
        SessionId id = session.id();
        String to = session.accepted().machineId();
        return pool.preparedQuery(GIVE)
                .execute(Tuple.of(id.value(), machineId, to).addJsonObject(more).addLong(epoch))
                .compose(given -> given.rowCount() == 1 ? Future.succeededFuture(Optional.of(to)) : otherOwner(id));
    }

    private static final String OWNER = "select machine_id from sessions where session_id = $1 and machine_id <> $2";

    /** An earlier try, whose answer was lost, may have given it away. */
    private Future<Optional<String>> otherOwner(SessionId id) {
        return pool.preparedQuery(OWNER)
                .execute(Tuple.of(id.value(), machineId))
                .map(rows -> {
                    var found = rows.iterator();
                    return found.hasNext() ? Optional.of(found.next().getString(0)) : Optional.empty();
                });
    }

    private static final String GIVEN = """
            select session_id, user_id, status, machine_id, created_at, expires_at, options, metadata, handed_over, handed_at,
                traceparent
            from sessions
            where machine_id = $1 and status = 'creating' and ended_at is null and handed_over is not null
            order by created_at, session_id limit 1000
            """;

    @Override
    public Future<List<HandedSession>> given() {
        // What has ended here may be told only then.
        return outbox.caughtUp()
                .compose(told -> pool.preparedQuery(GIVEN).execute(Tuple.of(machineId)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(HandOverRepository::handed)
                        .toList());
    }

    private static HandedSession handed(Row row) {
        JsonObject more = (JsonObject) row.getJson("handed_over");
        return new HandedSession(
                row.getLong("user_id"),
                Optional.ofNullable(more.getString(PROMPT)),
                SessionRow.parse(row.getJsonObject("options"), new TypeReference<SessionOptions>() {}),
                SessionRow.parse(row.getJsonObject("metadata"), new TypeReference<Map<String, String>>() {}),
                new SessionAccepted(
                        new SessionId(row.getString("session_id")),
                        SessionRow.status(row),
                        row.getString("machine_id"),
                        SessionRow.instant(row, "created_at"),
                        SessionRow.instant(row, "expires_at")),
                ProtocolJson.constant(ActionSource.class, more.getString(SOURCE)),
                Optional.of(SessionRow.instant(row, "handed_at")),
                SessionRow.traceparent(row));
    }
}
