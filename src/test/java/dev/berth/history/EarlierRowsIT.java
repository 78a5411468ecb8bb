package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.ApiKey;
import dev.berth.access.KeyRepository;
import dev.berth.it.Berth;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary;
import dev.berth.protocol.StoryCursor.StoryKind;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of the last build whose nodes held leases (V22) becomes one of this version. */
@Tag("full")
class EarlierRowsIT {
    private static final SessionId ID = SessionId.random();

    private static final String ENDED = """
            insert into users (name) values ('earlier');
            insert into api_keys (key_hash, user_id, name, admin) values (sha256('an earlier key'), 1, 'old', true);
            insert into sessions (session_id, user_id, machine_id, status, end_reason, current_url, title, options, metadata, created_at,
                started_at, ended_at, expires_at, action_count, navigation_count)
            values ('ID', 1, 'm-earlier', 'completed', 'client', 'https://a.b/', 'A', '{"browser":"chromium",
                "viewport":{"width":800,"height":600},"timeouts":{"idle":1000,"lifetime":2000,"reconnect":0},
                "userAgent":null,"locale":null,"timezone":null,"recording":false,"flightRecorder":false,"bodies":false,"device":null,
                "ignoreHttpsErrors":false}',
                '{"team":"a"}', now(), now(), now(), now(), 1, 1);
            insert into navigations (session_id, seq, url, title, happened_at) values ('ID', 0, 'https://a.b/', 'A', now());
            insert into actions (session_id, seq, action_id, type, happened_at, success, details, duration_millis, source, cost_usd,
                input_tokens, output_tokens)
            values ('ID', 0, 'action-1', 'click', now(), true, '{"selector":"#a"}', 5, 'rest', 0, 0, 0);
            insert into artifacts (object_id, session_id, type, object_key, content_type, size_bytes, happened_at, state, listed_offset)
            values ('screenshot-1', 'ID', 'screenshot', 'key-1', 'image/png', 9, now(), 'stored', 0);
            """.replace("ID", ID.value());

    @TempDir
    Path dataDir;

    private final URI uri = URI.create(Berth.emptyDatabase());
    private final String jdbc = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
    private final String[] user = (uri.getUserInfo() + ":").split(":", 3);

    @BeforeEach
    void migrateToTheEarlierVersion() {
        Flyway.configure()
                .locations("classpath:dev/berth/db/migration")
                .dataSource(jdbc, user[0], user[1])
                .target("22")
                .load()
                .migrate();
    }

    private void sql(String statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbc, user[0], user[1]);
                Statement all = connection.createStatement()) {
            all.execute(statements);
        }
    }

    @Test
    void aSessionThatEndedStaysReadable() throws Exception {
        sql(ENDED);
        OwnDatabase postgres = new OwnDatabase(dataDir, uri);
        var session = await(new SessionRepository(postgres.database, postgres.outbox).find(ID))
                .orElseThrow();
        assertThat(session.status()).isEqualTo(SessionStatus.COMPLETED);
        assertThat(session.endReason()).contains(EndReason.CLIENT);
        assertThat(session.machineId()).isEqualTo("m-earlier");
        assertThat(session.options().viewport().width()).isEqualTo(800);
        assertThat(await(new SessionListing(postgres.database, postgres.outbox)
                                .list(new SessionListing.Query(
                                        1, true, Optional.empty(), Map.of("team", "a"), Optional.empty(), 10, 0)))
                        .sessions())
                .extracting(SessionSummary::sessionId)
                .containsExactly(ID);
        assertThat(await(new ActionRepository(postgres.vertx.getOrCreateContext(), postgres.database, postgres.outbox)
                                .page(ID, 0, 10))
                        .actions())
                .singleElement()
                .satisfies(action -> {
                    assertThat(action.source()).isEqualTo(ActionSource.REST);
                    assertThat(action.details()).isEqualTo(Map.of("selector", "#a"));
                });
        assertThat(await(new ArtifactRepository(postgres.database, postgres.outbox).list(ID)))
                .singleElement()
                .satisfies(artifact -> {
                    assertThat(artifact.type()).isEqualTo(ArtifactType.SCREENSHOT);
                    assertThat(artifact.state()).isEqualTo(ArtifactState.STORED);
                });
        assertThat(await(new KeyRepository(postgres.database).find(KeyRepository.hash("an earlier key"))))
                .contains(new ApiKey(1, 1, true));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        assertThat(await(new UsageRepository(postgres.database).days(1, today.minusDays(1), today)))
                .extracting(UsageRepository.Day::sessions)
                .contains(1L);
        StoryRepository story = new StoryRepository(postgres.database, postgres.outbox);
        assertThat(await(story.read(ID, StoryKind.NAVIGATION, 0, 10)))
                .singleElement()
                .isInstanceOfSatisfying(
                        PageNavigated.class,
                        page -> assertThat(page.navigation())
                                .extracting(NavigationEntry::url)
                                .isEqualTo("https://a.b/"));
        assertThat(await(story.read(ID, StoryKind.STATUS, 0, 10))).last().isInstanceOf(SessionEnded.class);
        postgres.close();
    }
}
