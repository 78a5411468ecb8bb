package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets an error that names what is wrong. */
class RefusalsIT {
    private final Berth berth = Berth.shared();
    private final Api api = berth.api();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"initialPromt\":\"x\"} | initialPromt",
                "{\"initialPrompt\":7} | initialPrompt",
                "{\"initialPrompt\":\"\"} | initialPrompt",
                "{\"initialPrompt\":\"file:///etc/passwd\"} | initialPrompt",
                "{\"options\":{\"viewport\":{\"width\":0,\"height\":10}}} | options.viewport.width",
                "{\"options\":{\"viewport\":{\"width\":10}}} | height",
                "{\"options\":{\"viewport\":{\"width\":10,\"height\":7681}}} | options.viewport.height",
                "{\"options\":{\"browser\":\"firefox\"}} | options.browser",
                "{\"options\":{\"proxy\":{}}} | proxy",
                "{\"options\":{\"timeouts\":{\"idle\":1}}} | options.timeouts.idle",
                "{\"options\":{\"timeouts\":{\"lifetime\":2592000000}}} | options.timeouts.lifetime",
                "{\"options\":{\"timezone\":\"Mars/Base\"}} | options.timezone",
                "{\"options\":{\"locale\":\"not_a locale\"}} | options.locale",
                "{\"options\":{\"userAgent\":\"a\\nb\"}} | options.userAgent",
                "{\"metadata\":{\"k\":1}} | metadata.k",
                "{\"metadata\":{\"k\":\"\\u0000\"}} | metadata",
                "{\"metadata\":{\"\":\"v\"}} | metadata",
                "{\"metadata\":{\"k\":\"a\",\"k\":\"b\"}} | 'k'",
                "{} {} | nothing else",
                "[] | body",
                "\"text\" | body",
                "{ | JSON",
                "nonsense | JSON"
            })
    void aBadBodyIsRefusedByName(String body, String named) {
        Api.Answer refused = postRaw("/api/sessions", body, "application/json");
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.error().getString("code")).isEqualTo("invalid_argument");
        assertThat(refused.error().getString("message")).contains(named);
        assertThat(refused.text()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    private Api.Answer postRaw(String path, String body, String contentType) {
        return Api.send(
                api.request(path).header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=101",
                "limit=x",
                "limit=1.5",
                "limit=",
                "offset=-1",
                "offset=99999999999999999999",
                "status=odd",
                "includeTerminated=maybe",
                "color=red",
                "limit=1&limit=2",
                "metadata.=x"
            })
    void aBadQueryIsRefusedByName(String query) {
        Api.Answer refused = api.get("/api/sessions?" + query);
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.error().getString("message")).contains(query.split("=")[0]);
    }

    @Test
    void verbsCheckTheirBodies() {
        String session = api.newSession();
        assertThat(api.post(session + "/navigate").status()).isEqualTo(400);
        assertThat(refusal(session + "/navigate", "{}")).contains("url");
        assertThat(refusal(session + "/navigate", "{\"url\":\"http://x.y\",\"timeout\":0}"))
                .contains("timeout");
        assertThat(refusal(session + "/navigate", "{\"url\":\"http://x.y\",\"waitUntil\":\"never\"}"))
                .contains("waitUntil");
        assertThat(refusal(session + "/screenshot", "{\"format\":\"gif\"}")).contains("format");
        assertThat(refusal(session + "/screenshot", "{\"quality\":101}")).contains("quality");
        assertThat(refusal(session + "/screenshot", "{\"clip\":{\"x\":0,\"y\":0,\"width\":9}}"))
                .contains("clip.height");
        assertThat(refusal(session + "/screenshot", "{\"omitBackground\":true,\"format\":\"jpeg\"}"))
                .contains("omitBackground needs the format png or webp");
        assertThat(refusal(session + "/evaluate", "{\"expression\":\"1\",\"x\":1}"))
                .contains("x");
        assertThat(api.get(session + "/console?level=loud").status()).isEqualTo(400);
        assertThat(api.get(session + "/network?status=99").status()).isEqualTo(400);
        assertThat(api.get(session + "?x=1").status()).isEqualTo(400);
        assertThat(api.get(session + "/actions").json().getInteger("total")).isZero();
        api.delete(session);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/sessions | {\"initialPromt\":\"x\"} | initialPromt: is not a known field; did you mean initialPrompt?",
                "/api/sessions | {\"options\":{\"viewport\":{\"width\":1,\"heigth\":1}}} |"
                        + " options.viewport.heigth: is not a known field; did you mean height?"
            })
    void aMisspeltFieldIsNamedWithTheOneThatWasMeant(String path, String body, String message) {
        Api.Answer refused = postRaw(path, body, "application/json");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).isEqualTo(message);
        assertThat(refused.error().getString("hint")).startsWith("known here: ");
    }

    private String refusal(String path, String body) {
        Api.Answer refused = postRaw(path, body, "application/json");
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        return refused.error().getString("message");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/xml",
                "text/plain",
                "application/jsonx",
                "application/json; charset=utf-16",
                "application/json; charset=iso-8859-1",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x"
            })
    void onlyJsonIsTaken(String type) {
        Api.Answer refused = postRaw("/api/sessions", "{\"x\":1}", type);
        assertThat(refused.status()).isEqualTo(415);
        assertThat(refused.error().getString("code")).isEqualTo("unsupported_media_type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""})
    void jsonIsTakenHoweverItIsSpelt(String type) {
        Api.Answer refused = postRaw("/api/sessions", "{\"x\":1}", type);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).isEqualTo("x: is not a known field");
        assertThat(refused.error().getString("hint")).isEqualTo("known here: initialPrompt, name, options, metadata");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16", "ISO-8859-1"})
    void otherEncodingsAreRefused(String charset) {
        byte[] body = "{\"initialPrompt\":\"é\"}".getBytes(Charset.forName(charset));
        Api.Answer refused = Api.send(api.request("/api/sessions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).contains("UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/sessions/x/click | {\"button\":\"left\"} | selector is missing; given: button",
                "/api/sessions/x/scroll | {\"selecter\":\"a\"} | selecter is not a known field; known here: selector,",
                "/api/sessions/x/click | {\"selector\":\"a\",\"position\":{\"x\":1,\"z\":2}} | position.y is missing",
                "/api/sessions/x/click | [] | the body must be one JSON object"
            })
    void aVerbNamesTheFieldThatItRefuses(String path, String body, String message) {
        Api.Answer refused = postRaw(path, body, "application/json");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).startsWith(message);
    }

    @Test
    void valuesBeyondALimitAreRefusedByName() {
        String session = api.newSession();
        String long5000 = "x".repeat(5_000);
        assertThat(refusal(session + "/click", "{\"selector\":\"" + long5000 + "\"}"))
                .contains("selector");
        assertThat(refusal(session + "/press", "{\"key\":\"" + long5000 + "\"}"))
                .contains("key");
        assertThat(refusal(session + "/select", "{\"selector\":\"a\",\"values\":[" + "\"\",".repeat(1_000) + "\"\"]}"))
                .contains("values");
        assertThat(refusal("/api/sessions", "{\"metadata\":{" + labels(65) + "}}"))
                .isEqualTo("metadata: must have at most 64 properties");
        assertThat(refusal("/api/sessions", "{\"metadata\":{" + labels(101) + "}}"))
                .contains("metadata");
        assertThat(refusal("/api/sessions", "{\"metadata\":{\"k\":\"" + long5000 + "\"}}"))
                .contains("metadata.k");
        assertThat(refusal("/api/sessions", "{\"metadata\":{\"" + long5000 + "\":\"v\"}}"))
                .contains("metadata");
        Api.Answer key = Api.send(api.request("/api/sessions")
                .header("Idempotency-Key", "k".repeat(256))
                .POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(key.status()).isEqualTo(400);
        assertThat(key.error().getString("message")).contains("Idempotency-Key");
        api.delete(session);
    }

    private static String labels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"k" + i + "\":\"v\"").collect(Collectors.joining(","));
    }

    @Test
    void aHugeBodyIsRefused() {
        for (Map.Entry<String, Integer> limit : Map.of("/api/sessions", 1 << 20, "/api/sessions/x/upload", 10 << 20)
                .entrySet()) {
            Api.Answer refused =
                    postRaw(limit.getKey(), "\"" + "x".repeat(limit.getValue()) + "\"", "application/json");
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.error().getString("code")).isEqualTo("payload_too_large");
        }
    }

    @Test
    void aMalformedUrlIsRefused() throws IOException {
        for (String target : new String[] {"/%zz", "/api/sessions/%", "/api/sessions?%zz=1"}) {
            // Written to the socket: HTTP clients refuse to send it.
            try (Socket socket =
                    new Socket("127.0.0.1", URI.create(berth.server.url()).getPort())) {
                socket.getOutputStream()
                        .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).startsWith("HTTP/1.1 400 ").contains("invalid_argument");
            }
        }
    }

    @Test
    void unknownPathsAndMethodsAreRefused() {
        assertThat(api.get("/api/nothing").error().getString("code")).isEqualTo("not_found");
        Api.Answer wrongMethod = api.delete("/api/sessions");
        assertThat(wrongMethod.status()).isEqualTo(405);
        assertThat(wrongMethod.error().getString("code")).isEqualTo("method_not_allowed");
        assertThat(wrongMethod.error().getString("hint")).isEqualTo("allowed: GET, POST");
        assertThat(wrongMethod.headers().firstValue("Allow")).contains("GET, POST");
        assertThat(api.post("/health/live").headers().firstValue("Allow")).contains("GET");
        assertThat(api.get("/artifacts-of-all").error().getString("hint")).contains("/api/sessions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "session-00000000-0000-0000-0000-000000000000", "session-", "..%2f..%2fetc"})
    void unknownSessionsAreNotFound(String id) {
        Stream.of("", "/actions", "/artifacts", "/health", "/console", "/network")
                .map(read -> api.get("/api/sessions/" + id + read))
                .forEach(answer -> {
                    assertThat(answer.status()).isEqualTo(404);
                    assertThat(answer.error().getString("code")).isEqualTo("session_not_found");
                });
        assertThat(api.delete("/api/sessions/" + id).status()).isEqualTo(404);
        assertThat(api.post("/api/sessions/" + id + "/reload").status()).isEqualTo(404);
    }

    @Test
    void nothingUnderApiWithoutAKey() {
        String url = berth.server.url() + "/api/sessions";
        Api.Answer without = Api.fetch(url);
        assertThat(without.status()).isEqualTo(401);
        assertThat(without.error().getString("code")).isEqualTo("unauthenticated");
        assertThat(without.error().getString("requestId"))
                .isEqualTo(without.headers().firstValue("X-Request-Id").orElseThrow());
        assertThat(Api.fetch(berth.server.url() + "/api/nothing").status()).isEqualTo(401);
        assertThat(Api.fetch(berth.server.url() + "/nothing").status()).isEqualTo(404);
        assertThat(new Api(berth.server.url(), "wrong").get("/api/sessions").status())
                .isEqualTo(401);
        assertThat(Api.send(HttpRequest.newBuilder(URI.create(url)).header("X-API-Key", Berth.KEY))
                        .status())
                .isEqualTo(200);
    }

    /** Also where the user has another key that is an admin's. */
    @Test
    void onlyAnAdminsKeyMayDrain() {
        Api other = new Api(berth.server.url(), berth.keyOf("default"));
        Api.Answer refused = other.post("/api/admin/drain", new JsonObject());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.error().getString("code")).isEqualTo("forbidden");
        assertThat(other.post("/api/admin/undrain", new JsonObject()).status()).isEqualTo(403);
        assertThat(other.get("/api/admin/nodes").status()).isEqualTo(403);
        assertThat(api.get("/api/admin/nodes").status()).isEqualTo(200);
    }

    @Test
    void anotherUsersSessionDoesNotExist() {
        Api stranger = new Api(berth.server.url(), berth.keyOf("somebody else"));
        String session = api.newSession();
        assertUnseen(stranger, session);
        api.delete(session);
        assertUnseen(stranger, session);
        assertThat(api.get(session).status()).isEqualTo(200);
    }

    private static void assertUnseen(Api stranger, String session) {
        for (String read :
                new String[] {"", "/actions", "/artifacts", "/health", "/console", "/network", "/har", "/network/0/body"
                }) {
            assertThat(stranger.get(session + read).status()).isEqualTo(404);
        }
        assertThat(stranger.delete(session).status()).isEqualTo(404);
        assertThat(stranger.post(session + "/evaluate", new JsonObject().put("expression", "1"))
                        .status())
                .isEqualTo(404);
        assertThat(stranger.get("/api/sessions?includeTerminated=true").json().getInteger("total"))
                .isZero();
    }

    @Test
    void theContractIsServedAndNamesTheServer() {
        String called = berth.server.url().replace("127.0.0.1", "localhost");
        assertThat(Api.fetch(called + "/openapi.yaml").text())
                .startsWith("openapi: 3.1.0")
                .contains("servers:\n  - url: " + called + "\n");
    }

    @Test
    void pagesOfTrustedOriginsMayUseTheApi() {
        Api.Answer may = asks(Berth.TRUSTED_ORIGIN);
        assertThat(may.status()).isEqualTo(204);
        assertThat(may.headers().firstValue("Access-Control-Allow-Origin")).contains(Berth.TRUSTED_ORIGIN);
        assertThat(may.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
                .contains("DELETE");
        assertThat(may.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("Authorization", "Content-Type", "Idempotency-Key");
        for (String path : List.of("/api/sessions", "/api/sessions/nonsense", "/health/live")) {
            assertThat(from(Berth.TRUSTED_ORIGIN, path).headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(Berth.TRUSTED_ORIGIN);
        }
    }

    @Test
    void pagesOfOtherOriginsMayNot() {
        assertThat(asks("https://evil.example").headers().firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
        assertThat(from("https://evil.example", "/api/sessions").headers().firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    private Api.Answer asks(String origin) {
        return Api.send(HttpRequest.newBuilder(URI.create(berth.server.url() + "/api/sessions"))
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "DELETE")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    }

    private Api.Answer from(String origin, String path) {
        return Api.send(api.request(path).header("Origin", origin).GET());
    }

    @Test
    void healthAndMetricsAreServed() {
        assertThat(Api.fetch(berth.server.url() + "/health/live").status()).isEqualTo(200);
        Api.Answer ready = Api.fetch(berth.server.url() + "/health/ready");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json().getString("machineId")).isEqualTo(berth.server.machineId());
        assertThat(ready.json().getJsonObject("checks"))
                .isEqualTo(new JsonObject()
                        .put("postgres", "ok")
                        .put("objectStore", "ok")
                        .put("chrome", "ok")
                        .put("disk", "ok")
                        .put("http", "ok")
                        .put("rehearsal", "ok")
                        .put("node", "ok"));
        assertThat(Api.fetch(berth.server.url() + "/metrics").text()).contains("berth_sessions_created_total ");
    }
}
