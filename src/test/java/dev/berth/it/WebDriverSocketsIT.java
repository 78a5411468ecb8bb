package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.WebSocketHandshakeException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may open the WebSockets of a WebDriver session, and the one for CDP. */
class WebDriverSocketsIT {
    private final Berth berth = Berth.shared();
    private final String key = berth.keyOf("webdriver-sockets-" + UUID.randomUUID());
    private final Api api = new Api(berth.server.url(), key);

    @BeforeAll
    static void chromedriverIsThere() {
        Assumptions.assumeTrue(Drivers.chromedriver().isPresent(), "no chromedriver on this machine");
    }

    @AfterEach
    void endSessions() {
        api.endSessions();
    }

    private JsonObject create(JsonObject wanted) {
        JsonObject body = new JsonObject().put("capabilities", new JsonObject().put("alwaysMatch", wanted));
        return api.post("/wd/hub/session", body).json().getJsonObject("value");
    }

    private static JsonObject capabilities(JsonObject session) {
        return session.getJsonObject("capabilities");
    }

    private static String cdp(JsonObject session) {
        return capabilities(session).getString("se:cdp");
    }

    private String end(JsonObject session) {
        return api.get("/api/sessions/" + capabilities(session).getString("berth:sessionId"))
                .json()
                .getString("endReason");
    }

    private static int refusal(String url, Map<String, String> headers) {
        try {
            CdpClient.connect(url, headers).leave();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void cdpReachesTheBrowserOfTheSession() {
        JsonObject session = create(new JsonObject());
        String id = session.getString("sessionId");
        assertThat(cdp(session)).isEqualTo("ws" + berth.server.url().substring(4) + "/session/" + id + "/se/cdp");
        assertThat(capabilities(session).getString("se:cdpVersion"))
                .isEqualTo(capabilities(session).getString("browserVersion"))
                .isNotEmpty();
        CdpClient client = CdpClient.connect(cdp(session));
        String page = client.attach();
        assertThat(client.evaluate("6 * 7", page)).isEqualTo(42);
        assertThat(client.ask("Page.navigate", new JsonObject().put("url", "file:///etc/passwd"), page)
                        .encode())
                .contains("not allowed");
        client.leave();
        assertThat(end(session)).isNull();
        CdpClient again = CdpClient.connect(cdp(session).replace("/session/", "/wd/hub/session/"));
        assertThat(again.evaluate("6 * 7", again.attach())).isEqualTo(42);
        api.delete("/session/" + id);
        assertThat(again.closed().reason()).isEqualTo("the session ended: client");
    }

    @Test
    void pagesOfOtherSitesAndWrongIdsAreRefused() {
        JsonObject session = create(new JsonObject());
        String url = cdp(session);
        assertThat(refusal(url, Map.of("Origin", "https://evil.example"))).isEqualTo(403);
        assertThat(refusal(url, Map.of("Origin", berth.server.url()))).isEqualTo(101);
        assertThat(refusal(url.replace("/se/cdp", "A/se/cdp"), Map.of())).isEqualTo(401);
        String bare = url.replaceFirst("(/session/[^.]+)\\.[^/]+", "$1");
        assertThat(refusal(bare, Map.of())).isEqualTo(401);
        assertThat(refusal(bare, Map.of("X-API-Key", key))).isEqualTo(101);
        String stranger = berth.keyOf("stranger-" + UUID.randomUUID());
        assertThat(refusal(bare, Map.of("X-API-Key", stranger))).isEqualTo(404);
        HttpRequest.Builder plain = HttpRequest.newBuilder(URI.create("http" + url.substring(2)));
        assertThat(Api.send(plain).text()).contains("/se/cdp is a WebSocket");
        api.delete("/session/" + session.getString("sessionId"));
        assertThat(refusal(url, Map.of())).isEqualTo(410);
    }

    @Test
    void onlyCommandsOfTheClientCountAsUse() {
        JsonObject timeouts = new JsonObject().put("timeouts", new JsonObject().put("idle", 2_000));
        JsonObject session = create(new JsonObject().put("berth:options", timeouts));
        CdpClient client = CdpClient.connect(cdp(session));
        long start = System.nanoTime();
        Api.await(() -> client.send("Browser.getVersion"), any -> System.nanoTime() - start > 5_000_000_000L);
        assertThat(end(session)).isNull();
        assertThat(client.closed().reason()).contains("idle");
        assertThat(end(session)).isEqualTo("idle_timeout");
    }
}
