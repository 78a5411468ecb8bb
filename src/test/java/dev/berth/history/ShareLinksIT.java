package dev.berth.history;

import static dev.berth.history.OwnDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.ShareLink;
import dev.berth.access.ShareLinkRepository;
import dev.berth.protocol.SessionId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareLinksIT {
    private static final String CREATE = """
            insert into sessions (session_id, user_id, machine_id, status, options, metadata, created_at, expires_at)
            select $1, user_id, 'd0000001', 'creating', '{}', '{}', now(), now() from users limit 1
            """;
    private static final String KEY = """
            insert into api_keys (key_hash, user_id, key_id) overriding system value
            select decode('01', 'hex'), user_id, 900 from users limit 1
            """;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    static Path dataDir;

    private static OwnDatabase postgres;

    private final SessionId session = SessionId.random();
    private final ShareLinkRepository links = new ShareLinkRepository(postgres.database);

    @BeforeAll
    static void start() throws Exception {
        postgres = new OwnDatabase(dataDir);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private Future<Boolean> add(long linkId) {
        return links.add(new ShareLink(linkId, session, 900, false, false, NOW, NOW.plusSeconds(60)));
    }

    @Test
    void linksThatAreMadeAtOnceKeepToTheLimitToo() throws Exception {
        postgres.sql(CREATE, Tuple.of(session.value()));
        postgres.sql(KEY, Tuple.tuple());
        List<Future<Boolean>> adding = LongStream.range(0, 2 * ShareLinkRepository.MAX_OF_SESSION)
                .mapToObj(this::add)
                .toList();
        await(Future.all(adding));
        assertThat(adding.stream().filter(Future::result)).hasSize(ShareLinkRepository.MAX_OF_SESSION);
        assertThat(await(links.list(session, NOW))).hasSize(ShareLinkRepository.MAX_OF_SESSION);
    }
}
