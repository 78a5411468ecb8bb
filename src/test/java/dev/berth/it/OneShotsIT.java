package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions that are made for one answer: what they answer, and that they are sessions like others, which end. */
class OneShotsIT {
    private static final String CARDS = """
            <title>Cards</title><h1 class=big id=top>Two <b>cards</b></h1><p style="position:absolute;left:30px;top:2000px;width:40px">one</p>
            <p>two</p><a href=/plain#part>Plain   page</a><a href=/plain>again</a><a href="mailto:a@b.c">mail</a>
            <a href="https://b.example/x?y=1">Elsewhere</a>""";

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();

    private Api.Answer ask(String what, String body) {
        return api.post("/api/" + what, new JsonObject(body));
    }

    private JsonObject askForJson(String what, String body) {
        Api.Answer answer = Api.send(api.request("/api/" + what)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static String session(Api.Answer answer) {
        return answer.headers().firstValue("Berth-Session").orElseThrow();
    }

    private JsonObject ended(String session) {
        return api.await("/api/sessions/" + session, now -> now.json().getString("endedAt") != null)
                .json();
    }

    private List<String> actions(String session) {
        return api.get("/api/sessions/" + session + "/actions").list("actions").stream()
                .map(action -> ((JsonObject) action).getString("type"))
                .collect(Collectors.toList());
    }

    private static String url(String url) {
        return new JsonObject().put("url", url).encode();
    }

    @Test
    void aScreenshotIsThePictureOfASessionThatHasEnded() {
        Api.Answer answer = api.post(
                "/api/screenshot",
                new JsonObject()
                        .put("url", berth.site.page(CARDS))
                        .put("format", "webp")
                        .put("name", "shot")
                        .put("options", new JsonObject("{\"viewport\":{\"width\":300,\"height\":200}}"))
                        .put("metadata", new JsonObject().put("shot", "1")));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("image/webp");
        assertThat(answer.headers().firstValue("Berth-Page-Status")).hasValue("200");
        assertThat(new String(Arrays.copyOf(answer.body(), 16), StandardCharsets.ISO_8859_1))
                .startsWith("RIFF")
                .contains("WEBPVP8");
        JsonObject session = ended(session(answer));
        assertThat(session.getString("status")).isEqualTo("completed");
        assertThat(session.getString("name")).isEqualTo("shot");
        assertThat(actions(session(answer))).containsExactly("navigate", "screenshot");
        assertThat(api.get("/api/sessions?includeTerminated=true&metadata.shot=1")
                        .list("sessions"))
                .hasSize(1);
    }

    @Test
    void aPdfIsAFile() {
        Api.Answer answer = ask("pdf", url(berth.site.page(CARDS)));
        assertThat(answer.text()).startsWith("%PDF-");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/pdf");
        JsonObject whole = askForJson("pdf", url(berth.site.page(CARDS)));
        assertThat(new String(Base64.getDecoder().decode(whole.getString("data")), StandardCharsets.ISO_8859_1))
                .startsWith("%PDF-");
        assertThat(whole.getString("contentType")).isEqualTo("application/pdf");
    }

    @Test
    void jsonTellsWhatWasMetOnTheWay() {
        String page = berth.site.page(
                "<title>Faulty</title><h1>Here</h1><script>console.error('odd'); throw 'late'</script>");
        JsonObject met = askForJson(
                "content", "{\"format\":\"markdown\",\"url\":\"" + berth.site.url("/redirect-to?url=") + page + "\"}");
        assertThat(met.getString("data")).isEqualTo("# Here");
        assertThat(met.getString("url")).isEqualTo(page);
        assertThat(met.getString("title")).isEqualTo("Faulty");
        assertThat(met.getInteger("status")).isEqualTo(200);
        assertThat(met.getJsonArray("redirects"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put("url", berth.site.url("/redirect-to?url=") + page)
                                .put("status", 302)));
        assertThat(met.getJsonArray("errors").encode()).contains("odd", "late");
        assertThat(met.getString("sessionId")).startsWith("session-");
    }

    @Test
    void theTextOfAPageIsLoadedAsAPageIs() {
        Api.Answer answer = api.post(
                "/api/content",
                new JsonObject()
                        .put(
                                "html",
                                "<base href='" + berth.site.url("/") + "'><script src=lib.js></script><p id=p>\"é\\</p>"
                                        + "<script>onload = () => setTimeout(() => p.after('later'), 50)</script>")
                        .put("script", "() => new Promise(done => setTimeout(done, 100))")
                        .put("waitFor", new JsonObject().put("selector", "#p"))
                        .put("format", "text"));
        assertThat(answer.text()).isEqualTo("\"é\\\n\nlater");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
        assertThat(answer.headers().firstValue("Berth-Page-Status")).isEmpty();
        JsonObject idle = askForJson(
                "content",
                "{\"html\":\"<title>T</title><img src='" + berth.site.url("/dot.svg")
                        + "'>\",\"waitUntil\":\"networkidle\"}");
        assertThat(idle.getString("data")).contains("dot.svg");
        assertThat(idle.getString("url")).isEqualTo("about:blank");
        assertThat(idle.getString("title")).isEqualTo("T");
        assertThat(idle.getValue("status")).isNull();
    }

    @Test
    void linksAreToldOnceEach() {
        assertThat(ask("links", url(berth.site.page(CARDS))).list("data"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put("url", berth.site.url("/plain"))
                                .put("text", "Plain page"))
                        .add(new JsonObject()
                                .put("url", "https://b.example/x?y=1")
                                .put("text", "Elsewhere")));
    }

    @Test
    void elementsAreToldWithTheirPlaces() {
        JsonArray data = ask(
                        "scrape",
                        new JsonObject(url(berth.site.page(CARDS)))
                                .put(
                                        "elements",
                                        new JsonArray(
                                                "[{\"selector\":\"h1\"},{\"selector\":\"p\"},{\"selector\":\"i\"}]"))
                                .encode())
                .list("data");
        JsonObject heading = data.getJsonObject(0).getJsonArray("results").getJsonObject(0);
        assertThat(heading.getString("text")).isEqualTo("Two cards");
        assertThat(heading.getString("html")).isEqualTo("Two <b>cards</b>");
        assertThat(heading.getJsonArray("attributes"))
                .isEqualTo(
                        new JsonArray("[{\"name\":\"class\",\"value\":\"big\"},{\"name\":\"id\",\"value\":\"top\"}]"));
        JsonArray paragraphs = data.getJsonObject(1).getJsonArray("results");
        assertThat(paragraphs).hasSize(2);
        assertThat(paragraphs.getJsonObject(0).getDouble("left")).isEqualTo(30);
        assertThat(paragraphs.getJsonObject(0).getDouble("width")).isEqualTo(40);
        assertThat(data.getJsonObject(2)).isEqualTo(new JsonObject("{\"selector\":\"i\",\"results\":[]}"));
    }

    @Test
    void aPageOfAnErrorIsAPage() {
        Api.Answer answer = ask("content", url(berth.site.url("/not-there")));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Berth-Page-Status")).hasValue("404");
        assertThat(answer.text()).contains("nothing here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/reset | 422 | net::ERR_EMPTY_RESPONSE",
                "/report.csv | 422 | the URL leads to a file",
                "/hangs | 504 | 400 ms"
            })
    void aPageThatDoesNotComeIsAnErrorOfASessionThatHasEnded(String path, int status, String why) {
        Api.Answer answer = api.post(
                "/api/screenshot",
                new JsonObject(url(berth.site.url(path))).put("timeout", status == 504 ? 400 : 30_000));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.error().getString("message")).contains(why);
        assertThat(answer.error().getString("sessionId")).isEqualTo(session(answer));
        assertThat(answer.error().getString("hint")).contains(session(answer) + "/report");
        assertThat(ended(session(answer)).getString("endReason")).isEqualTo("client");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "screenshot | {} | give either url",
                "screenshot | {\"url\":\"a.example\",\"html\":\"x\"} | give either url",
                "screenshot | {\"url\":\"file:///etc/passwd\"} | url: the scheme 'file:' is not allowed",
                "screenshot | {\"url\":\"a.example\",\"page\":\"1\"} | page: is not a known field",
                "screenshot | {\"url\":\"a.example\",\"waitFor\":{}} | waitFor",
                "screenshot | {\"url\":\"a.example\",\"options\":{\"locale\":\"?\"}} | options.locale",
                "screenshot | {\"url\":\"a.example\",\"timeout\":300001} | timeout",
                "screenshot | {\"url\":\"a.example\",\"fullPage\":true,\"clip\":{\"x\":0,\"y\":0,\"width\":9,\"height\":9}} | clip can't",
                "pdf | {\"url\":\"a.example\",\"margins\":{\"top\":-1}} | margins.top",
                "content | {\"url\":\"a.example\",\"format\":\"pdf\"} | format",
                "scrape | {\"url\":\"a.example\"} | elements"
            })
    void whatIsWrongIsRefusedBeforeThereIsASession(String what, String body, String why) {
        Api.Answer answer = ask(what, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.error().getString("message")).contains(why);
        assertThat(answer.headers().firstValue("Berth-Session")).isEmpty();
    }

    @Test
    void theSessionEndsWhereTheClientLeaves() {
        String label = "left-" + System.nanoTime();
        JsonObject body =
                new JsonObject(url(berth.site.url("/hangs"))).put("metadata", new JsonObject().put("who", label));
        HttpClient leaving =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var asked = leaving.sendAsync(
                api.request("/api/pdf")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        String list = "/api/sessions?includeTerminated=true&metadata.who=" + label;
        api.await(
                list,
                now -> now.list("sessions").size() == 1
                        && now.list("sessions")
                                .getJsonObject(0)
                                .getString("status")
                                .equals("running"));
        asked.cancel(true);
        JsonObject over = api.await(
                        list, now -> now.list("sessions").getJsonObject(0).getString("endReason") != null)
                .list("sessions")
                .getJsonObject(0);
        assertThat(over.getString("endReason")).isEqualTo("client_disconnected");
    }
}
