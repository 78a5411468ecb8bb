package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Browserless's API, as programs call it. */
class BrowserlessIT {
    private static final String PAGE = """
            <title>Page</title><link rel=stylesheet href=/style.css><h1 id=top class=big>Hello</h1><p id=who></p>
            <script>
              who.textContent = document.cookie + '|' + navigator.userAgent + '|' + innerWidth + 'x' + innerHeight
              setTimeout(() => {
                who.textContent += '|' + matchMedia('print').matches
                document.body.insertAdjacentHTML('beforeend', '<b id=late>late</b>')
                dispatchEvent(new Event('loaded'))
              }, 200)
            </script>""";

    private final Berth berth = Berth.shared();
    private final String key = berth.keyOf("browserless-" + UUID.randomUUID());
    private final Api api = new Api(berth.server.url(), key);

    @AfterEach
    void endSessions() {
        api.endSessions();
    }

    private Answer call(String method, String path, String body, String... headers) {
        return Api.call(berth.server.url() + path, method, body, headers);
    }

    private Answer post(String path, JsonObject body) {
        return call("POST", path + "?token=" + key, body.encode());
    }

    private static Answer good(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    private JsonObject page() {
        return new JsonObject().put("url", berth.site.page(PAGE));
    }

    private String wsUrl(String path) {
        return berth.server.url().replaceFirst("http", "ws") + path;
    }

    @Test
    void aScreenshotIsThePictureAlone() {
        Answer answer = good(post("/screenshot", page()));
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("image/png");
        assertThat(answer.headers().firstValue("X-Response-Code")).hasValue("200");
        assertThat(answer.headers().firstValue("X-Response-Status")).hasValue("OK");
        assertThat(answer.headers().firstValue("X-Response-URL").orElseThrow()).startsWith(berth.site.url("/"));
        assertThat(size(answer.body())).isEqualTo("800x600");
        JsonObject options = new JsonObject().put("encoding", "base64").put("fullPage", true);
        Answer text = good(post(
                "/chromium/screenshot",
                page().put("options", options).put("scrollPage", true).put("viewport", viewport(300, 200))));
        assertThat(size(Base64.getDecoder().decode(text.text()))).startsWith("300x");
    }

    private static JsonObject viewport(int width, int height) {
        return new JsonObject().put("width", width).put("height", height);
    }

    /** Width and height of a PNG. */
    private static String size(byte[] png) {
        assertThat(new String(Arrays.copyOf(png, 4), StandardCharsets.ISO_8859_1))
                .endsWith("PNG");
        JsonObject read = new JsonObject();
        for (int i = 16; i < 24; i += 4) {
            read.put(String.valueOf(i), (png[i + 2] & 0xff) << 8 | png[i + 3] & 0xff);
        }
        return read.getInteger("16") + "x" + read.getInteger("20");
    }

    @Test
    void aPdfHasPuppeteersOptions() {
        JsonObject options = new JsonObject()
                .put("format", "A4")
                .put("displayHeaderFooter", true)
                .put("headerTemplate", "<b>above</b>")
                .put("margin", new JsonObject().put("top", "20mm").put("left", 10));
        Answer answer = good(post("/pdf", page().put("options", options)));
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/pdf");
        assertThat(answer.text()).startsWith("%PDF-");
    }

    @Test
    void thePageIsOpenedAsTheBodyAsks() {
        String text = good(post(
                        "/content",
                        page().put("viewport", viewport(640, 480))
                                .put("userAgent", new JsonObject().put("userAgent", "Mine/1"))
                                .put("cookies", cookies())
                                .put("emulateMediaType", "print")
                                .put(
                                        "gotoOptions",
                                        new JsonObject().put("waitUntil", new JsonArray().add("networkidle2")))
                                .put("addStyleTag", new JsonArray().add(content("b { color: red }")))
                                .put("addScriptTag", new JsonArray().add(content("document.title = 'changed'")))
                                .put("waitForSelector", new JsonObject().put("selector", "#late"))
                                .put(
                                        "waitForFunction",
                                        new JsonObject().put("fn", "() => document.title === 'changed'"))))
                .text();
        assertThat(text)
                .contains("user=ada|Mine/1|640x480|true", "<b id=\"late\">", "b { color: red }", "<title>changed");
    }

    private static JsonArray cookies() {
        return new JsonArray().add(new JsonObject().put("name", "user").put("value", "ada"));
    }

    private static JsonObject content(String text) {
        return new JsonObject().put("content", text);
    }

    @Test
    void aPageMayBeLargerThanAScript() {
        String text = "\"\\\uD83D\uDE00".repeat(200_000);
        JsonObject body = new JsonObject().put("html", "<p id=p>" + text + "</p><script>p.title = 'end'</script>");
        String page = good(post("/content", body)).text();
        assertThat(page).contains("<p id=\"p\" title=\"end\">\"\\\uD83D\uDE00").doesNotContain("\uFFFD", "earlierHtml");
        assertThat(page.split("\uD83D\uDE00", -1)).hasSize(200_001);
    }

    @Test
    void aWholeRequestIsLate() {
        JsonObject body = page().put("waitForFunction", new JsonObject().put("fn", "() => false"));
        Answer late = call("POST", "/content?timeout=1500&token=" + key, body.encode());
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.text()).contains("the whole request");
    }

