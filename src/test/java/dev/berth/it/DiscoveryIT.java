package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.Api.Answer;
import dev.berth.it.Api.Opened;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The paths of a Chrome with a DevTools port, by which clients look for its sockets. */
class DiscoveryIT {
    private final Berth berth = Berth.shared();
    private final String key = berth.keyOf("discovery-" + UUID.randomUUID());
    private final Api api = new Api(berth.server.url(), key);

    @AfterEach
    void endSessions() {
        sessions().forEach(session -> api.delete("/api/sessions/" + session.getString("sessionId")));
    }

    private List<JsonObject> sessions() {
        return api.get("/api/sessions").list("sessions").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private Answer call(String method, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(berth.server.url() + path)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Api.send(request);
    }

    private Answer get(String path, String... headers) {
        return call("GET", path, headers);
    }

    private static JsonArray array(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonArray(answer.text());
    }

    private String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(("any:" + key).getBytes(StandardCharsets.UTF_8));
    }

    private String wsUrl(String path) {
        return berth.server.url().replaceFirst("^http", "ws") + path;
    }

    @Test
    void aClientOfAKeyFindsABrowserAsAtAPort() {
        String door = "/connect/" + key;
        JsonObject first = array(get(door + "/json/list")).getJsonObject(0);
        assertThat(first.getString("type")).isEqualTo("page");
        JsonObject page = call("PUT", door + "/json/new?" + berth.site.page("<title>Found</title>"))
                .json();
        assertThat(array(get("/json?token=" + key)))
                .hasSize(2)
                .extracting(each -> ((JsonObject) each).getString("id"))
                .contains(first.getString("id"), page.getString("id"));
        assertThat(sessions())
                .singleElement()
                .satisfies(session -> assertThat(session.getString("name")).isEqualTo("Shared by clients of /json"));
        assertThat(page.getString("webSocketDebuggerUrl")).doesNotContain(key);
        CdpClient client = CdpClient.connect(page.getString("webSocketDebuggerUrl"));
        assertThat(client.evaluate("document.title", "")).isEqualTo("Found");
        CdpClient same = CdpClient.connect(wsUrl(door + "/devtools/page/" + page.getString("id")));
        assertThat(same.evaluate("document.title", "")).isEqualTo("Found");
        // As chrome-remote-interface does with its option alterPath.
        String altered = page.getString("webSocketDebuggerUrl").replaceFirst("(?<=[^:/])/", door + "/");
        CdpClient throughKey = CdpClient.connect(altered);
        assertThat(throughKey.evaluate("document.title", "")).isEqualTo("Found");
        assertThat(get(door + "/json/activate/" + page.getString("id")).text()).isEqualTo("Target activated");
        assertThat(get(door + "/json/close/" + page.getString("id")).text()).isEqualTo("Target is closing");
        assertThat(client.closed().reason()).isEqualTo("the page was closed");
        assertThat(same.closed().code()).isEqualTo(4010);
        assertThat(throughKey.closed().code()).isEqualTo(4010);
        assertThat(get(door + "/json/close/" + page.getString("id")).status()).isEqualTo(404);
    }

    @Test
    void aPagesSocketReachesThatPageAndLogsItsActions() {
        Opened session = api.create(new JsonObject().put("initialPrompt", berth.site.page("<title>Own</title>")));
        JsonObject page = array(api.get(session.path() + "/cdp/json/list")).getJsonObject(0);
        CdpClient client = CdpClient.connect(page.getString("webSocketDebuggerUrl"));
        String next = berth.site.page("<title>Next</title>");
        client.send("Page.navigate", new JsonObject().put("url", next), "");
        JsonObject logged =
                api.await(session.path() + "/actions", a -> a.text().contains("cdp")).list("actions").stream()
                        .map(JsonObject.class::cast)
                        .filter(action -> action.getString("source").equals("cdp"))
                        .findFirst()
                        .orElseThrow();
        assertThat(logged.getString("type")).isEqualTo("navigate");
        assertThat(logged.getJsonObject("details").getString("pageId")).isEqualTo(page.getString("id"));
        assertThat(client.ask("Page.navigate", new JsonObject().put("url", "file:///etc/passwd"), "")
                        .getJsonObject("error"))
                .isNotNull();
        String nobody = session.connectUrl().replace("/cdp?", "/cdp/devtools/page/0123456789ABCDEF?");
        assertThat(Upgrade.refused(nobody).status()).isEqualTo(404);
        api.delete(session.path());
        assertThat(client.closed().reason()).contains("ended");
    }

    @Test
    void theVersionIsChromesAndItsSocketMakesASession() {
        JsonObject version = get("/json/version", "Authorization", basic()).json();
        assertThat(version.getString("Browser")).matches("\\w*Chrome/\\d+.*");
        assertThat(version.getString("User-Agent")).contains("AppleWebKit");
        assertThat(version.getString("Protocol-Version")).isEqualTo("1.3");
        String url = version.getString("webSocketDebuggerUrl");
        assertThat(url).startsWith(wsUrl("/connect?session=session-")).doesNotContain(key);
        assertThat(sessions()).isEmpty();
        CdpClient client = CdpClient.connect(url);
        String mark = client.attach();
        client.evaluate("window.mark = 7", mark);
        CdpClient again = CdpClient.connect(url);
        assertThat(again.evaluate("window.mark", again.attach())).isEqualTo(7);
        assertThat(sessions()).hasSize(1);
        api.delete("/api/sessions/" + sessions().get(0).getString("sessionId"));
        assertThat(Upgrade.refused(url).status()).isEqualTo(410);
        assertThat(Upgrade.refused(url.replaceFirst("token=.", "token=x")).status())
                .isEqualTo(401);
    }

