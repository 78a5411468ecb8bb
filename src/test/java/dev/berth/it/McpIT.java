package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of the Model Context Protocol, over HTTP. */
class McpIT {
    private static final AtomicInteger IDS = new AtomicInteger();
    private final Berth berth = Berth.shared();
    private final Api api = new Api(berth.server.url(), berth.keyOf("mcp"));
    private String session;

    @BeforeEach
    void begin() {
        Api.Answer begun = send(request(
                "initialize",
                new JsonObject()
                        .put("protocolVersion", "2025-06-18")
                        .put("capabilities", new JsonObject())
                        .put("clientInfo", new JsonObject().put("name", "test").put("version", "1"))));
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        session = begun.headers().firstValue("Mcp-Session-Id").orElseThrow();
        send(new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized"));
    }

    @AfterEach
    void end() {
        Api.send(api.request("/mcp").header("Mcp-Session-Id", session).DELETE());
    }

    @Test
    void initializeWithoutParametersIsRefused() {
        Api.Answer refused = send(request("initialize", null));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("the parameters of initialize are invalid");
    }

    private static JsonObject request(String method, JsonObject params) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", IDS.incrementAndGet())
                .put("method", method)
                .put("params", params);
    }

    private Api.Answer send(JsonObject message) {
        return send(api, message);
    }

    private Api.Answer send(Api api, JsonObject message) {
        return send(api, "/mcp", message);
    }

