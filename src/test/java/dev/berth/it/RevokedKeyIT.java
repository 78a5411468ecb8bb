package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.RawWebSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sockets and links of a key end with it. */
class RevokedKeyIT {
    private final Berth berth = Berth.shared();
    private final String key = berth.keyOf("thrown out");

    private void assertAllEnds(String before) {
        Api api = new Api(berth.server.url(), key);
        Api.Opened created = api.create();
        String url = created.connectUrl();
        String link = api.post(created.path() + "/screenshot").json().getString("publicUrl");
        CdpClient byToken = CdpClient.connect(url);
        CdpClient byKey =
                CdpClient.connect(url.replaceFirst("\\?.*", ""), java.util.Map.of("Authorization", "Bearer " + key));
        RawWebSocket viewer = RawWebSocket.open(created.socket(created.token()));
        viewer.next("view");
        CdpClient other = CdpClient.connect(berth.api().create().connectUrl());
        assertThat(byToken.send("Browser.getVersion")).isNotNull();
        assertThat(byKey.send("Browser.getVersion")).isNotNull();
        assertThat(Api.fetch(link).status()).isEqualTo(200);
        EventClient events = EventClient.open(api.request(created.path() + "/events?kinds=action"));
        EventClient lifecycle = EventClient.open(api.request("/api/events"));
        berth.postgres(before);
        berth.revoke(key);
        CdpClient.Closed revoked = new CdpClient.Closed(4003, "the API key was revoked or has expired");
        assertThat(byToken.closed()).isEqualTo(revoked);
        assertThat(byKey.closed()).isEqualTo(revoked);
        assertThat(viewer.closed().closeReason()).isEqualTo(revoked.reason());
        for (EventClient stream : List.of(events, lifecycle)) {
            assertThat(stream.next().data().getString("message")).isEqualTo("the API key was revoked or has expired");
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
