package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client of the Model Context Protocol whose requests stand alone (revision 2026-07-28). */
class McpStatelessIT {
    private static final String META = "io.modelcontextprotocol/";
    private final Berth berth = Berth.shared();
    private final Api api = new Api(berth.server.url(), berth.keyOf("mcp-stateless"));

    @AfterEach
    void end() {
        browsers().forEach(id -> Api.send(api.request("/api/sessions/" + id).DELETE()));
    }

    private static JsonObject request(String method, JsonObject params) {
        JsonObject meta = new JsonObject()
                .put(META + "protocolVersion", "2026-07-28")
                .put(META + "clientCapabilities", new JsonObject());
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", "one")
                .put("method", method)
                .put("params", params.copy().put("_meta", meta));
    }

    private static Api.Answer send(Api api, JsonObject message, Map<String, String> headers) {
        HttpRequest.Builder post = api.request("/mcp")
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(message.encode()));
        headers.forEach(post::header);
        return Api.send(post);
    }

    private static Map<String, String> headers(JsonObject message) {
        Map<String, String> headers = new HashMap<>();
        headers.put("MCP-Protocol-Version", "2026-07-28");
        headers.put("Mcp-Method", message.getString("method"));
        JsonObject params = message.getJsonObject("params");
        Optional.ofNullable(params.getString("name", params.getString("uri")))
                .ifPresent(name -> headers.put("Mcp-Name", name));
        return headers;
    }

    private Api.Answer send(JsonObject message) {
        return send(api, message, headers(message));
    }

    private JsonObject ask(String method, JsonObject params) {
        Api.Answer answer = send(request(method, params));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().getJsonObject("result");
    }

    private static String text(JsonObject result) {
        JsonArray content = result.getJsonArray("content");
        return content.getJsonObject(content.size() - 1).getString("text");
    }

    private static JsonObject tool(String name, JsonObject arguments) {
        return request("tools/call", new JsonObject().put("name", name).put("arguments", arguments));
    }

    private String call(String name, JsonObject arguments) {
        return text(send(tool(name, arguments)).json().getJsonObject("result"));
    }

    private List<String> browsers() {
        return api.get("/api/sessions?limit=100").list("sessions").stream()
                .map(each -> ((JsonObject) each).getString("sessionId"))
                .toList();
    }

    private static JsonObject in(String session) {
        return new JsonObject().put("session", session);
    }

    private static String id(String text) {
        return text.replaceAll("(?s).*(session-[\\w-]+).*", "$1");
    }

    @Test
    void aServerTellsWhatItSpeaks() {
        JsonObject found = ask("server/discover", new JsonObject());
        assertThat(found.getJsonArray("supportedVersions")).containsExactly("2026-07-28");
        assertThat(found.getJsonObject("capabilities").fieldNames()).containsExactlyInAnyOrder("tools", "resources");
        assertThat(ask("tools/list", new JsonObject()).getJsonArray("tools"))
                .extracting(tool -> ((JsonObject) tool).getString("name"))
                .contains("navigate", "new_session")
                .doesNotContain("use_session");
    }

    /** A proxy may act on either of them. */
    @Test
    void aHeaderThatIsGivenTwiceIsRefused() {
        JsonObject message = tool("list_sessions", new JsonObject());
        for (String header : headers(message).keySet()) {
            HttpRequest.Builder post = api.request("/mcp")
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json, text/event-stream")
                    .header(header, headers(message).get(header))
                    .POST(HttpRequest.BodyPublishers.ofString(message.encode()));
            headers(message).forEach(post::header);
            Api.Answer answer = Api.send(post);
            assertThat(answer.status()).as(header).isEqualTo(400);
            assertThat(answer.text()).contains(header + " must be given, once");
        }
    }

    @Test
    void callsThatNameNoSessionShareTheOnlyOne() {
        Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> call("navigate", new JsonObject().put("url", berth.site.page("<p>Hi")))))
                .limit(3)
                .toList()
                .forEach(CompletableFuture::join);
        assertThat(browsers()).hasSize(1);
        String first = browsers().get(0);
        assertThat(ask("resources/read", new JsonObject().put("uri", "berth://session/snapshot"))
                        .encode())
                .contains("Hi");
        String second = id(call("new_session", new JsonObject()));
        assertThat(browsers()).containsExactlyInAnyOrder(first, second);
        assertThat(call("list_pages", new JsonObject())).contains("session must name one", first, second);
        assertThat(call("content", in(first).put("format", "text"))).contains("Hi");
        assertThat(call("end_session", in(first))).isEqualTo("the session " + first + " has ended");
        assertThat(call("list_pages", new JsonObject())).contains("about:blank");
        assertThat(call("content", in(first).put("format", "text"))).doesNotContain("Hi");
    }

    @Test
    void aProfileChoosesItsSession() {
        JsonObject shop = new JsonObject().put("profile", "shop");
        String plain = id(call("new_session", new JsonObject()));
        call("navigate", shop.copy().put("url", berth.site.page("<p>Goods")));
        assertThat(browsers()).hasSize(2);
        assertThat(call("content", shop.copy().put("format", "text"))).contains("Goods");
        assertThat(call("content", in(plain).put("profile", "shop"))).contains("give one of them");
    }

    @Test
    void aSessionOfAnotherUserDoesNotExist() {
        String mine = id(call("new_session", new JsonObject()));
        Api stranger = new Api(berth.server.url(), berth.keyOf("mcp-stateless-stranger"));
        for (JsonObject message :
                List.of(tool("list_pages", in(mine)), tool("end_session", in(mine)), tool("session_link", in(mine)))) {
            String told = text(send(stranger, message, headers(message)).json().getJsonObject("result"));
            String unknown = "session-00000000-0000-4000-8000-000000000000";
            JsonObject other = new JsonObject(message.encode().replace(mine, unknown));
            assertThat(told.replace(mine, unknown))
                    .isEqualTo(text(send(stranger, other, headers(other)).json().getJsonObject("result")));
        }
        assertThat(browsers()).containsExactly(mine);
        assertThat(api.get("/api/sessions/" + mine).json().getString("status")).isEqualTo("running");
    }

    /** The next act would wait until this one is over: longer than any client. */
    @Test
    void aClientThatLeavesGivesItsCallUp() {
        String mine = id(call("new_session", new JsonObject()));
        JsonObject slow = tool(
                "evaluate",
                in(mine).put("expression", "console.log('begun'); new Promise(() => {})")
                        .put("timeout", 300_000));
        HttpRequest.Builder post = api.request("/mcp")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(slow.encode()));
        headers(slow).forEach(post::header);
        var asked = HttpClient.newHttpClient().sendAsync(post.build(), HttpResponse.BodyHandlers.discarding());
        Api.await(() -> api.get("/api/sessions/" + mine + "/console").text(), text -> text.contains("begun"));
        asked.cancel(true);
        Api.await(() -> api.get("/api/sessions/" + mine + "/actions").text(), text -> text.contains("cancelled"));
        assertThat(call("content", in(mine).put("format", "text"))).doesNotContain("cancelled");
    }

    private void assertRefused(Api.Answer answer, int status, int code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().getJsonObject("error").getInteger("code")).isEqualTo(code);
        assertThat(answer.json().getValue("id")).isEqualTo("one");
    }

    @Test
    void errorsHaveTheFormOfJsonRpc() {
        JsonObject list = request("tools/list", new JsonObject());
        assertRefused(send(api, list, Map.of()), 400, -32020);
        Map<String, String> wrong = headers(list);
        wrong.put("Mcp-Method", "TOOLS/LIST");
        assertRefused(send(api, list, wrong), 400, -32020);
        assertRefused(send(request("initialize", new JsonObject())), 404, -32601);
        assertRefused(send(request("prompts/list", new JsonObject())), 404, -32601);
        assertRefused(send(tool("clack", new JsonObject())), 400, -32602);
        assertRefused(send(request("resources/read", new JsonObject().put("uri", "berth://none"))), 400, -32602);
        JsonObject bare = list.copy();
        bare.getJsonObject("params").remove("_meta");
        assertRefused(send(api, bare, headers(bare)), 400, -32602);
        assertRefused(send(api, bare, Map.of()), 404, -32001);
        Map<String, String> gone = Map.of("Mcp-Session-Id", "unknown");
        assertRefused(send(api, bare, gone), 404, -32001);
        JsonObject told = new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized");
        assertThat(send(api, told, Map.of()).status()).isEqualTo(202);
    }
}
