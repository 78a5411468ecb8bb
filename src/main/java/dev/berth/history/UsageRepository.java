package dev.berth.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.berth.history.Fact.SessionOver;
import dev.berth.protocol.ProtocolJson;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.UsageSample;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** What sessions used. Thread-safe. */
public final class UsageRepository {
    private final Pool pool;

    public UsageRepository(Database database) {
        this.pool = database.pool();
    }

    private static final String ADD = """
            insert into session_usage (session_id, samples)
            select $1, $2 from sessions where session_id = $1 and machine_id = $3
            on conflict (session_id) do update set samples = excluded.samples
            """;

    /** Of a session that has ended. */
    static Future<Void> save(SqlClient client, SessionOver over) {
        return over.usage().isEmpty()
                ? Future.succeededFuture()
                : client.preparedQuery(ADD)
                        .execute(Tuple.of(
                                over.last().sessionId().value(),
                                text(over.usage()),
                                over.last().machineId()))
                        .mapEmpty();
    }

    private static String text(List<UsageSample> samples) {
        try {
            return ProtocolJson.MAPPER.writeValueAsString(samples);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("samples have no JSON form", e);
        }
    }

    private static final String FIND = "select samples from session_usage where session_id = $1";

    /** The samples of an ended session, oldest first; none where it was too short for one. */
    public Future<List<UsageSample>> find(SessionId id) {
        return pool.preparedQuery(FIND).execute(Tuple.of(id.value())).map(rows -> {
            var found = rows.iterator();
            return found.hasNext() ? samples(found.next().getString(0)) : List.of();
        });
    }

    private static List<UsageSample> samples(String text) {
        try {
            return ProtocolJson.TOLD
                    .forType(new TypeReference<List<UsageSample>>() {})
                    .readValue(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("samples are not readable", e);
        }
    }
}
