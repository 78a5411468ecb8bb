package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary.ErrorCounts;
import dev.berth.protocol.UsageSample.Traffic;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client was told of an end by a node that did not reach Postgres, and that others declared lost before it did. */
class TrueEndIT {
    private static final Instant AT = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final SessionClaims claims = new SessionClaims(postgres.database, NodeEpoch.NONE);
    private final SessionRepository sessions = new SessionRepository(postgres.database, postgres.outbox);
    private final LostSessions lost = new LostSessions(postgres.database, postgres.outbox, "da", 1, NodeEpoch.NONE);
    private final SessionId id = SessionId.random();

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private void claim() throws Exception {
        CreateSession request =
                new CreateSession(id, 1, Optional.empty(), SessionOptions.DEFAULT, Map.of(), Optional.empty());
        await(claims.claim(request, new SessionAccepted(id, SessionStatus.CREATING, "da", AT, AT.plusSeconds(60))));
    }

    private SessionDescription row() throws Exception {
        return await(sessions.find(id)).orElseThrow();
    }

    private SessionDescription end(String machineId, SessionStatus status, Optional<EndReason> reason)
            throws Exception {
        SessionDescription row = row();
        return new SessionDescription(
                id,
                status,
                Optional.empty(),
                "https://a.b/",
                "Title",
                row.createdAt(),
                Optional.of(AT.plusSeconds(1)),
                reason.map(why -> AT.plusSeconds(9)),
                reason,
                reason.map(why -> "as its node saw it"),
                row.expiresAt(),
                machineId,
                7,
                0,
                0,
                8_000,
                List.of(),
                row.options(),
                row.metadata(),
                row.cost(),
                Optional.empty(),
                Optional.empty(),
                new Traffic(5, 7, 1),
                9,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ErrorCounts.NONE,
                List.of(ActionSource.CDP, ActionSource.LIVE));
    }

    private void write(String machineId, SessionStatus status, EndReason reason) throws Exception {
        await(sessions.end(end(machineId, status, Optional.of(reason)), Map.of(), List.of()));
    }

    @Test
    void replacesThatItsNodeWasLost() throws Exception {
        claim();
        await(sessions.save(end("da", SessionStatus.RUNNING, Optional.empty())));
        assertThat(await(lost.failAll(Instant.EPOCH)))
                .extracting(SessionQueue.Ended::id)
                .contains(id);
        // Neither another node's word, nor what the node wrote before the end.
        write("db", SessionStatus.COMPLETED, EndReason.CLIENT);
        await(sessions.save(end("da", SessionStatus.RUNNING, Optional.empty())));
        assertThat(row().endReason()).contains(EndReason.NODE_LOST);

        write("da", SessionStatus.COMPLETED, EndReason.CLIENT);
        SessionDescription told = row();
        assertThat(told.status()).isEqualTo(SessionStatus.COMPLETED);
        assertThat(told.endReason()).contains(EndReason.CLIENT);
        assertThat(told.endDetail()).contains("as its node saw it");
        assertThat(told.endedAt()).contains(AT.plusSeconds(9));
        assertThat(told.actionCount()).isEqualTo(7);
        assertThat(told.drivers()).containsExactly(ActionSource.CDP, ActionSource.LIVE);
        // An end that is true stays.
        write("da", SessionStatus.FAILED, EndReason.BROWSER_CRASHED);
        await(lost.failAll(Instant.EPOCH));
        assertThat(row()).isEqualTo(told);
    }

    /** As of a node that found out by itself that it was lost. */
    @Test
    void countsWithTheSameReasonToo() throws Exception {
        claim();
        await(lost.failAll(Instant.EPOCH));
        write("da", SessionStatus.FAILED, EndReason.NODE_LOST);
        assertThat(row().actionCount()).isEqualTo(7);
        assertThat(row().startedAt()).contains(AT.plusSeconds(1));
    }
}
