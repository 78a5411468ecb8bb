package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.RawWebSocket;
import dev.berth.history.Database;
import dev.berth.history.KeyRepository;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sockets and links of a key end with it. */
class RevokedKeyIT {
    private final String key = "the-key-of-one-who-is-thrown-out-" + System.nanoTime();
    private final Berth berth = Berth.shared();
    private final Database database =
            new Database(berth.vertx, berth.server.config().postgres().uri().orElseThrow(), 1);

    private void revoke(String before) {
        Berth.await(database.pool()
                .query(before)
                .execute()
                .compose(done -> database.pool()
                        .preparedQuery("delete from api_keys where key_hash = $1")
                        .execute(Tuple.of(Buffer.buffer(KeyRepository.hash(key))))));
        Berth.await(database.close());
    }

    private void assertAllEnds(String before) {
        Berth.await(new KeyRepository(database).add("thrown out", key));
        Api api = new Api(berth.server.url(), key);
        JsonObject created = api.post("/api/sessions?wait=running").json();
        String url = created.getString("connectUrl");
        String link = api.post("/api/sessions/" + created.getString("sessionId") + "/screenshot")
                .json()
                .getString("publicUrl");
        CdpClient byToken = CdpClient.connect(url);
        CdpClient byKey =
                CdpClient.connect(url.replaceFirst("\\?.*", ""), java.util.Map.of("Authorization", "Bearer " + key));
        RawWebSocket viewer =
                RawWebSocket.open(created.getString("liveUrl").replaceFirst("/live/([^?]+)", "/api/sessions/$1/live"));
        viewer.next("view");
        CdpClient other = CdpClient.connect(
                berth.api().post("/api/sessions?wait=running").json().getString("connectUrl"));
        assertThat(byToken.send("Browser.getVersion")).isNotNull();
        assertThat(byKey.send("Browser.getVersion")).isNotNull();
        assertThat(Api.fetch(link).status()).isEqualTo(200);
        String session = "/api/sessions/" + created.getString("sessionId");
        EventClient events = EventClient.open(api.request(session + "/events?kinds=action"));
        EventClient lifecycle = EventClient.open(api.request("/api/events"));
        revoke(before);
        CdpClient.Closed revoked = new CdpClient.Closed(4003, "the API key was revoked");
        assertThat(byToken.closed()).isEqualTo(revoked);
        assertThat(byKey.closed()).isEqualTo(revoked);
        assertThat(viewer.closed().closeReason()).isEqualTo(revoked.reason());
        for (EventClient stream : List.of(events, lifecycle)) {
            assertThat(stream.next().data().getString("message")).isEqualTo("the API key was revoked");
            assertThat(stream.next()).as("the end").isNull();
        }
        // After a lost connection the keys that requests use are reviewed by themselves.
        Api.await(() -> Api.fetch(link), answer -> answer.status() == 403);
        api.await("/api/sessions", answer -> answer.status() == 401);
        assertThat(other.send("Browser.getVersion")).isNotNull();
        assertThat(other.send("Browser.close")).isEmpty();
    }

    @Test
    void whenItIsRevoked() {
        assertAllEnds("select 1");
    }

    @Test
    void whenItWasRevokedDuringALostConnection() {
        assertAllEnds("select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN%'");
    }
}
