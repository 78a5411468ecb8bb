package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With Java's own transport in Vert.x, no event loop can read Chrome's pipes: threads do. */
class OtherTransportIT {
    private final Path data = Berth.temporaryFolder();
    private final Berth berth = Berth.start(data, Map.of("BERTH_POSTGRES_URI", Berth.newDatabase()), false);

    @AfterEach
    void end() {
        berth.stop();
        Berth.delete(data);
    }

    @Test
    void aSessionWorks() {
        Api api = berth.api();
        JsonObject created = api.post(
                        "/api/sessions?wait=running", new JsonObject().put("initialPrompt", berth.site.url("/plain")))
                .json();
        CdpClient client = CdpClient.connect(created.getString("connectUrl"));
        String page = client.attach();
        // A session runs before its first page is loaded.
        Api.await(() -> client.evaluate("document.title", page), "Plain"::equals);
        client.leave();
        String session = "/api/sessions/" + created.getString("sessionId");
        ProcessHandle chrome = Berth.chromeOf(session);
        assertThat(api.delete(session).status()).isEqualTo(200);
        assertThat(chrome.isAlive()).isFalse();
    }
}
