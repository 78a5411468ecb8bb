package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.RawWebSocket;
import dev.berth.it.EventClient.Event;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Two nodes in processes of their own: a client may talk to either about any session. */
@Order(1)
class ClusterIT {
    private static final Path FOLDER = Berth.temporaryFolder();
    private static final Vertx VERTX = Vertx.vertx();
    private static TestSite site;
    private static final int BINARY = 2;
    private static final int PLACES = 6;
    private static TwoNodes nodes;
    private static ServerProcess first;
    private static ServerProcess second;

    @BeforeAll
    static void start() throws Exception {
        site = new TestSite(VERTX);
        nodes = TwoNodes.start(
                FOLDER, PLACES, "BERTH_PROFILE_KEY=" + Base64.getEncoder().encodeToString(new byte[32]));
        first = nodes.first();
        second = nodes.second();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (nodes != null) { // null where they did not start
            nodes.stop();
        }
        Berth.await(VERTX.close());
        ServerProcess.killAll(FOLDER);
        Berth.delete(FOLDER);
    }

    /** A session of the first node, as told to the second. */
    private static String ofFirst() {
        return made(first, second);
    }

    private static String made(ServerProcess there, ServerProcess by) {
        return made(there, by, new JsonObject());
    }

    private static String made(ServerProcess there, ServerProcess by, JsonObject body) {
        String wanted = nodeOf(there);
        List<String> others = new ArrayList<>();
        // A node prefers itself to one with as much room, so those that it made stay until the other has more.
        while (true) {
            JsonObject made = by.api().post("/api/sessions?wait=running", body).json();
            String path = "/api/sessions/" + made.getString("sessionId");
            if (made.getString("machineId").equals(wanted)) {
                others.forEach(by.api()::delete);
                return path;
            }
            others.add(path);
        }
    }

    private static String nodeOf(ServerProcess node) {
        return node.api().get("/health/ready").json().getString("machineId");
    }

    @Test
    void anyNodeAnswersWebDriver() {
        Assumptions.assumeTrue(Drivers.chromedriver().isPresent(), "no chromedriver on this machine");
        JsonObject wanted = new JsonObject("{\"capabilities\":{\"alwaysMatch\":{\"webSocketUrl\":true}}}");
        JsonObject session = first.api().post("/wd/hub/session", wanted).json().getJsonObject("value");
        String id = session.getString("sessionId");
        JsonObject page = new JsonObject().put("url", site.page("<title>of the first node</title>"));
        assertThat(second.api().post("/session/" + id + "/url", page).status()).isEqualTo(200);
        assertThat(second.api().get("/session/" + id + "/title").text()).contains("of the first node");
        String url = session.getJsonObject("capabilities").getString("webSocketUrl");
        Bidi client =
                Bidi.connect(url.replace(first.url().substring(4), second.url().substring(4)), Map.of());
        assertThat(client.evaluate(client.contexts().get(0), "document.title")).isEqualTo("of the first node");
        assertThat(second.api().delete("/session/" + id).status()).isEqualTo(200);
        assertThat(second.api().get("/session/" + id + "/title").text()).contains("invalid session id");
    }

    @Test
    void eachNodeTellsOfAll() {
        for (ServerProcess node : List.of(first, second)) {
            List<JsonObject> told = node.api().get("/api/admin/nodes").list("nodes").stream()
                    .map(JsonObject.class::cast)
                    .toList();
            assertThat(told)
                    .extracting(of -> of.getString("machineId"))
                    .containsExactlyInAnyOrder(nodeOf(first), nodeOf(second));
            assertThat(told)
                    .allSatisfy(of -> assertThat(of.getString("version")).matches("\\d+\\.\\d+\\.\\d+.*"));
        }
    }

    @Test
    void newSessionsGoWhereThereIsRoom() {
        // A node hears of the ends of another one's sessions a moment later, and counts their places as taken until
        // then.
        second.api()
                .await(
                        "/api/admin/nodes",
                        answer -> answer.list("nodes").stream()
                                .allMatch(node -> ((JsonObject) node).getInteger("running") == 0));
        Set<String> nodes = new HashSet<>();
        List<String> sessions =
                Stream.generate(() -> second.api().newSession()).limit(4).toList();
        for (String session : sessions) {
            nodes.add(second.api().get(session).json().getString("machineId"));
        }
        assertThat(nodes).containsExactlyInAnyOrder(nodeOf(first), nodeOf(second));
        for (ServerProcess node : List.of(first, second)) {
            assertThat(node.api().get("/api/sessions?limit=100").text())
                    .contains(sessions.stream()
                            .map(path -> path.substring(path.lastIndexOf('/') + 1))
                            .toList());
        }
        sessions.forEach(first.api()::delete);
    }