    private Api.Answer send(Api api, String path, JsonObject message) {
        HttpRequest.Builder post = api.request(path)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(message.encode()));
        Optional.ofNullable(session).ifPresent(id -> post.header("Mcp-Session-Id", id));
        return Api.send(post);
    }

    private JsonObject ask(String method, JsonObject params) {
        JsonObject answer = send(request(method, params)).json();
        assertThat(answer.getJsonObject("error")).isNull();
        return answer.getJsonObject("result");
    }

    private JsonObject call(String tool, JsonObject arguments) {
        return ask("tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
    }

    private static String text(JsonObject result) {
        JsonArray content = result.getJsonArray("content");
        return content.getJsonObject(content.size() - 1).getString("text");
    }

    private String open(String html) {
        JsonObject opened = call("navigate", new JsonObject().put("url", berth.site.page(html)));
        assertThat(opened.getBoolean("isError")).as(opened.encode()).isFalse();
        return text(opened);
    }

    @Test
    void toolsHaveSchemasAndAnnotations() {
        JsonArray tools = ask("tools/list", new JsonObject()).getJsonArray("tools");
        JsonObject click = named(tools, "click");
        assertThat(click.getJsonObject("inputSchema").getJsonObject("properties"))
                .allSatisfy(property -> assertThat(property.getKey()).isNotIn("map", "empty"));
        assertThat(click.getJsonObject("inputSchema").getJsonArray("required")).contains("selector");
        assertThat(named(tools, "snapshot").getJsonObject("annotations").getBoolean("readOnlyHint"))
                .isTrue();
    }

    @Test
    void aToolThatDoesNotExistIsRefused() {
        JsonObject answer = send(request("tools/call", new JsonObject().put("name", "clack")))
                .json();
        assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(-32602);
    }

    private static JsonObject named(JsonArray tools, String name) {
        return tools.stream()
                .map(JsonObject.class::cast)
                .filter(tool -> name.equals(tool.getString("name")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anActTellsWhatChanged() {
        assertThat(open("<input aria-label=Name><button onclick=\"this.textContent='Done'\">Go</button>"))
                .contains("Go");
        assertThat(text(call("click", new JsonObject().put("selector", "button"))))
                .contains("Done");
        JsonArray fields =
                new JsonArray().add(new JsonObject().put("selector", "input").put("value", "Ada"));
        assertThat(text(call("fill_form", new JsonObject().put("fields", fields))))
                .contains("1 fields", "Ada");
        JsonObject missing =
                call("click", new JsonObject().put("selector", "#none").put("odd", 1));
        assertThat(missing.getBoolean("isError")).isTrue();
        assertThat(text(missing)).contains("odd is not a known field");
    }

    @Test
    void logsAndPicturesAreToolsAndResources() {
        open("<script>console.log('hello')</script>");
        assertThat(text(call("console_messages", new JsonObject()))).contains("[log] hello");
        assertThat(text(call("network_requests", new JsonObject()))).contains("GET " + berth.site.url(""));
        assertThat(text(call("add_route", new JsonObject().put("url", "**/none").put("action", "block"))))
                .contains("route-1");
        assertThat(text(call("remove_route", new JsonObject().put("routeId", "route-1"))))
                .doesNotContain("error");
        assertThat(text(call("network_request", new JsonObject().put("number", 0))))
                .contains("response body");
        JsonObject picture =
                call("screenshot", new JsonObject()).getJsonArray("content").getJsonObject(0);
        assertThat(picture.getString("mimeType")).isEqualTo("image/png");
        JsonObject resource = ask("resources/read", new JsonObject().put("uri", "berth://session/console"))
                .getJsonArray("contents")
                .getJsonObject(0);
        assertThat(resource.getString("text")).contains("hello");
    }

    @Test
    void aSessionIsItsClientsAndEndsWithIt() {
        open("<p>Hi");
        String browser = text(call("use_session", new JsonObject().put("sessionId", "session-none")));
        assertThat(browser).contains("sessionId must be");
        JsonObject mine = browsers().get(0);
        assertThat(api.get("/api/sessions/" + mine.getString("sessionId") + "/actions").list("actions").stream()
                        .map(action -> ((JsonObject) action).getString("source")))
                .isNotEmpty()
                .containsOnly("mcp");
        assertThat(Api.send(api.request("/mcp")
                                .header("Mcp-Session-Id", session)
                                .DELETE())
                        .status())
                .isEqualTo(200);
        JsonObject over =
                api.get("/api/sessions/" + mine.getString("sessionId")).json();
        assertThat(over.getString("endReason")).isEqualTo("client");
        assertThat(send(request("tools/list", new JsonObject())).status()).isEqualTo(404);
    }

    @Test
    void aClientEndsItsSessionAndAnother() {
        assertThat(text(call("end_session", new JsonObject()))).contains("there is no browser session yet");
        open("<p>Hi");
        String own = browsers().get(0).getString("sessionId");
        String live = text(call("session_link", new JsonObject()));
        assertThat(live).contains("/live/" + own + "?token=");
        assertThat(Api.fetch(live).status()).isEqualTo(200);
        assertThat(text(call("end_session", new JsonObject()))).isEqualTo("the session " + own + " has ended");
        assertThat(api.get("/api/sessions/" + own).json().getString("endReason"))
                .isEqualTo("client");
        String other = api.newSession();
        call("use_session", new JsonObject().put("sessionId", other.substring(other.lastIndexOf('/') + 1)));
        assertThat(text(call("end_session", new JsonObject()))).contains("has ended");
        assertThat(api.get(other).json().getString("endReason")).isEqualTo("client");
        open("<p>Again");
        assertThat(browsers()).hasSize(1);
    }

    private List<JsonObject> browsers() {
        return api.get("/api/sessions?limit=100").list("sessions").stream()
                .map(JsonObject.class::cast)
                .filter(one -> "mcp".equals(metadata(one)))
                .toList();
    }

    private CompletableFuture<Api.Answer> newSession() {
        JsonObject message = request(
                "tools/call", new JsonObject().put("name", "new_session").put("arguments", new JsonObject()));
        return CompletableFuture.supplyAsync(() -> send(message));
    }

    @Test
    void ofSessionsThatAreAskedForAtTheSameTimeOneIsLeft() {
        List<CompletableFuture<Api.Answer>> asked =
                Stream.generate(this::newSession).limit(4).toList();
        assertThat(asked).allSatisfy(each -> assertThat(each.join().text()).contains("the new session is"));
        assertThat(browsers()).hasSize(1);
        end();
        assertThat(browsers()).isEmpty();
    }

    /** Its creation may be anywhere on its way then. */
    @Test
    void aSessionThatIsMadeWhileItsClientEndsIsEnded() {
        for (int i = 0; i < 6; i++) {
            CompletableFuture<Api.Answer> asked = newSession();
            send(request("ping", new JsonObject()));
            end();
            asked.join();
            assertThat(browsers()).isEmpty();
            session = null;
            begin();
        }
    }

    private static String metadata(JsonObject session) {
        return session.getJsonObject("metadata", new JsonObject()).getString("client");
    }

    private void cancel(Object requestId) {
        send(new JsonObject()
                .put("jsonrpc", "2.0")
                .put("method", "notifications/cancelled")
                .put("params", new JsonObject().put("requestId", requestId)));
    }

    private JsonArray actions() {
        String mine = browsers().get(0).getString("sessionId");
        return api.get("/api/sessions/" + mine + "/actions").list("actions");
    }

    /** The next call would wait until the cancelled one is over: longer than any client. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait_for {\"selector\":\"#never\"}",
                "click {\"selector\":\"#never\"}",
                "evaluate {\"expression\":\"for (;;);\"}",
                "evaluate {\"expression\":\"new Promise(() => {})\"}",
                "navigate {\"url\":\"HANGS\"}"
            })
    void aCancelledCallFreesItsClientAndItsBrowser(String call) {
        open("<p>Hi");
        String[] parts = call.replace("HANGS", berth.site.url("/hangs")).split(" ", 2);
        JsonObject slow = request(
                "tools/call",
                new JsonObject()
                        .put("name", parts[0])
                        .put("arguments", new JsonObject(parts[1]).put("timeout", 300_000)));
        var waiting = CompletableFuture.supplyAsync(() -> send(slow));
        int before = actions().size();
        Api.await(
                () -> {
                    cancel(slow.getInteger("id"));
                    return waiting.isDone();
                },
                done -> done);
        assertThat(waiting.join().text()).doesNotContain("result");
        assertThat(text(call("content", new JsonObject().put("format", "text"))))
                .contains("Hi");
        assertThat(actions().stream()
                        .skip(before)
                        .map(JsonObject.class::cast)
                        .filter(action -> action.getString("type").equals(parts[0].replace('_', '-'))))
                .allSatisfy(action -> assertThat(action.getString("error", "")).contains("cancelled"));
    }

    private Api.Answer raw(String body, String contentType, String accept) {
        return Api.send(api.request("/mcp")
                .header("Content-Type", contentType)
                .header("Accept", accept)
                .header("Mcp-Session-Id", session)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void whatIsNoMessageIsRefused() {
        String json = "application/json";
        String both = "application/json, text/event-stream";
        String ping = request("ping", new JsonObject()).encode();
        assertThat(raw(ping, json, both).status()).isEqualTo(200);
        assertThat(raw(ping, json + "; charset=utf-8", "*/*").status()).isEqualTo(200);
        assertThat(raw(ping, "text/plain", both).status()).isEqualTo(415);
        assertThat(raw(ping, json, "text/html").status()).isEqualTo(400);
        assertThat(raw("[" + ping + "]", json, both).status()).isEqualTo(400);
        assertThat(raw("{", json, both).status()).isEqualTo(400);
        String deep = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":";
        assertThat(raw(deep + "[".repeat(200_000) + "]".repeat(200_000) + "}}", json, both)
                        .status())
                .isEqualTo(400);
        assertThat(raw(ping + " ".repeat(1 << 20), json, both).status()).isEqualTo(413);
        assertThat(raw(ping, json, both).status()).isEqualTo(200);
    }

    /** Whether a session exists is not told to other users. */
    @Test
    void aSessionOfAnotherUserDoesNotExist() {
        Api stranger = new Api(berth.server.url(), berth.keyOf("mcp-stranger"));
        JsonObject ping = request("ping", new JsonObject());
        Api.Answer others = send(stranger, ping);
        String mine = session;
        session = "unknown";
        Api.Answer unknown = send(stranger, ping);
        session = mine;
        assertThat(others.status()).isEqualTo(404);
        assertThat(others.error().getString("message"))
                .isEqualTo(unknown.error().getString("message"));
        assertThat(Api.send(stranger.request("/mcp")
                                .header("Mcp-Session-Id", mine)
                                .DELETE())
                        .status())
                .isEqualTo(404);
        assertThat(send(ping).status()).isEqualTo(200);
    }

    /** A user may have 32: one that is left behind now and then would be the end. */
    @Test
    void sessionsThatEndLeaveNoPlaceTaken() {
        String mine = session;
        for (int i = 0; i < 200; i++) {
            session = null;
            begin();
            end();
        }
        session = mine;
        assertThat(send(request("ping", new JsonObject())).status()).isEqualTo(200);
    }

    @Test
    void strangersAreRefused() {
        JsonObject list = request("tools/list", new JsonObject());
        assertThat(send(new Api(berth.server.url(), "no-key"), list).status()).isEqualTo(401);
        assertThat(Api.send(api.request("/mcp")
                                .header("Origin", "http://evil.example")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(list.encode())))
                        .status())
                .isEqualTo(403);
        assertThat(api.get("/mcp").status()).isEqualTo(405);
        for (String spelt : List.of("/mcp/", "//mcp", "/mcp//", "/./mcp", "/mcp/.", "/api/../mcp", "/m%63p")) {
            assertThat(send(new Api(berth.server.url(), "no-key"), spelt, list).status())
                    .as(spelt)
                    .isEqualTo(401);
            assertThat(send(api, spelt, list).status()).as(spelt).isEqualTo(200);
        }
        assertThat(send(new JsonObject().put("odd", 1)).status()).isEqualTo(400);
    }
}
