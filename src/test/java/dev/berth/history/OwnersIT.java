package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.history.OwnerRepository.Owner;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.NodeCommand.SessionAccepted;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real Postgres. */
class OwnersIT {
    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final OwnerRepository owners = new OwnerRepository(postgres.database);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @Test
    void onlyWhatNoLongerWaitsIsRemembered() throws Exception {
        CreateSession request = CreateSession.ofDefaults();
        SessionId id = request.sessionId();
        assertThat(await(owners.ofSession(id))).isEmpty();
        Instant now = Instant.now();
        await(new SessionClaims(postgres.database, NodeEpoch.NONE)
                .claim(request, new SessionAccepted(id, SessionStatus.CREATING, "asked", now, now.plusSeconds(600))));
        postgres.sql("update sessions set queue_number = 1, queue = 'cluster'", Tuple.tuple());
        assertThat(await(owners.ofSession(id))).contains(new Owner("asked", true, false));
        postgres.sql("update sessions set queue_number = null, machine_id = 'claimed'", Tuple.tuple());
        Owner claimed = new Owner("claimed", false, false);
        assertThat(await(owners.ofSession(id))).contains(claimed);
        postgres.sql("update sessions set status = 'failed', ended_at = now()", Tuple.tuple());
        assertThat(await(owners.ofSession(id))).contains(claimed);
        owners.forget(id.value());
        assertThat(await(owners.ofSession(id))).contains(new Owner("claimed", false, true));
    }
}
