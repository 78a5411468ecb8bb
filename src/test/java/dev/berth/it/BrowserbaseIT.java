package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Browserbase's API, as its SDK calls it. */
class BrowserbaseIT {
    private final Berth berth = Berth.shared();
    private final String user = "browserbase-" + UUID.randomUUID();
    private final String key = berth.keyOf(user);
    private final Api api = new Api(berth.server.url(), key);

    @AfterEach
    void endSessions() {
        api.endSessions();
    }

    private Answer call(String method, String path, String body, String... headers) {
        return Api.call(berth.server.url() + path, method, body, headers);
    }

    private Answer get(String path) {
        return call("GET", path, "", "X-BB-API-Key", key);
    }

    private Answer post(String path, JsonObject body) {
        return call("POST", path, body.encode(), "X-BB-API-Key", key);
    }

    private JsonObject create(JsonObject body) {
        Answer created = post("/v1/sessions", body);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return created.json();
    }

    private Answer release(String id) {
        return post("/v1/sessions/" + id, new JsonObject().put("status", "REQUEST_RELEASE"));
    }

    private static JsonArray array(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonArray(answer.text());
    }

    @Test
    void aSessionIsCreatedShownAndReleased() {
        JsonObject made = create(new JsonObject()
                .put("timeout", 90)
                .put("keepAlive", true)
                .put("region", "us-west-2")
                .put("userMetadata", new JsonObject().put("job", user)));
        String id = made.getString("id");
        assertThat(made.getString("status")).isEqualTo("RUNNING");
        assertThat(made.getString("projectId")).isEqualTo(user);
        assertThat(made.getString("connectUrl"))
                .startsWith(berth.server.url().replaceFirst("http", "ws"))
                .doesNotContain(key);
        CdpClient client = CdpClient.connect(made.getString("connectUrl"));
        assertThat(client.send("Browser.getVersion").toString()).contains("Chrome");

        JsonObject own = api.get("/api/sessions/" + id).json();
        assertThat(own.getJsonObject("options").getJsonObject("timeouts"))
                .isEqualTo(new JsonObject()
                        .put("idle", 90_000)
                        .put("lifetime", 90_000)
                        .put("reconnect", 90_000));
        assertThat(api.get("/api/sessions/" + id + "/steps")
                        .list("steps")
                        .getJsonObject(0)
                        .getString("title"))
                .isEqualTo("Ignored, as Berth has no such option: region");
        assertThat(array(get("/v1/sessions?status=RUNNING"))).hasSize(1);
        assertThat(array(get("/v1/sessions?q=user_metadata%5B'job'%5D:'" + user + "'")))
                .hasSize(1);
        assertThat(array(get("/v1/sessions?q=user_metadata%5B'job'%5D:'x'"))).isEmpty();

        assertThat(release(id).json().getString("status")).isEqualTo("COMPLETED");
        JsonObject over = get("/v1/sessions/" + id).json();
        assertThat(over.getString("status")).isEqualTo("COMPLETED");
        assertThat(over.fieldNames()).doesNotContain("connectUrl");
        assertThat(array(get("/v1/sessions?status=COMPLETED"))).hasSize(1);
        assertThat(array(get("/v1/sessions?status=TIMED_OUT"))).isEmpty();
    }

    @Test
    void theLiveViewAndTheLogsAreThoseOfTheSession() {
        String id = create(new JsonObject()).getString("id");
        String url = berth.site.page("<title>Here</title><script>console.error('what a page')</script>");
        api.act("/api/sessions/" + id, "navigate", new JsonObject().put("url", url));
        JsonObject live = get("/v1/sessions/" + id + "/debug").json();
        assertThat(Api.fetch(live.getString("debuggerFullscreenUrl")).status()).isEqualTo(200);
        JsonObject page = live.getJsonArray("pages").getJsonObject(0);
        assertThat(page.getString("url")).isEqualTo(url);
        assertThat(page.getString("title")).isEqualTo("Here");
        Api.await(
                () -> get("/v1/sessions/" + id + "/logs").text(),
                logs -> logs.contains("Network.responseReceived") && logs.contains("what a page"));
        assertThat(get("/v1/sessions/" + id + "/debug?expiresIn=60").status()).isEqualTo(400);
    }

    @Test
    void aFileOfAMultipartBodyBecomesAFileOfTheSession() {
        String id = create(new JsonObject()).getString("id");
        String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n%s\r\n";
        String bytes = "0123456789".repeat(100_000);
        assertThat(upload(id, part.formatted("file", "../../etc/big.txt", bytes) + "--b--\r\n")
                        .json()
                        .getString("message"))
                .startsWith("uploaded as big.txt; ");
        assertThat(api.get("/api/sessions/" + id + "/files/big.txt").text()).isEqualTo(bytes);
        assertThat(get("/v1/sessions/" + id + "/downloads").text())
                .startsWith("PK")
                .contains("big.txt");
        for (String wrong : List.of(
                part.formatted("other", "a.txt", bytes) + "--b--\r\n",
                part.formatted("file", "a.txt", "a") + part.formatted("file", "b.txt", bytes) + "--b--\r\n",
                "nothing")) {
            Answer refused = upload(id, wrong);
            assertThat(refused.status()).as(refused.text()).isEqualTo(400);
            assertThat(refused.json().getString("message")).startsWith("file: must be the one file");
        }
        assertThat(upload("session-00000000-0000-0000-0000-000000000000", part.formatted("file", "a", "a") + "--b--")
                        .status())
                .isEqualTo(404);
    }

