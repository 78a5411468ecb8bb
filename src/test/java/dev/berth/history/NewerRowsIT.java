package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.NodeRepository.Applicant;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactState;
import dev.berth.protocol.ArtifactType;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.EndReason;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.ArtifactKept;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionSummary;
import dev.berth.protocol.SessionTimeouts;
import dev.berth.protocol.StoryKind;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStatus;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.Viewport;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node of a newer version wrote is read: none of it is missing, and nothing else is. */
class NewerRowsIT {
    private static final long USER = 1;
    private static final String NEWER = "from-a-newer-version";
    private static final SessionOptions OPTIONS = new SessionOptions(
            SessionOptions.CHROMIUM,
            Viewport.DEFAULT,
            new SessionTimeouts(1_000, 1_000, 0),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final SessionId open = SessionId.random();
    private final SessionId ended = SessionId.random();
    private final TaskId task = TaskId.random();
    private final NodeRepository nodes = new NodeRepository(postgres.database, "d-newer", 10_000);
    private final SessionRepository sessions = new SessionRepository(postgres.database, postgres.outbox);
    private final StoryRepository story = new StoryRepository(postgres.database, postgres.outbox);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static final String SESSION = """
            insert into sessions (session_id, user_id, machine_id, status, end_reason, options, metadata, created_at, started_at, ended_at,
                expires_at, idempotency_key, request_hash)
            values ($1, $2, 'd-newer', $3, case when $4 then $3 end, $5, '{}', now(), now(), case when $4 then now() end, now(), $1, 'h')
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

    private static final String TASK = """
            insert into tasks (task_id, user_id, session_id, machine_id, instruction, status, started_at, completed_at, last_event)
            values ($1, $2, $3, 'd-newer', 'x', $4, now(), case when $5 then now() end, 1)
            """;

    @BeforeEach
    void writeNewerRows() throws Exception {
        for (String table : List.of("nodes", "tasks", "sessions")) {
            postgres.sql("delete from " + table, Tuple.tuple());
        }
        JsonObject options = SessionRepository.json(OPTIONS).put(NEWER, 1);
        for (SessionId id : List.of(open, ended)) {
            postgres.sql(SESSION, Tuple.of(id.value(), USER, NEWER, id.equals(ended), options));
            postgres.sql(ACTION, Tuple.of(id.value(), NEWER));
            postgres.sql(ARTIFACT, Tuple.of(id.value(), NEWER));
        }
        postgres.sql(
                "insert into lifecycle (user_id, session_id, step) values ($1, $2, 7)", Tuple.of(USER, open.value()));
        postgres.sql(TASK, Tuple.of(task.value(), USER, open.value(), NEWER, false));
        postgres.sql(TASK, Tuple.of(TaskId.random().value(), USER, open.value(), NEWER, true));
    }

    @Test
    void sessionsAreListedAndFound() throws Exception {
        SessionListing listing = new SessionListing(postgres.database, postgres.outbox);
        SessionListing.Page page = await(listing.list(
                new SessionListing.Query(USER, true, Optional.empty(), Map.of(), Optional.empty(), 10, 0)));
        assertThat(page.total()).isEqualTo(2);
        assertThat(page.sessions())
                .extracting(SessionSummary::sessionId, SessionSummary::status, SessionSummary::endReason)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(open, SessionStatus.RUNNING, Optional.empty()),
                        org.assertj.core.groups.Tuple.tuple(
                                ended, SessionStatus.FAILED, Optional.of(EndReason.UNKNOWN)));
        SessionDescription found = await(sessions.find(ended)).orElseThrow();
        assertThat(found.status()).isEqualTo(SessionStatus.FAILED);
        assertThat(found.endReason()).contains(EndReason.UNKNOWN);
        assertThat(found.options()).isEqualTo(OPTIONS);
        assertThat(await(sessions.find(open)).orElseThrow().status()).isEqualTo(SessionStatus.RUNNING);
    }

    @Test
    void aRepeatedRequestFindsItsSession() throws Exception {
        CreateSession again = new CreateSession(
                SessionId.random(),
                USER,
                Optional.empty(),
                OPTIONS,
                Map.of(),
                Optional.of(new CreateSession.Idempotency(open.value(), "h")));
        assertThat(await(sessions.findRepeated(again)).orElseThrow().status()).isEqualTo(SessionStatus.RUNNING);
    }

    @Test
    void storiesAreRead() throws Exception {
        List<SessionEvent> status = await(story.read(ended, StoryKind.STATUS, 0, 10));
        assertThat(status).hasSize(3).last().isInstanceOfSatisfying(SessionEnded.class, end -> {
            assertThat(end.status()).isEqualTo(SessionStatus.FAILED);
            assertThat(end.reason()).isEqualTo(EndReason.UNKNOWN);
        });
        assertThat(await(story.read(open, StoryKind.ACTION, 0, 10)))
                .singleElement()
                .isInstanceOfSatisfying(
                        ActionPerformed.class,
                        done -> assertThat(done.action().source()).isEqualTo(ActionSource.UNKNOWN));
        assertThat(await(story.read(open, StoryKind.ARTIFACT, 0, 10)))
                .singleElement()
                .isInstanceOfSatisfying(
                        ArtifactKept.class,
                        kept -> assertThat(kept.artifact().type()).isEqualTo(ArtifactType.UNKNOWN));
    }

    @Test
    void actionsAndArtifactsAreListed() throws Exception {
        List<ActionEntry> actions = await(
                        new ActionRepository(postgres.vertx, postgres.database, postgres.outbox).page(ended, 0, 10))
                .actions();
        assertThat(actions).singleElement().satisfies(action -> {
            assertThat(action.type()).isEqualTo(NEWER);
            assertThat(action.source()).isEqualTo(ActionSource.UNKNOWN);
        });
        List<ArtifactEntry> artifacts = await(new ArtifactRepository(postgres.database, postgres.outbox).list(ended));
        assertThat(artifacts).singleElement().satisfies(artifact -> {
            assertThat(artifact.type()).isEqualTo(ArtifactType.UNKNOWN);
            assertThat(artifact.state()).isEqualTo(ArtifactState.UNKNOWN);
            assertThat(artifact.readable()).isFalse();
        });
    }

    /** A step that only the newer version tells is left out. */
    @Test
    void theLifecycleOfAllSessionsIsRead() throws Exception {
        LifecycleRepository lifecycle = new LifecycleRepository(postgres.database, postgres.outbox);
        long before = await(lifecycle.last(USER));
        postgres.sql(
                "update sessions set status = $2, end_reason = $2, ended_at = now() where session_id = $1",
                Tuple.of(open.value(), NEWER));
        assertThat(await(lifecycle.read(USER, before, 10)))
                .singleElement()
                .satisfies(last -> assertThat(last.event())
                        .isInstanceOfSatisfying(
                                SessionEnded.class,
                                end -> assertThat(end.reason()).isEqualTo(EndReason.UNKNOWN)));
        assertThat(await(lifecycle.read(USER, 0, 100)))
                .filteredOn(all -> all.event() instanceof SessionCreated)
                .hasSize(2);
    }

    @Test
    void tasksAreListed() throws Exception {
        TaskListing listing = new TaskListing(postgres.database, postgres.outbox);
        assertThat(await(listing.list(new TaskListing.Query(USER, Optional.empty(), 10, 0)))
                        .tasks())
                .extracting(TaskView::status)
                .containsExactlyInAnyOrder(TaskStatus.RUNNING, TaskStatus.FAILED);
    }

    @Test
    void aNewerNodeIsListedAndDeclaredLost() throws Exception {
        await(nodes.register(new Applicant("there", "127.0.0.1", 7_802, "9.0"), Optional.empty()));
        postgres.sql(
                "update nodes set status = $1",
                Tuple.of(new JsonObject().put("machineId", 7).put("capacity", NEWER)));
        NodeRow row = await(nodes.list()).get(0);
        assertThat(row.status()).isEmpty();
        LostNodes.Ended lost =
                await(new LostNodes(postgres.database, 1).declare(row)).orElseThrow();
        assertThat(lost.sessions())
                .singleElement()
                .satisfies(one -> assertThat(one.sessionId()).isEqualTo(open));
        assertThat(lost.tasks()).singleElement().satisfies(one -> {
            assertThat(one.taskId()).isEqualTo(task);
            assertThat(one.status()).isEqualTo(TaskStatus.FAILED);
        });
    }
}