    @Test
    void aKeyHasItsLimitsOnAllNodesTogether() {
        JsonObject limits = new JsonObject().put("sessions", 1);
        String key = first.api()
                .post("/api/admin/keys", new JsonObject().put("user", "lim").put("limits", limits))
                .json()
                .getString("key");
        String session = new Api(first.url(), key).newSession();
        for (ServerProcess node : List.of(first, second)) {
            Api.Answer refused = new Api(node.url(), key).post("/api/sessions");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.error().getString("message")).startsWith("limits.sessions: 1; 1 ");
        }
        new Api(second.url(), key).delete(session);
        new Api(second.url(), key).delete(new Api(second.url(), key).newSession());
    }

    @Test
    void anyNodeDoesWhatASessionIsAskedTo() {
        String session = ofFirst();
        Api api = second.api();
        api.navigate(session, site.url("/noisy"));
        assertThat(api.evaluate(session, "document.title")).isEqualTo("Noisy");
        assertThat(api.get(session).json().getString("machineId")).isEqualTo(nodeOf(first));
        assertThat(api.get(session + "/console").json().getInteger("total")).isEqualTo(9);
        assertThat(api.get(session + "/network").json().getInteger("total")).isPositive();
        assertThat(api.get(session + "/har").json().getJsonObject("log")).isNotNull();
        JsonObject shot = api.act(session, "screenshot", new JsonObject());
        Api.Answer picture = Api.fetch(shot.getString("publicUrl"));
        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(shot.getString("publicUrl")).startsWith(second.url());
        assertThat(api.get(session + "/health").status()).isEqualTo(200);
        assertThat(api.delete(session).status()).isEqualTo(200);
        assertThat(api.post(session + "/click", new JsonObject().put("selector", "a"))
                        .status())
                .isEqualTo(410);
        // Ended, its last entries may still be on the first node's disk.
        assertThat(api.get(session + "/console").json().getInteger("total")).isEqualTo(9);
        assertThat(api.get(session + "/actions").json().getInteger("total")).isEqualTo(3);
    }

    @Test
    void filesOfManyMegabytesReachASession() {
        String session = ofFirst();
        second.api().navigate(session, site.page("<input type=file id=f>"));
        byte[] bytes = new byte[4 << 20];
        second.api()
                .act(
                        session,
                        "upload",
                        new JsonObject()
                                .put("selector", "#f")
                                .put(
                                        "files",
                                        List.of(new JsonObject()
                                                .put("name", "large.bin")
                                                .put(
                                                        "content",
                                                        Base64.getEncoder().encodeToString(bytes)))));
        assertThat(second.api().evaluate(session, "document.querySelector('#f').files[0].size"))
                .isEqualTo(bytes.length);
        second.api().delete(session);
    }

    private static JsonObject profile(String save) {
        JsonObject profile = new JsonObject().put("name", "shared").put("save", save);
        return new JsonObject().put("options", new JsonObject().put("profile", profile));
    }

    @Test
    void aProfileGoesToWhicheverNode() {
        Api api = first.api();
        String writer = api.newSession(profile("always"));
        api.navigate(writer, site.url("/plain"));
        api.evaluate(writer, "localStorage.cart = 'full'; document.cookie = 'login=ann'");
        assertThat(second.api().post("/api/sessions", profile("onSuccess")).status())
                .isEqualTo(409);
        api.delete(writer);
        JsonObject ended = api.get(writer).json();
        assertThat(ended.getJsonObject("profile").getInteger("saved"))
                .as(ended.encode())
                .isEqualTo(1);
        ServerProcess other = ended.getString("machineId").equals(nodeOf(first)) ? second : first;
        String reader = made(other, first, profile("never"));
        api.navigate(reader, site.url("/plain"));
        assertThat(api.evaluate(reader, "localStorage.cart + ', ' + document.cookie"))
                .isEqualTo("full, login=ann");
        api.delete(reader);
    }

    @Test
    void onlyWhoMayHearsOfASession() {
        String session = ofFirst();
        assertThat(new Api(second.url(), "no key at all at all").get(session).status())
                .isEqualTo(401);
        assertThat(Api.fetch(second.url() + session + "/live").status()).isEqualTo(401);
        assertThat(second.api()
                        .get("/api/sessions/session-00000000-0000-4000-8000-000000000000")
                        .status())
                .isEqualTo(404);
        Upgrade.Refusal refused = Upgrade.refused(second.url().replace("http", "ws") + session + "/cdp?token=no");
        assertThat(refused.status()).isBetween(401, 403);
        second.api().delete(session);
    }

    @Test
    void aCdpClientReachesASessionThroughAnotherNode() {
        JsonObject made = first.api().get(ofFirst()).json();
        String session = "/api/sessions/" + made.getString("sessionId");
        String url = second.api().get(session + "/cdp/json/version").json().getString("webSocketDebuggerUrl");
        assertThat(url).startsWith(second.url().replace("http", "ws"));
        CdpClient client = CdpClient.connect(url);
        String page = client.attach();
        assertThat(client.evaluate("1 + 1", page)).isEqualTo(2);
        assertThat(client.evaluate("'x'.repeat(3000000).length", page)).isEqualTo(3_000_000);
        second.api().delete(session);
        assertThat(client.closed().code()).isEqualTo(1000);
    }

    @Test
    void whoWatchesThroughAnotherNodeSeesFramesAndEvents() throws Exception {
        JsonObject made = second.api()
                .post("/api/sessions?wait=running", new JsonObject().put("initialPrompt", site.url("/noisy")))
                .json();
        String session = "/api/sessions/" + made.getString("sessionId");
        ServerProcess other = made.getString("machineId").equals(nodeOf(first)) ? second : first;
        EventClient events =
                EventClient.open(other.api().request(session + "/events").header("Last-Event-ID", "0"));
        String liveUrl = made.getString("liveUrl");
        RawWebSocket viewer =
                RawWebSocket.open(other.url() + session + "/live?" + liveUrl.substring(liveUrl.indexOf("token=")));
        assertThat(firstPicture(viewer)).isNotEmpty();
        // The first picture may be that of the blank page.
        other.api().await(session + "/console", answer -> answer.json().getInteger("total") == 9);
        other.api().delete(session);
        List<Event> told = events.rest();
        assertThat(told).extracting(Event::kind).contains("status", "navigation", "console", "network");
        assertThat(told.get(told.size() - 1).data().getString("endReason")).isEqualTo("client");
        viewer.close();
    }

    @Test
    void aLinkToAWholeSessionReadsThroughAnyNodeUntilItIsRevokedThroughAnother() {
        String session = ofFirst();
        first.api().act(session, "screenshot", new JsonObject());
        JsonObject link = first.api()
                .post(session + "/share", new JsonObject().put("whole", true))
                .json();
        String token = "?" + link.getString("url").replaceFirst(".*\\?", "");
        List<String> paths = new ArrayList<>();
        for (String read : List.of("", "/actions", "/report", "/export", "/artifacts")) {
            paths.add(session + read + token);
        }
        String picture = Api.fetch(second.url() + session + "/artifacts" + token)
                .list("artifacts")
                .getJsonObject(0)
                .getString("publicUrl");
        assertThat(picture).startsWith(second.url());
        paths.add(picture.substring(second.url().length()));
        for (ServerProcess node : List.of(first, second)) {
            for (String path : paths) {
                assertThat(Api.fetch(node.url() + path).status()).as(path).isEqualTo(200);
            }
        }
        EventClient events = EventClient.open(
                HttpRequest.newBuilder(URI.create(second.url() + session + "/events" + token + "&kinds=status")));
        second.api().delete(session + "/share/" + link.getString("linkId"));
        assertThat(events.next().data().getString("message")).isEqualTo("the link was revoked");
        for (ServerProcess node : List.of(first, second)) {
            for (String path : paths) {
                assertThat(Api.fetch(node.url() + path).status()).as(path).isBetween(401, 403);
            }
        }
        second.api().delete(session);
    }

    private static byte[] firstPicture(RawWebSocket viewer) {
        RawWebSocket.Frame frame = viewer.next();
        while (frame.opcode() != BINARY) {
            frame = viewer.next();
        }
        return frame.payload();
    }

    @Test
    void aClientOfTheModelContextProtocolMayComeToAnyNode() {
        Api.Answer begun = mcp(
                first,
                null,
                "initialize",
                new JsonObject()
                        .put("protocolVersion", "2025-06-18")
                        .put("capabilities", new JsonObject())
                        .put("clientInfo", new JsonObject().put("name", "test").put("version", "1")));
        String id = begun.headers().firstValue("Mcp-Session-Id").orElseThrow();
        assertThat(mcp(second, id, "tools/list", new JsonObject()).text()).contains("navigate");
        Api.send(second.api().request("/mcp").header("Mcp-Session-Id", id).DELETE());
        assertThat(mcp(first, id, "tools/list", new JsonObject()).status()).isEqualTo(404);
    }

    private static Api.Answer mcp(ServerProcess node, String id, String method, JsonObject params) {
        JsonObject message = new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", method)
                .put("params", params);
        HttpRequest.Builder request = node.api()
                .request("/mcp")
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(message.encode()));
        if (id != null) {
            request.header("Mcp-Session-Id", id);
        }
        return Api.send(request);
    }
}