    private Answer upload(String id, String body) {
        return call(
                "POST",
                "/v1/sessions/" + id + "/uploads",
                body,
                "X-BB-API-Key",
                key,
                "Content-Type",
                "multipart/form-data; boundary=b");
    }

    @Test
    void aContextIsAProfile() {
        String id = post("/v1/contexts", new JsonObject()).json().getString("id");
        assertThat(get("/v1/contexts/" + id).status()).isEqualTo(404);
        JsonObject context = new JsonObject().put("id", id).put("persist", true);
        JsonObject made = create(new JsonObject().put("browserSettings", new JsonObject().put("context", context)));
        assertThat(made.getString("contextId")).isEqualTo(id);
        assertThat(call("DELETE", "/v1/contexts/" + id, "", "X-BB-API-Key", key).status())
                .as("while a session has it")
                .isEqualTo(409);
        release(made.getString("id"));
        assertThat(get("/v1/contexts/" + id).json().getString("id")).isEqualTo(id);
        assertThat(call("DELETE", "/v1/contexts/" + id, "", "X-BB-API-Key", key).status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/sessions | {\"timeout\":1} | 400 | Bad Request | timeout: must be",
                "POST | /v1/sessions | {\"browserSettings\":{\"allowedDomains\":[\"a/b\"]}} | 400 | Bad Request | browserSettings.allowedDomains must",
                "POST | /v1/sessions | {\"proxies\":[{\"type\":\"external\",\"server\":\"file:///x\"}]} | 400 | Bad Request | proxies.server must",
                "POST | /v1/sessions | nonsense | 400 | Bad Request | the body is not well-formed JSON",
                "GET | /v1/sessions/nonsense | '' | 404 | Not Found | you have no session",
                "GET | /v1/sessions/x/recording | '' | 404 | Not Found | recording: Berth keeps no events of rrweb",
                "GET | /v1/sessions/x/replays/0 | '' | 404 | Not Found | replays: Berth has no playlists",
                "PUT | /v1/contexts/x | {} | 404 | Not Found | contexts can't be changed",
                "GET | /v1/contexts/a%00b | '' | 404 | Not Found | no session has saved a context",
                "GET | /v1/projects | '' | 404 | Not Found | projects: Berth has none",
                "GET | /v1 | '' | 404 | Not Found | Berth has no GET /v1;"
            })
    void errorsHaveTheFormOfBrowserbase(
            String method, String path, String body, int status, String reason, String message) {
        Answer refused = call(method, path, body, "X-BB-API-Key", key);
        assertThat(refused.status()).as(refused.text()).isEqualTo(status);
        assertThat(refused.json().getInteger("statusCode")).isEqualTo(status);
        assertThat(refused.json().getString("error")).isEqualTo(reason);
        assertThat(refused.json().getString("message")).startsWith(message);
    }

    @Test
    void onlyOwnSitesAndOwnKeysAreLetIn() {
        assertThat(call("GET", "/v1/sessions", "").json().getInteger("statusCode"))
                .isEqualTo(401);
        assertThat(call("GET", "/v1/sessions?token=" + key, "").status()).isEqualTo(401);
        assertThat(call("GET", "/v1/nothing", "").status()).isEqualTo(401);
        assertThat(call("GET", "/v1/sessions", "", "X-BB-API-Key", key, "Origin", "https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(call("GET", "/v1/sessions", "", "X-BB-API-Key", key, "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(call("POST", "/v1/sessions", "a=b", "X-BB-API-Key", key, "Content-Type", "text/plain")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void nobodySeesTheSessionsOfOthersAndViewersOnlyLook() {
        String id = create(new JsonObject()).getString("id");
        String stranger = berth.keyOf("stranger-of-" + user);
        for (String path : List.of("", "/debug", "/logs", "/downloads")) {
            assertThat(call("GET", "/v1/sessions/" + id + path, "", "X-BB-API-Key", stranger)
                            .status())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(call("GET", "/v1/sessions", "", "X-BB-API-Key", stranger).text())
                .isEqualTo("[]");
        assertThat(call("GET", "/v1/sessions/" + id, "", "X-BB-API-Key", Berth.KEY)
                        .status())
                .as("an admin")
                .isEqualTo(404);
        String viewer = berth.api()
                .post("/api/admin/keys", new JsonObject().put("user", user).put("role", "viewer"))
                .json()
                .getString("key");
        assertThat(call("GET", "/v1/sessions/" + id, "", "X-BB-API-Key", viewer)
                        .json()
                        .containsKey("connectUrl"))
                .isFalse();
        assertThat(call("GET", "/v1/sessions/" + id + "/debug", "", "X-BB-API-Key", viewer)
                        .json()
                        .getString("wsUrl"))
                .isEmpty();
        assertThat(call("POST", "/v1/sessions", "{}", "X-BB-API-Key", viewer).status())
                .isEqualTo(403);
    }
}
