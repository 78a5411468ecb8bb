package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.database.Sql;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.Cost;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent;
import dev.berth.protocol.SessionEvent.ActionPerformed;
import dev.berth.protocol.SessionEvent.ArtifactKept;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionCreated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionEvent.SessionStarted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.StoryCursor.StoryKind;
import dev.berth.protocol.UsageSample.Traffic;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session's story is read by offset from a real Postgres. */
class StoryIT {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.006Z");

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final SessionId id = SessionId.random();
    private final StoryRepository story = new StoryRepository(postgres.database, postgres.outbox);
    private final ArtifactRepository artifacts = new ArtifactRepository(postgres.database, postgres.outbox);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void addSession() throws Exception {
        postgres.sql("""
                insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at)
                values ($1, (select user_id from users limit 1), 'd0000001', 'creating', '{}', '{}', $2, now())
                """, Sql.tuple(id, AT));
    }

    private List<SessionEvent> read(StoryKind kind, long offset, int limit) throws Exception {
        return await(story.read(id, kind, offset, limit));
    }

    private ArtifactEntry artifact(String name, ArtifactState state) {
        String objectId = name + "-" + id.value();
        return new ArtifactEntry(
                objectId, ArtifactType.PDF, "key/" + objectId, Optional.empty(), AT, "application/pdf", 5, state);
    }

    private ArtifactKept kept(long offset, String name, ArtifactState state) {
        return new ArtifactKept(id, offset, artifact(name, state));
    }

    @Test
    void theStatusIsReadFromTheRow() throws Exception {
        assertThat(read(StoryKind.STATUS, 0, 10)).containsExactly(new SessionCreated(id, AT));
        postgres.sql(
                "update sessions set started_at = $2, ended_at = $3, status = 'failed', end_reason = 'node_lost'"
                        + " where session_id = $1",
                Sql.tuple(id, AT.plusSeconds(1), AT.plusSeconds(2)));
        SessionEnded ended =
                new SessionEnded(id, SessionStatus.FAILED, EndReason.NODE_LOST, AT.plusSeconds(2), Traffic.NONE);
        assertThat(read(StoryKind.STATUS, 0, 10))
                .containsExactly(new SessionCreated(id, AT), new SessionStarted(id, AT.plusSeconds(1)), ended);
        assertThat(read(StoryKind.STATUS, 1, 1)).containsExactly(new SessionStarted(id, AT.plusSeconds(1)));
        assertThat(read(StoryKind.STATUS, 2, 10)).containsExactly(ended);
    }

    @Test
    void anArtifactHasAnEntryWhenListedAndOneWhenStored() throws Exception {
        await(artifacts.add(id, 0, artifact("a", ArtifactState.PENDING)));
        await(artifacts.add(id, 1, artifact("b", ArtifactState.PENDING)));
        await(artifacts.stored(artifact("a", ArtifactState.PENDING).objectKey(), 2));
        await(artifacts.add(id, 3, artifact("given", ArtifactState.STORED)));
        assertThat(read(StoryKind.ARTIFACT, 0, 10))
                .containsExactly(
                        kept(0, "a", ArtifactState.PENDING),
                        kept(1, "b", ArtifactState.PENDING),
                        kept(2, "a", ArtifactState.STORED),
                        kept(3, "given", ArtifactState.STORED));
        assertThat(read(StoryKind.ARTIFACT, 2, 1)).containsExactly(kept(2, "a", ArtifactState.STORED));
        // The answer to the first call may have been lost.
        await(artifacts.stored(artifact("a", ArtifactState.PENDING).objectKey(), 9));
        assertThat(read(StoryKind.ARTIFACT, 4, 10)).isEmpty();
    }

    @Test
    void aRecordingGetsItsSizeAndItsTimeLaterOrIsLost() throws Exception {
        ArtifactEntry begun = artifact("a", ArtifactState.PENDING);
        ArtifactEntry recorded = begun.recorded(7, AT, AT.plusSeconds(9));
        await(artifacts.add(id, 0, begun));
        await(artifacts.add(id, 1, artifact("b", ArtifactState.PENDING)));
        String complete = begun.objectKey();
        await(artifacts.complete(recorded));
        await(artifacts.stored(complete, 2));
        await(artifacts.lost(artifact("b", ArtifactState.PENDING).objectKey(), 3));
        // Stored or lost, once and for all.
        await(artifacts.lost(complete, 4));
        assertThat(read(StoryKind.ARTIFACT, 2, 10))
                .containsExactly(
                        new ArtifactKept(id, 2, recorded.with(ArtifactState.STORED)), kept(3, "b", ArtifactState.LOST));
    }

