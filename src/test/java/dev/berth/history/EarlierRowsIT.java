package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.KeyRepository;
import dev.berth.access.Role;
import dev.berth.database.Notifications;
import dev.berth.it.Berth;
import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.CreateSession;
import dev.berth.protocol.HttpCredentials;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.LogLines;
import dev.berth.protocol.NavigationEntry;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.ProfileUse;
import dev.berth.protocol.SessionEvent.PageNavigated;
import dev.berth.protocol.SessionEvent.SessionEnded;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionOptions.KeptDays;
import dev.berth.protocol.SessionReply.SessionDescription;
import dev.berth.protocol.SessionStatus;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.SessionSummary;
import dev.berth.protocol.StorageState;
import dev.berth.protocol.StorageState.StoredCookie;
import dev.berth.protocol.StorageState.StoredItem;
import dev.berth.protocol.StoryCursor.StoryKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows and log lines that earlier builds wrote. */
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

    private void migrate(String version) {
        Flyway.configure()
                .locations("classpath:dev/berth/db/migration")
                .dataSource(jdbc, user[0], user[1])
                .target(version)
                .load()
                .migrate();
    }

    private void sql(String statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbc, user[0], user[1]);
                Statement all = connection.createStatement()) {
            all.execute(statements);
        }
    }

    /** The last build whose nodes held leases. */
    @Test
    @Tag("full")
    void aSessionThatEndedStaysReadable() throws Exception {
        migrate("22");
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
                                        1,
                                        true,
                                        Optional.empty(),
                                        Set.of(),
                                        Optional.empty(),
                                        Map.of("team", "a"),
                                        Optional.empty(),
                                        10,
                                        0)))
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
                .hasValueSatisfying(key -> assertThat(key.role()).isEqualTo(Role.ADMIN));
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

    /** Options as the build before the one form of commands wrote them, with what it kept of a client's pictures. */
    private static final String OPTIONS = """
            {"browser":"chromium","viewport":{"width":900,"height":700},
                "timeouts":{"idle":600000,"lifetime":3600000,"reconnect":5000},"userAgent":"agent","locale":"de-DE",
                "timezone":"Europe/Berlin","recording":true,"flightRecorder":true,"bodies":true,"device":"Pixel 7",
                "ignoreHttpsErrors":true,"headers":{"x-trial":"s3cret"},
                "httpCredentials":[{"origin":"https://a.b","username":"ann","password":"s3cret"}],"pointerHidden":true,
                "blockedDomains":["c.d"],"proxy":[{"domains":["*.e.f"],"server":"none"}],"retention":{"days":3,"logDays":1},
                "profile":{"name":"other","save":"always"},"storageState":{"cookies":[{"name":"n","value":"s3cret",
                "domain":"127.0.0.1","path":"/","expires":-1,"httpOnly":true,"secure":false,"sameSite":"Lax"}],
                "origins":[{"origin":"http://127.0.0.1:18701","localStorage":[{"name":"k","value":"s3cret"}]}]},
                "keepClientPictures":true}""";

    private static final String WAITING = """
            insert into users (name) values ('default');
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at, queue_number, queue,
                queue_deadline, start_needs, ends_with_node, queued_at)
            values ('ID', 1, 'earlier', 'creating', 'OPTIONS', '{"team":"b"}', now(), now() + interval '1 hour', 1, 'earlier',
                now() + interval '1 minute', '{"source":"rest","options":OPTIONS,"initialPrompt":"http://127.0.0.1:18701/"}', false, now());
            insert into actions (session_id, seq, action_id, type, happened_at, success, details, duration_millis, source, cost_usd,
                input_tokens, output_tokens)
            values ('ID', 0, 'action-1', 'drag', now(), true, '{"selector":"#d","by":{"x":5,"y":5},"holdMillis":10}', 5, 'rest', 0, 0, 0);
            """.replace("ID", ID.value()).replace("OPTIONS", OPTIONS);

    @Test
    void aSessionThatWaitsBeginsWithAllThatItWasGiven() throws Exception {
        migrate("31");
        sql(WAITING);
        OwnDatabase postgres = new OwnDatabase(dataDir, uri);
        SessionRepository sessions = new SessionRepository(postgres.database, postgres.outbox);
        SessionDescription waiting = await(sessions.find(ID)).orElseThrow();
        assertThat(waiting.options().device()).contains("Pixel 7");
        assertThat(waiting.drivers()).isEmpty();
        Notifications notifications = new Notifications(postgres.vertx, postgres.database);
        await(notifications.start());
        QueueRepository queue = new QueueRepository(
                postgres.database,
                new SessionClaims(postgres.database, NodeEpoch.NONE),
                sessions,
                notifications,
                "earlier",
                false,
                NodeEpoch.NONE);
        CreateSession begun = await(queue.claim(1)).get(0).request();
        assertThat(begun.initialPrompt()).contains("http://127.0.0.1:18701/");
        assertThat(begun.metadata()).isEqualTo(Map.of("team", "b"));
        SessionOptions options = begun.options();
        assertThat(options.headers()).isEqualTo(Map.of("x-trial", "s3cret"));
        assertThat(options.httpCredentials()).containsExactly(new HttpCredentials("https://a.b", "ann", "s3cret"));
        assertThat(options.recording() && options.pointerHidden() && options.flightRecorder() && options.bodies())
                .isTrue();
        assertThat(options.retention().flatMap(KeptDays::logDays)).contains(1);
        assertThat(options.profile().map(ProfileUse::name)).contains("other");
        assertThat(options.proxy())
                .singleElement()
                .satisfies(rule -> assertThat(rule.server()).isEmpty());
        StorageState stored = options.storageState().orElseThrow();
        assertThat(stored.cookies()).extracting(StoredCookie::value).containsExactly("s3cret");
        assertThat(stored.origins().get(0).localStorage()).containsExactly(new StoredItem("k", "s3cret"));
        assertThat(await(new ActionRepository(postgres.vertx.getOrCreateContext(), postgres.database, postgres.outbox)
                                .page(ID, 0, 10))
                        .actions())
                .extracting(ActionEntry::details)
                .containsExactly(Map.of("selector", "#d", "by", Map.of("x", 5, "y", 5), "holdMillis", 10));
        await(notifications.close());
        postgres.close();
    }

    @Test
    void linesOfLogsStayReadable() {
        String console = """
                {"level":"log","message":"1","timestamp":"2026-12-02T09:57:34.986Z","url":"http://127.0.0.1:18701/","line":1,\
                "source":"console-api","group":0,"stack":[],"pageId":"page-1"}""";
        assertThat(lines(console).as(ConsoleEntry.class))
                .singleElement()
                .satisfies(line -> assertThat(line.line()).contains(1));
        String network = """
                {"url":"http://127.0.0.1:18701/","method":"GET","status":200,"duration":171.422,"size":230,"resourceType":"document",\
                "mimeType":"text/html","timestamp":"2026-12-02T09:57:33.146Z","fromCache":false,"fromServiceWorker":false,"error":null,\
                "requestHeaders":{"Host":"127.0.0.1:18701"},"responseHeaders":{"content-type":"text/html"},"requestId":"r","pageId":"p",\
                "documentId":"r","initiator":{"type":"other"},"priority":"VeryHigh","httpVersion":"http/1.1",\
                "remoteAddress":"127.0.0.1:18701","timings":{"blocked":8.498,"dns":-1.0,"connect":154.681,"ssl":-1.0,"send":0.409,\
                "wait":5.341,"receive":2.493},"contentSize":82,"body":{"offset":0}}""";
        assertThat(lines(network).as(NetworkEntry.class)).singleElement().satisfies(request -> {
            assertThat(request.timings().orElseThrow().connect()).isEqualTo(154.681);
            assertThat(request.initiator().orElseThrow().type()).isEqualTo("other");
        });
        String body = "{\"mimeType\":\"text/html\",\"content\":\"<title>t</title>\"}";
        assertThat(lines(body).as(BodyEntry.class))
                .singleElement()
                .satisfies(kept -> assertThat(kept.content()).isEqualTo("<title>t</title>"));
    }

    private static LogLines lines(String line) {
        return LogLines.of(List.of(line.getBytes(StandardCharsets.UTF_8)));
    }
}