    @Test
    void requestsAreRefusedAndAnswered() {
        JsonObject answer = new JsonObject()
                .put("status", 200)
                .put("contentType", "text/css")
                .put("body", "h1{top:7px}");
        JsonObject interceptor = new JsonObject().put("pattern", ".*\\.css$").put("response", answer);
        JsonObject body = page().put("requestInterceptors", new JsonArray().add(interceptor))
                .put(
                        "addScriptTag",
                        new JsonArray()
                                .add(content("document.title = getComputedStyle(top0()).top;"
                                        + " function top0() { return document.querySelector('#top') }")));
        assertThat(good(post("/content", body)).text()).contains("<title>7px");
        body.put("rejectResourceTypes", new JsonArray().add("stylesheet"));
        assertThat(good(post("/content", body)).text()).contains("<title>auto");
        body.remove("rejectResourceTypes");
        body.put("rejectRequestPattern", new JsonArray().add("\\.(css|png)$"));
        assertThat(good(post("/content", body)).text()).contains("<title>auto");
    }

    @Test
    void elementsAreScraped() {
        JsonArray elements = new JsonArray()
                .add(new JsonObject().put("selector", "h1"))
                .add(new JsonObject().put("selector", "#never").put("timeout", 100));
        Answer late = post("/scrape", page().put("elements", elements));
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.text()).contains("#never").doesNotContain("whole request");
        JsonObject found = good(post("/scrape", page().put("elements", elements).put("bestAttempt", true)))
                .json();
        JsonObject heading = found.getJsonArray("data")
                .getJsonObject(0)
                .getJsonArray("results")
                .getJsonObject(0);
        assertThat(heading.getString("text")).isEqualTo("Hello");
        assertThat(heading.getJsonArray("attributes"))
                .contains(new JsonObject().put("name", "class").put("value", "big"));
        assertThat(heading.getInteger("width")).isPositive();
        assertThat(found.getJsonArray("data").getJsonObject(1))
                .isEqualTo(new JsonObject().put("results", new JsonArray()).put("selector", "#never"));
    }

    @Test
    void aBestAttemptAnswersWithWhatIsThere() {
        JsonObject body = new JsonObject()
                .put("url", "http://127.0.0.1:1/")
                .put("gotoOptions", new JsonObject().put("timeout", 5_000));
        Answer failed = post("/content", body);
        assertThat(failed.status()).isEqualTo(422);
        assertThat(failed.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(good(post("/content", body.put("bestAttempt", true))).text()).contains("<html>");
        JsonObject html = new JsonObject()
                .put("html", "<p>text</p>")
                .put("waitForEvent", new JsonObject().put("event", "never").put("timeout", 100));
        assertThat(post("/content", html).status()).isEqualTo(504);
        assertThat(good(post("/content", html.put("bestAttempt", true))).text()).contains("<p>text</p>");
    }

    @Test
    void credentialsAreForThePagesOwnServer() {
        JsonObject body = new JsonObject().put("url", berth.site.url("/headers"));
        JsonObject login = new JsonObject().put("username", "ada").put("password", "secret");
        good(post("/content", body.put("authenticate", login)));
        String session = api.get("/api/sessions?includeTerminated=true")
                .list("sessions")
                .getJsonObject(0)
                .getString("sessionId");
        assertThat(api.get("/api/sessions/" + session)
                        .json()
                        .getJsonObject("options")
                        .encode())
                .contains(berth.site.url("").replaceFirst("/$", ""))
                .doesNotContain("secret");
        JsonObject html = new JsonObject().put("html", "x").put("authenticate", login);
        assertThat(post("/content", html).text()).startsWith("authenticate.username: must be given with url");
    }

    @Test
    void wrongBodiesAreRefusedWithTheField() {
        Map<JsonObject, String> wrong = Map.of(
                new JsonObject(),
                "give either url",
                new JsonObject().put("url", 1),
                "url: must be a string",
                page().put("viewport", viewport(0, 1)),
                "viewport.width",
                page().put("cookies", new JsonArray().add(1)),
                "cookies[0]",
                page().put("rejectRequestPattern", new JsonArray().add("[a-z]")),
                "rejectRequestPattern",
                page().put("rejectResourceTypes", new JsonArray().add("nonsense")),
                "rejectResourceTypes",
                page().put("addScriptTag", new JsonArray().add(new JsonObject())),
                "addScriptTag[0].content: is missing",
                page().put("gotoOptions", new JsonObject().put("waitUntil", "soon")),
                "gotoOptions.waitUntil",
                page().put("userAgent", "a\nb"),
                "userAgent",
                page().put("setExtraHTTPHeaders", new JsonObject().put("Host", "x")),
                "setExtraHTTPHeaders");
        wrong.forEach((body, error) -> {
            Answer refused = post("/content", body);
            assertThat(refused.status()).as(error).isEqualTo(400);
            assertThat(refused.text()).contains(error);
        });
        JsonObject path = new JsonObject().put("path", "/etc/x");
        assertThat(post("/screenshot", page().put("options", path)).text()).startsWith("options.path");
        assertThat(post("/pdf", page().put("options", new JsonObject().put("format", "B9")))
                        .text())
                .startsWith("options.format: must be one of a0, a1");
        assertThat(post("/scrape", page()).text()).startsWith("elements: is missing");
        Answer form =
                call("POST", "/content?token=" + key, "url=x", "Content-Type", "application/x-www-form-urlencoded");
        assertThat(form.status()).isEqualTo(415);
        Answer get = call("GET", "/screenshot?token=" + key, "");
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).hasValue("POST");
        assertThat(api.get("/api/sessions?includeTerminated=true").list("sessions"))
                .isEmpty();
    }

    @Test
    void keysStandInTheUrlButNotForPagesOfOthers() {
        String body = new JsonObject().put("html", "x").encode();
        String json = "application/json";
        assertThat(call("POST", "/content", body, "Content-Type", json).status())
                .isEqualTo(401);
        assertThat(call("POST", "/content?token=wrong", body, "Content-Type", json)
                        .status())
                .isEqualTo(401);
        for (String login : List.of("any:" + key, key + ":")) {
            String basic = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
            assertThat(call("GET", "/pressure", "", "Authorization", basic).status())
                    .isEqualTo(200);
        }
        assertThat(call("POST", "/content?token=" + key, body, "Content-Type", json, "Origin", "https://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(call("GET", "/sessions?token=" + key, "", "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(Upgrade.refused(wsUrl("/?token=" + key), Map.of("Origin", "https://evil.example"))
                        .status())
                .isEqualTo(403);
        assertThat(Upgrade.refused(wsUrl("/chromium?token=wrong")).status()).isEqualTo(401);
    }

    @Test
    void eachSocketIsABrowserAsItsQueryAsks() {
        String launch = URLEncoder.encode(
                "{\"args\":[\"--window-size=900,500\",\"--no-sandbox\"],\"stealth\":true}", StandardCharsets.UTF_8);
        for (String path : List.of("/", "/chromium", "/chrome")) {
            String tracking = path.length() + "-id";
            CdpClient client =
                    CdpClient.connect(wsUrl(path + "?token=" + key + "&launch=" + launch + "&trackingId=" + tracking));
            JsonObject session = array(call("GET", "/sessions?token=" + key + "&trackingId=" + tracking, ""))
                    .getJsonObject(0);
            assertThat(session.getString("trackingId")).isEqualTo(tracking);
            String mark = client.attach();
            assertThat(client.evaluate("innerWidth + 'x' + innerHeight", mark)).isEqualTo("900x500");
            api.await(
                    "/api/sessions/" + session.getString("id") + "/steps",
                    steps -> steps.text().contains("--no-sandbox, ")
                            || steps.text().contains(", --no-sandbox"));
            client.leave();
            api.await(
                    "/api/sessions/" + session.getString("id"),
                    now -> now.json().getString("endedAt") != null);
        }
        assertThat(Upgrade.refused(wsUrl("/?token=" + key + "&timeout=5")).message())
                .contains("timeout");
        assertThat(call("GET", "/chromium/playwright?token=" + key, "").text()).contains("connectOverCDP");
        String found = good(call("GET", "/json/version?stealth=1&token=" + key, ""))
                .json()
                .getString("webSocketDebuggerUrl");
        assertThat(found).isEqualTo(wsUrl("/?stealth=1&token=" + key));
        CdpClient.connect(found).leave();
        // Without an upgrade, the same path is the dashboard's.
        assertThat(call("GET", "/", "").status()).isBetween(200, 399);
    }

    private static JsonArray array(Answer answer) {
        return new JsonArray(good(answer).text());
    }

    @Test
    void thePressureIsThatOfTheNode() {
        JsonObject pressure =
                good(call("GET", "/pressure?token=" + key, "")).json().getJsonObject("pressure");
        assertThat(pressure.getBoolean("isAvailable")).isTrue();
        assertThat(pressure.getInteger("maxConcurrent")).isPositive();
        Answer text = call("GET", "/pressure?token=" + key, "", "Accept", "text/plain");
        assertThat(text.status()).isEqualTo(200);
        assertThat(text.text()).isEmpty();
    }

    @Test
    void pathsThatBerthDoesNotHaveSayWhatToUse() {
        Map<String, String> instead = Map.of(
                "/function", "verb evaluate",
                "/chromium/download", "/api/sessions/ID/files",
                "/performance", "Lighthouse",
                "/kill/abc", "DELETE /api/sessions/ID",
                "/firefox", "Chromium alone");
        String told = instead.entrySet().stream()
                .filter(path -> !call("POST", path.getKey() + "?token=" + key, "{}")
                        .text()
                        .contains(path.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining());
        assertThat(told).isEmpty();
    }
}
