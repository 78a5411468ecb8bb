package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.database.Sql;
import dev.berth.fake.SampleTask;
import dev.berth.history.node.NodeRepository;
import dev.berth.history.node.NodeRepository.Applicant;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node of the next version wrote is read: none of it is missing, and nothing else is. */
@Tag("full")
class NewerRowsIT {
    private static final long USER = 1;
    private static final String NEWER = "from-a-newer-version";
    private static final SessionId ID = SessionId.random();
    private static final SessionOptions OPTIONS = SampleTask.OPTIONS;

    private static final String SESSION = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at)
            values ($1, $2, 'da', 'creating', $3, '{}', now(), now())
            """;
    private static final String END = """
            update sessions set status = 'failed', end_reason = $2, started_at = now(), ended_at = now() where session_id = $1
            """;
    private static final String ACTION = """
            insert into actions (session_id, seq, action_id, type, happened_at, success, details, duration_millis, source, cost_usd,
                input_tokens, output_tokens)
            values ($1, 0, 'a', $2, now(), true, '{"newer":{"list":[1]}}', 1, $2, 0, 0, 0)
            """;
    private static final String ARTIFACT = """
            insert into artifacts (object_id, session_id, type, object_key, content_type, size_bytes, happened_at, state, listed_offset)
            values ($1, $1, $2, $1, 'newer/newer', 1, now(), $2, 0)
            """;

    @TempDir
    Path dataDir;

    private OwnDatabase postgres;

    @BeforeEach
    void writeNewerRows() throws Exception {
        postgres = new OwnDatabase(dataDir);
        JsonObject options = Sql.json(OPTIONS).put(NEWER, 1);
        postgres.sql(SESSION, Tuple.of(ID.value(), USER, options));
        postgres.sql(END, Tuple.of(ID.value(), NEWER));
        postgres.sql(ACTION, Tuple.of(ID.value(), NEWER));
        postgres.sql(ARTIFACT, Tuple.of(ID.value(), NEWER));
    }

    @AfterEach
    void stop() throws Exception {
        postgres.close();
    }

    @Test
    void aSessionIsFoundAndListed() throws Exception {
        var found = await(new SessionRepository(postgres.database, postgres.outbox).find(ID))
                .orElseThrow();
        assertThat(found.endReason()).contains(EndReason.UNKNOWN);
        assertThat(found.options()).isEqualTo(OPTIONS);
        assertThat(await(new SessionListing(postgres.database, postgres.outbox)
                                .list(new SessionListing.Query(
                                        USER,
                                        true,
                                        Optional.empty(),
                                        Set.of(),
                                        Optional.empty(),
                                        Map.of(),
                                        Optional.empty(),
                                        10,
                                        0)))
                        .sessions())
                .singleElement()
                .extracting(SessionSummary::endReason)
                .isEqualTo(Optional.of(EndReason.UNKNOWN));
    }

    @Test
    void actionsAndArtifactsAreListed() throws Exception {
        assertThat(await(new ActionRepository(postgres.vertx.getOrCreateContext(), postgres.database, postgres.outbox)
                                .page(ID, 0, 10))
                        .actions())
                .singleElement()
                .satisfies(action -> {
                    assertThat(action.type()).isEqualTo(NEWER);
                    assertThat(action.source()).isEqualTo(ActionSource.UNKNOWN);
                });
        assertThat(await(new ArtifactRepository(postgres.database, postgres.outbox).list(ID)))
                .singleElement()
                .satisfies(artifact -> {
                    assertThat(artifact.type()).isEqualTo(ArtifactType.UNKNOWN);
                    assertThat(artifact.state()).isEqualTo(ArtifactState.UNKNOWN);
                });
    }

    /** A step that only the newer version tells is left out. */
    @Test
    void theLifecycleOfAllSessionsIsRead() throws Exception {
        postgres.sql(
                "insert into lifecycle (user_id, session_id, step) values ($1, $2, 7)", Tuple.of(USER, ID.value()));
        assertThat(await(new LifecycleRepository(postgres.database, postgres.outbox).read(USER, 0, 10)))
                .hasSize(3)
                .last()
                .extracting(LifecycleRepository.Numbered::event)
                .isInstanceOfSatisfying(
                        SessionEnded.class, end -> assertThat(end.reason()).isEqualTo(EndReason.UNKNOWN));
    }

    @Test
    void aNodeWhoseStatusCantBeReadIsListed() throws Exception {
        NodeRepository nodes = new NodeRepository(postgres.database, "da");
        await(nodes.register(new Applicant("there", "127.0.0.1", 7_802, 7_800, "9.0"), Optional.empty()));
        postgres.sql(
                "update nodes set status = $1",
                Tuple.of(new JsonObject().put("machineId", 7).put("capacity", NEWER)));
        assertThat(await(nodes.list())).singleElement().satisfies(node -> {
            assertThat(node.machineId()).isEqualTo("da");
            assertThat(node.status()).isEmpty();
        });
    }
}
