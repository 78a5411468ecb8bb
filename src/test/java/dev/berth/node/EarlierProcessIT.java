package dev.berth.node;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.ConfigLoader;
import dev.berth.config.ServerConfig;
import dev.berth.history.NodeEpoch;
import dev.berth.history.OwnDatabase;
import dev.berth.metrics.NodeMetrics;
import dev.berth.protocol.RecordCodec;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus.EndReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is killed and started again before another declares it lost. */
class EarlierProcessIT {
    private static final String SESSION = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, started_at, expires_at)
            values ($1, 1, $2, 'running', '{}', '{}', now(), now(), now())
            """;

    @TempDir
    Path folder;

    @Test
    void whoWaitsForTheEndOfWhatItHeldIsTold() throws Exception {
        OwnDatabase postgres = new OwnDatabase(folder);
        try (DataDir dataDir = DataDir.open(folder)) {
            RecordCodec.registerAll(postgres.vertx);
            SessionId id = SessionId.random();
            postgres.sql(SESSION, Tuple.of(id.value(), dataDir.machineId()));
            Promise<SessionEvent> ofSession = Promise.promise();
            Promise<SessionEvent> ofUser = Promise.promise();
            SessionClient client = new SessionClient(postgres.vertx);
            await(Future.all(
                    client.events(id, ofSession::tryComplete).completion(),
                    client.as(1).lifecycle(ofUser::tryComplete).completion()));
            ServerConfig config = await(ConfigLoader.load(postgres.vertx, Map.of("BERTH_DATA_DIR", folder.toString())));
            StartedParts parts = new StartedParts();
            Node node = new Node(postgres.vertx, config, dataDir, new NodeMetrics(), parts);
            NodeStorage storage = new NodeStorage(
                    node,
                    postgres.database,
                    postgres.outbox,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    NodeEpoch.NONE,
                    OptionalInt.empty());
            await(storage.endLostSessions());
            assertThat(await(ofSession.future()))
                    .isInstanceOfSatisfying(
                            SessionEnded.class, end -> assertThat(end.reason()).isEqualTo(EndReason.NODE_LOST));
            assertThat(await(ofUser.future())).isEqualTo(await(ofSession.future()));
            await(parts.end());
        } finally {
            postgres.close();
        }
    }
}