    @Test
    void theRecordingsThatAnEarlierProcessOfTheNodeDidNotFinishAreFound() throws Exception {
        for (ArtifactType type : List.of(ArtifactType.RECORDING, ArtifactType.PDF)) {
            for (ArtifactState state : ArtifactState.values()) {
                await(artifacts.add(
                        id,
                        0,
                        new ArtifactEntry(
                                type + "-" + state + id,
                                type,
                                type + "/" + state + id,
                                Optional.empty(),
                                AT,
                                "x/y",
                                0,
                                state)));
            }
        }
        ObjectIndex left = new ObjectIndex(postgres.database, postgres.outbox);
        assertThat(await(left.unfinished("d0000001")))
                .extracting(ArtifactEntry::objectId)
                .containsExactly("RECORDING-PENDING" + id);
        assertThat(await(left.unfinished("d0000002"))).isEmpty();
        assertThat(await(left.isLost(id))).isFalse();
        postgres.sql(
                "update sessions set ended_at = now(), status = 'failed', end_reason = 'node_lost' where session_id = $1",
                Tuple.of(id.value()));
        assertThat(await(left.isLost(id))).isTrue();
        assertThat(await(left.isLost(SessionId.random()))).isFalse();
    }

    @Test
    void theNextProcessContinuesTheOffsets() throws Exception {
        await(artifacts.add(id, 0, artifact("a", ArtifactState.PENDING)));
        await(artifacts.add(id, 5, artifact("b", ArtifactState.PENDING)));
        ObjectIndex left = new ObjectIndex(postgres.database, postgres.outbox);
        var first = left.stored(artifact("b", ArtifactState.PENDING).objectKey());
        var second = left.stored(artifact("a", ArtifactState.PENDING).objectKey());
        await(first);
        await(second);
        assertThat(read(StoryKind.ARTIFACT, 1, 10))
                .containsExactly(
                        kept(5, "b", ArtifactState.PENDING),
                        kept(6, "b", ArtifactState.STORED),
                        kept(7, "a", ArtifactState.STORED));
    }

    @Test
    void navigationsAndActionsAreReadByTheirNumbers() throws Exception {
        NavigationEntry page = new NavigationEntry(
                "https://a.b/", "A", AT, Optional.of("p"), Optional.of("d"), Optional.of(AT), Optional.of(AT));
        await(new SessionRepository(postgres.database, postgres.outbox)
                .saveNavigations(id, Map.of(0L, page, 1L, page, 3L, page)));
        assertThat(read(StoryKind.NAVIGATION, 1, 10))
                .containsExactly(new PageNavigated(id, 1, page), new PageNavigated(id, 3, page));
        ActionRepository actions =
                new ActionRepository(postgres.vertx.getOrCreateContext(), postgres.database, postgres.outbox);
        ActionEntry click = new ActionEntry(
                "action-1", "click", AT, true, Map.of(), 1, ActionSource.REST, Optional.empty(), Cost.NONE);
        await(actions.append(id, 0, click));
        await(actions.append(id, 2, click));
        assertThat(read(StoryKind.ACTION, 1, 1)).containsExactly(new ActionPerformed(id, 2, click));
    }

    /** The server was killed before it kept what it had published. */
    @Test
    void aCursorBeyondTheEndContinuesWithWhatFollows() throws Exception {
        assertThat(read(StoryKind.ACTION, 40, 10)).isEmpty();
        assertThat(read(StoryKind.ARTIFACT, Long.MAX_VALUE, 10)).isEmpty();
        assertThat(read(StoryKind.STATUS, 1, 10)).isEmpty();
        postgres.sql(
                "update sessions set ended_at = now(), status = 'failed', end_reason = 'node_lost' where session_id = $1",
                Tuple.of(id.value()));
        assertThat(read(StoryKind.STATUS, 1, 10)).hasSize(1).hasOnlyElementsOfType(SessionEnded.class);
    }
}