    /** Playwright for Java appends to the whole URL. */
    @Test
    void aPathBehindTheQueryIsUnderstood() {
        assertThat(get("/connect?token=" + key + "/json/version/").json().getString("webSocketDebuggerUrl"))
                .isEqualTo(wsUrl("/connect?token=" + key));
        Opened session = api.create();
        String http = session.connectUrl().replaceFirst("^ws", "http");
        assertThat(Api.fetch(http + "/json/version/").json().getString("webSocketDebuggerUrl"))
                .isEqualTo(session.connectUrl());
    }

    @Test
    void aTokenThatIsGivenTwiceIsNoFaultOfTheServer() {
        assertThat(get("/connect?token=one&token=" + key + "/json/version").status())
                .isEqualTo(401);
    }

    @Test
    void theProtocolIsTold() {
        JsonArray domains = get("/json/protocol", "X-API-Key", key).json().getJsonArray("domains");
        assertThat(domains)
                .extracting(each -> ((JsonObject) each).getString("domain"))
                .contains("Page", "Runtime");
        assertThat(get("/json/protocol").status()).isEqualTo(401);
    }

    @Test
    void requestsThatAKeyIsNotForAreRefused() {
        assertThat(get("/json/list").status()).isEqualTo(401);
        assertThat(get("/json/list", "Authorization", "Basic %%%").status()).isEqualTo(401);
        assertThat(get("/connect/nonsense/json/version").status()).isEqualTo(401);
        assertThat(get("/json/new", "X-API-Key", key).status()).isEqualTo(405);
        assertThat(get("/json/none", "X-API-Key", key).status()).isEqualTo(404);
        assertThat(get("/devtools/page/1", "X-API-Key", key).status()).isEqualTo(400);
        for (String path : List.of("/connect/" + key + "/json/list", "/json/list?token=" + key)) {
            assertThat(get(path, "Origin", "https://evil.example").status()).isEqualTo(403);
            assertThat(get(path, "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
        }
        assertThat(get("/json/list", "Authorization", basic(), "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(Upgrade.refused(wsUrl("/connect/" + key), Map.of("Origin", "https://evil.example"))
                        .status())
                .isEqualTo(403);
        assertThat(sessions()).isEmpty();
        JsonObject page = array(get("/json/list", "X-API-Key", key)).getJsonObject(0);
        String stranger = berth.keyOf("a-stranger-to-discovery");
        String own = "/devtools/page/" + page.getString("id");
        Upgrade.Refusal refused = Upgrade.refused(wsUrl("/connect/" + stranger + own));
        assertThat(refused.status()).isEqualTo(404);
        new Api(berth.server.url(), stranger)
                .get("/api/sessions")
                .list("sessions")
                .forEach(each -> new Api(berth.server.url(), stranger)
                        .delete("/api/sessions/" + ((JsonObject) each).getString("sessionId")));
    }

    /** The port that a client without a key drives: it is one Chrome, of the configured user. */
    @Test
    void thePortForClientsWithoutAKeyIsOneChrome() throws IOException {
        int port = berth.server.config().cdp().port().orElseThrow();
        String url = "http://127.0.0.1:" + port;
        String path = "/json/version";
        assertThat(Api.fetch(url + path).json().getJsonObject("error").getString("message"))
                .contains(Berth.CDP_USER, "BERTH_CDP_USER");
        Api owner = new Api(berth.server.url(), berth.keyOf(Berth.CDP_USER));
        String browser = Api.fetch(url + path).json().getString("webSocketDebuggerUrl");
        assertThat(owner.get("/api/sessions").list("sessions")).isEmpty();
        CdpClient first = CdpClient.connect(browser);
        first.evaluate("window.mark = 'one'", first.attach());
        JsonObject page = array(Api.fetch(url + "/json")).getJsonObject(0);
        CdpClient second = CdpClient.connect(page.getString("webSocketDebuggerUrl"));
        assertThat(second.evaluate("window.mark", "")).isEqualTo("one");
        assertThat(owner.get("/api/sessions").list("sessions")).hasSize(1);
        assertThat(Api.fetch(url + "/api/sessions").status()).isEqualTo(404);
        assertThat(Api.send(HttpRequest.newBuilder(URI.create(url + path)).header("Origin", url))
                        .status())
                .isEqualTo(403);
        assertThat(Upgrade.refused(browser, Map.of("Origin", url)).status()).isEqualTo(403);
        assertThat(statusFor("evil.example", port)).contains("403");
        assertThat(statusFor("localhost:" + port, port)).contains("200");
        owner.delete("/api/sessions/"
                + ((JsonObject) owner.get("/api/sessions").list("sessions").getValue(0)).getString("sessionId"));
        assertThat(first.closed().reason()).contains("ended");
    }

    private static String statusFor(String host, int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("GET /json/version HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElseThrow();
        }
    }
}
