package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.har.HarSchema;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HarIT {
    private static final JsonObject BODIES = new JsonObject().put("options", new JsonObject().put("bodies", true));

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private final TestSite site = berth.site;
    private String session;

    @AfterEach
    void end() {
        api.delete(session);
    }

    /** A page with one of each kind of request. */
    private String busyPage() {
        return site.page("""
                <title>Busy</title><img src=/dot.svg><script src=/lib.js></script><script>
                (async () => {
                  await fetch('/redirect').then(r => r.text());
                  await fetch('/account', {method: 'POST', body: 'user=ann&password=s3cret'}).then(r => r.json());
                  await fetch('/text?bytes=2000000').then(r => r.text());
                  await fetch('/reset').catch(() => {});
                  const socket = new WebSocket('%s');
                  await new Promise(open => { socket.onopen = open });
                  const answered = new Promise(heard => { socket.onmessage = heard });
                  socket.send('hello');
                  socket.send('{"token":"s3cret"}');
                  await answered;
                  socket.close();
                  socket.onclose = () => fetch('/item?last');
                })();
                </script>""".formatted(site.url("/live").replace("http:", "ws:")));
    }

    private void visit(JsonObject options) {
        session = api.newSession(options);
        api.navigate(session, site.url("/cached"));
        // Chrome has it in its cache a moment after it was loaded.
        Api.await(
                () -> {
                    api.evaluate(session, "fetch('/lib.js').then(r => r.text())");
                    return api.get(session + "/network").text();
                },
                log -> log.contains("\"fromCache\":true"));
        api.navigate(session, busyPage());
        api.await(session + "/network", a -> a.text().contains("/item?last"));
    }

    private JsonObject har(String query) {
        Api.Answer answer = api.get(session + "/har" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
                .startsWith("attachment; filename=\"session-")
                .contains(".har\"");
        return HarSchema.log(answer.body());
    }

    private static JsonObject find(JsonObject log, String urlEnd) {
        List<JsonObject> found = all(log, urlEnd);
        return found.get(found.size() - 1);
    }

    private static JsonObject first(JsonObject log, String urlEnd) {
        return all(log, urlEnd).get(0);
    }

    private static List<JsonObject> all(JsonObject log, String urlEnd) {
        List<JsonObject> found = HarSchema.entries(log).stream()
                .filter(entry -> entry.getJsonObject("request").getString("url").endsWith(urlEnd))
                .toList();
        assertThat(found).as(urlEnd).isNotEmpty();
        return found;
    }

    private static int status(JsonObject entry) {
        return entry.getJsonObject("response").getInteger("status");
    }

    private void assertWhole(JsonObject log) {
        assertThat(log.getJsonObject("browser").getString("version")).matches("\\d+\\..*");
        assertThat(log.getJsonArray("pages")).hasSize(2);
        assertPageTimings(log);
        String busy = log.getJsonArray("pages").getJsonObject(1).getString("id");
        JsonObject redirect = find(log, "/redirect");
        assertThat(status(redirect)).isEqualTo(302);
        assertThat(redirect.getJsonObject("response").getString("redirectURL")).isEqualTo("/redirect-again");
        assertThat(redirect.getString("pageref")).isEqualTo(busy);
        assertThat(redirect.getString("_requestId"))
                .isEqualTo(find(log, "/plain").getString("_requestId"));
        JsonObject text = find(log, "/text?bytes=2000000");
        assertThat(text.getJsonObject("timings").getDouble("wait")).isPositive();
        assertThat(text.getJsonObject("response").getJsonObject("content").getInteger("size"))
                .isEqualTo(2_000_000);
        assertThat(text.getString("serverIPAddress")).isEqualTo("127.0.0.1");
        assertThat(text.getJsonObject("_initiator").getString("type")).isEqualTo("script");
        assertThat(find(log, "/lib.js").getString("_fromCache")).isNotEmpty();
        assertThat(find(log, "/dot.svg").getString("_resourceType")).isEqualTo("image");
        assertThat(find(log, "/reset").getJsonObject("response").getString("_error"))
                .isEqualTo("net::ERR_EMPTY_RESPONSE");
        assertSocket(find(log, "/live"));
    }

    /** By Chrome's clocks alone: the first page loads its script, and then the session goes to the second. */
    private static void assertPageTimings(JsonObject log) {
        JsonObject page = log.getJsonArray("pages").getJsonObject(0);
        JsonObject script = first(log, "/lib.js");
        JsonObject timings = page.getJsonObject("pageTimings");
        Instant start = Instant.parse(page.getString("startedDateTime"));
        assertThat(start.plusMillis(timings.getLong("onContentLoad")))
                .isAfterOrEqualTo(Instant.parse(script.getString("startedDateTime")));
        assertThat(timings.getLong("onLoad")).isGreaterThanOrEqualTo(timings.getLong("onContentLoad"));
        JsonObject next = log.getJsonArray("pages").getJsonObject(1);
        assertThat(start.plusMillis(timings.getLong("onLoad")))
                .isBefore(Instant.parse(next.getString("startedDateTime")));
        assertThat(next.getJsonObject("pageTimings").getLong("onLoad")).isNotNegative();
    }

    private static void assertSocket(JsonObject socket) {
        assertThat(status(socket)).isEqualTo(101);
        assertThat(socket.getJsonArray("_webSocketMessages").stream()
                        .map(JsonObject.class::cast)
                        .map(message -> message.getString("type") + " " + message.getString("data")))
                .startsWith("send hello", "send {\"token\":\"[redacted]\"}")
                .contains("receive echo hello");
    }

    @Test
    void aSessionsHarIsValidWhileItRunsAndAfterItsEnd() {
        visit(new JsonObject());
        JsonObject live = har("");
        assertWhole(live);
        assertThat(live.encode()).doesNotContain("s3cret");
        assertThat(find(live, "/account").getJsonObject("request").getInteger("bodySize"))
                .isEqualTo(24);
        assertThat(find(live, "/account").getJsonObject("request").getJsonObject("postData"))
                .isNull();
        api.delete(session);
        JsonObject ended = har("");
        assertWhole(ended);
        assertThat(HarSchema.entries(ended))
                .hasSizeGreaterThanOrEqualTo(HarSchema.entries(live).size());
    }

    private Stream<String> sockets() {
        return api.get(session + "/network?type=websocket").json().getJsonArray("requests").stream()
                .map(JsonObject.class::cast)
                .map(socket -> socket.getString("error") + " "
                        + socket.getJsonObject("messages").getString("state")
                        + socket.getJsonObject("messages").getInteger("sent"));
    }

    @Test
    void aWebSocketIsListedWhenItOpensAndEndsWithItsDocumentOrItsSession() {
        session = api.newSession(new JsonObject());
        String open = """
                new Promise(done => {
                  const socket = new WebSocket('%s');
                  socket.onopen = () => socket.send('hello');
                  socket.onmessage = done;
                }).then(() => 'open')""".formatted(site.url("/live").replace("http:", "ws:"));
        for (String title : List.of("One", "Two")) {
            api.navigate(session, site.page("<title>" + title + "</title>"));
            api.evaluate(session, open);
        }
        assertThat(sockets()).containsExactly("null open0", "null closed1", "null open0");
        api.delete(session);
        assertThat(sockets()).containsExactly("null open0", "null closed1", "null open0", "null closed1");
        assertThat(all(har(""), "/live")).hasSize(2);
    }

    @Test
    void aSessionThatShallKeepsBodiesRedactedAndServesThemAfterItsEnd() {
        visit(BODIES);
        JsonObject live = har("?content=true");
        assertWhole(live);
        assertBodies(live);
        assertThat(har("").encode()).doesNotContain("\"text\":\"{");
        api.delete(session);
        assertBodies(har("?content=true"));
        assertServed();
    }

    private static void assertBodies(JsonObject log) {
        JsonObject account = find(log, "/account");
        assertThat(content(account).getString("text")).isEqualTo("{\"name\":\"Ann\",\"access_token\":\"[redacted]\"}");
        assertThat(account.getJsonObject("request").getJsonObject("postData").getString("text"))
                .isEqualTo("user=ann&password=[redacted]");
        assertThat(content(find(log, "/dot.svg")).getString("text")).contains("<svg");
        assertThat(content(find(log, "/lib.js")).getString("text")).isEqualTo("window.lib = 1;");
        assertThat(content(find(log, "/text?bytes=2000000")).getString("comment"))
                .contains("1024 KiB");
        assertThat(content(find(log, "/plain")).getString("text")).contains("<h1>Plain page</h1>");
        assertThat(log.encode()).doesNotContain("s3cret");
    }

    private static JsonObject content(JsonObject entry) {
        return entry.getJsonObject("response").getJsonObject("content");
    }

    private void assertServed() {
        List<JsonObject> requests = api.get(session + "/network").list("requests").stream()
                .map(JsonObject.class::cast)
                .toList();
        Api.Answer page = body(requests, "/plain").orElseThrow();
        assertThat(page.text()).contains("<h1>Plain page</h1>");
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Disposition").orElseThrow())
                .startsWith("attachment");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        Api.Answer large = body(requests, "/text?bytes=2000000").orElseThrow();
        assertThat(large.status()).isEqualTo(404);
        assertThat(large.error().getString("message")).contains("1024 KiB");
        assertThat(api.get(session + "/network/" + requests.size() + "/body").status())
                .isEqualTo(404);
        assertThat(api.get(session + "/network/x/body").status()).isEqualTo(404);
    }

    private Optional<Api.Answer> body(List<JsonObject> requests, String urlEnd) {
        return requests.stream()
                .filter(request -> request.getString("url").endsWith(urlEnd))
                .findFirst()
                .map(request -> api.get(session + "/network/" + requests.indexOf(request) + "/body"));
    }
}
