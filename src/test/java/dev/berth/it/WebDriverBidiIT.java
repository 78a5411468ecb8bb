package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** WebDriver BiDi, as programs speak it, on a machine that has chromedriver. */
@ResourceLock("chromedriver")
class WebDriverBidiIT {
    private final Berth berth = Berth.shared();
    private final String key = berth.keyOf("webdriver-bidi-" + UUID.randomUUID());
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
        return api.post("/session", body).json().getJsonObject("value");
    }

    private static JsonObject withBidi() {
        return new JsonObject().put("webSocketUrl", true);
    }

    private static String url(JsonObject session) {
        return session.getJsonObject("capabilities").getString("webSocketUrl");
    }

    private String rest(JsonObject session) {
        return "/api/sessions/" + session.getJsonObject("capabilities").getString("berth:sessionId");
    }

    private static JsonObject in(String context) {
        return new JsonObject().put("context", context);
    }

    private static JsonObject to(String context, String url) {
        return in(context).put("url", url).put("wait", "complete");
    }

    private static int refusal(String url, Map<String, String> headers) {
        try {
            Bidi.connect(url, headers).leave();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void aClientDrivesPagesAndHearsOfThem() {
        JsonObject session = create(withBidi());
        assertThat(url(session))
                .isEqualTo("ws" + berth.server.url().substring(4) + "/session/" + session.getString("sessionId"));
        Bidi client = Bidi.connect(url(session).replace("/session/", "/wd/hub/session/"), Map.of());
        client.result("session.subscribe", new JsonObject().put("events", new JsonArray().add("log.entryAdded")));
        String context = client.contexts().get(0);
        String page = berth.site.page("<title>Home</title><script>console.log('said by the page')</script>");
        client.result("browsingContext.navigate", to(context, page));
        assertThat(client.event("log.entryAdded").getString("text")).isEqualTo("said by the page");
        // A message is longer than what passes between the driver's tab and Chrome at a time, and some characters have
        // four bytes.
        String text = "🧡ä".repeat(100_000);
        assertThat(client.evaluate(context, "'" + text + "'")).isEqualTo(text);
        assertThat(Api.await(
                        () -> api.get(rest(session) + "/console").text(),
                        logged -> logged.contains("said by the page")))
                .contains("said by the page");
        assertThat(api.get(rest(session) + "/network").text()).contains(page);
    }

    @Test
    void requestsAreIntercepted() {
        Bidi client = Bidi.connect(url(create(withBidi())), Map.of());
        String context = client.contexts().get(0);
        client.result("browsingContext.navigate", to(context, berth.site.page("<title>Home</title>")));
        client.result(
                "session.subscribe", new JsonObject().put("events", new JsonArray().add("network.beforeRequestSent")));
        client.result("network.addIntercept", new JsonObject().put("phases", new JsonArray().add("beforeRequestSent")));
        client.evaluate(context, "void (self.got = fetch('/never').then(answer => answer.text()))");
        String request = client.event("network.beforeRequestSent")
                .getJsonObject("request")
                .getString("request");
        client.result(
                "network.provideResponse",
                new JsonObject()
                        .put("request", request)
                        .put("statusCode", 200)
                        .put("body", new JsonObject().put("type", "string").put("value", "made up")));
        assertThat(client.evaluate(context, "self.got")).isEqualTo("made up");
    }

    @Test
    void noOneSeesTheTabOfTheDriver() {
        JsonObject session = create(withBidi());
        Bidi client = Bidi.connect(url(session), Map.of());
        List<String> contexts = client.contexts();
        assertThat(contexts).hasSize(1);
        JsonArray pages = api.get(rest(session) + "/pages").json().getJsonArray("pages");
        assertThat(pages).hasSize(1);
        assertThat(pages.getJsonObject(0).getString("pageId")).isEqualTo(contexts.get(0));
        assertThat(client.result("goog:cdp.sendCommand", new JsonObject().put("method", "Target.getTargets"))
                        .encode())
                .contains(contexts.get(0))
                .doesNotContain("Mapper");
        JsonObject command = new JsonObject()
                .put("cmd", "Target.createTarget")
                .put("params", new JsonObject().put("url", "about:blank").put("hidden", true));
        api.post("/session/" + session.getString("sessionId") + "/goog/cdp/execute", command);
        assertThat(api.get(rest(session) + "/pages").json().getJsonArray("pages"))
                .as("a page that a client calls hidden is logged as any other")
                .hasSize(2);
    }

    @Test
    void thePolicyHolds() {
        Bidi client = Bidi.connect(url(create(withBidi())), Map.of());
        String context = client.contexts().get(0);
        assertThat(client.ask("browsingContext.navigate", to(context, "file:///etc/passwd"))
                        .getString("message"))
                .contains("the scheme 'file:' is not allowed");
        JsonObject expose = new JsonObject().put("targetId", context);
        assertThat(client.ask(
                                "goog:cdp.sendCommand",
                                new JsonObject()
                                        .put("method", "Target.exposeDevToolsProtocol")
                                        .put("params", expose))
                        .getString("message"))
                .contains("not available");
    }

    @Test
    void onlyClientsOfTheSessionAreLetIn() {
        JsonObject session = create(withBidi());
        assertThat(refusal(url(session), Map.of("Origin", "https://evil.example")))
                .isEqualTo(403);
        assertThat(refusal(url(session) + "A", Map.of())).isEqualTo(401);
        String classic = create(new JsonObject()).getString("sessionId");
        assertThat(refusal("ws" + berth.server.url().substring(4) + "/session/" + classic, Map.of()))
                .isEqualTo(400);
    }

    @Test
    void aClientEndsTheSession() {
        JsonObject session = create(withBidi());
        Bidi client = Bidi.connect(url(session), Map.of());
        client.send("session.end", new JsonObject());
        JsonObject ended = Api.await(() -> api.get(rest(session)).json(), now -> now.getString("endReason") != null);
        assertThat(ended.getString("endReason")).isEqualTo("client");
        // A session that is ending has a chromedriver for a moment, which may still take a client.
        Api.await(() -> refusal(url(session), Map.of()), status -> status == 410);
    }
}
