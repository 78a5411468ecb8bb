package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CaptureIT extends InOwnSession {
    @Test
    void consoleReadsAsInDevTools() {
        api.navigate(session, site.url("/noisy"));
        api.await(session + "/console", a -> a.json().getInteger("total") >= 9);
        List<JsonObject> logs = entries("/console", "logs");
        assertThat(logs)
                .extracting(e -> e.getString("level") + " "
                        + e.getString("message").lines().findFirst().orElse(""))
                .containsExactlyInAnyOrder(
                        "log plain text",
                        "debug for you: 1 of 7 and more",
                        "info {a: 1, b: 'two', c: Array(3), d: {…}}",
                        "warn (4) [1, 'x', null, undefined]",
                        "error Error: told",
                        "log Map(1) {'k' => 1} Set(1) {2} null undefined NaN 10n Symbol(s) () => 1",
                        "error Assertion failed: sums",
                        "error Uncaught (in promise) Error: nobody caught me",
                        "error Uncaught TypeError: thrown later");
        JsonObject thrown = logs.get(8);
        assertThat(thrown.getString("source")).isEqualTo("exception");
        assertThat(thrown.getString("url")).isEqualTo(site.url("/noisy"));
        assertThat(thrown.getInteger("line")).isPositive();
        assertThat(entries("/console?level=warn", "logs")).hasSize(1);
        assertThat(api.get(session + "/console?level=error").json().getInteger("total"))
                .isEqualTo(4);
    }

    @Test
    void tablesGroupsStacksAndCausesReadAsInDevTools() {
        api.navigate(session, site.url("/plain"));
        script("""
                console.table([{a: 1, b: 'x'}, {a: 2}]); console.group('outer'); console.log('in'); console.groupEnd();
                (function traced() { console.trace('here'); })();
                console.error(new Error('no', {cause: new TypeError('why')})); console.log('last'); 1""");
        api.await(session + "/console", a -> a.text().contains("\"last\""));
        List<JsonObject> logs = entries("/console", "logs");
        assertThat(logs).hasSize(6);
        assertThat(logs.get(0).getString("message")).isEqualTo("(index) │ a │ b\n0       │ 1 │ 'x'\n1       │ 2 │ ");
        assertThat(logs).extracting(line -> line.getInteger("group")).containsExactly(0, 0, 1, 0, 0, 0);
        assertThat(logs.get(3).getString("message")).isEqualTo("here");
        assertThat(logs.get(3).getJsonArray("stack").getString(0)).startsWith("traced (");
        assertThat(logs.get(4).getString("message")).contains("Error: no\n", "\nCaused by: TypeError: why");
        assertThat(logs.get(5).getJsonArray("stack")).isEmpty();
    }

    @Test
    void theBrowsersOwnEntriesAndFailuresAreKept() {
        api.navigate(session, site.url("/broken"));
        api.await(session + "/network", a -> a.json().getInteger("total") >= 4);
        assertThat(entries("/console", "logs"))
                .anyMatch(e -> e.getString("source").equals("network")
                        && e.getString("url").endsWith("/missing.png")
                        && e.getString("message").contains("404"))
                .anyMatch(e -> e.getString("message").startsWith("Uncaught TypeError"));
        assertThat(request("/missing.png").getInteger("status")).isEqualTo(404);
        assertThat(request("/reset").getString("error")).isEqualTo("net::ERR_EMPTY_RESPONSE");
        assertThat(request("/reset").getInteger("status")).isNull();
        assertThat(request(":1/closed").getString("error")).startsWith("net::ERR_UNSAFE_PORT");
        assertThat(entries("/network?status=404", "requests")).hasSize(1);
        assertThat(entries("/network?status=4xx", "requests")).hasSize(1);
        assertThat(entries("/network?status=3XX", "requests")).isEmpty();
        assertThat(entries("/network?failed=true", "requests"))
                .hasSize(2)
                .allMatch(e -> e.getString("error").startsWith("net::"));
        assertThat(entries("/network?failed=true&url=RESET", "requests")).hasSize(1);
        assertThat(entries("/network?failed=false&type=document", "requests"))
                .extracting(e -> e.getString("url"))
                .containsExactly(site.url("/broken"));
        assertThat(entries("/console?text=uncaught%20typeerror", "logs")).hasSize(1);
        assertThat(entries("/console?text=nobody+said+this", "logs")).isEmpty();
    }

    @Test
    void redirectsAreEntriesOfTheirOwn() {
        JsonObject went = api.navigate(session, site.url("/redirect")).json();
        assertThat(went.getString("url")).isEqualTo(site.url("/plain"));
        assertThat(entries("/network", "requests").subList(0, 3))
                .extracting(e -> e.getInteger("status") + " " + e.getString("url"))
                .containsExactly(
                        "302 " + site.url("/redirect"),
                        "302 " + site.url("/redirect-again"),
                        "200 " + site.url("/plain"));
        JsonObject document = request("/plain");
        assertThat(document.getDouble("duration")).isPositive();
        assertThat(document.getInteger("size")).isGreaterThan(50);
        assertThat(document.getString("resourceType")).isEqualTo("document");
        assertThat(document.getString("mimeType")).isEqualTo("text/html");
        assertThat(document.getBoolean("fromCache")).isFalse();
    }

    @Test
    void secretsInHeadersAreRedacted() {
        api.navigate(session, site.url("/login"));
        api.await(session + "/network", a -> a.json().getInteger("total") >= 2);
        JsonObject headers = request("/plain").getJsonObject("requestHeaders");
        assertThat(headers.encode()).doesNotContain("s3cret").contains("[redacted]");
    }

    @Test
    void crossSiteFramesAreCaptured() {
        api.navigate(session, site.url("/framed"));
        api.await(session + "/network", a -> a.text().contains("/from-frame"));
        assertThat(entries("/console", "logs"))
                .extracting(e -> e.getString("message"))
                .containsExactly("outside", "inside");
        assertThat(request("/inside").getInteger("status")).isEqualTo(200);
        assertThat(request("/from-frame").getInteger("status")).isEqualTo(200);
    }

    @Test
    void workersAreCaptured() {
        api.navigate(session, site.url("/worker"));
        api.await(session + "/network", a -> a.text().contains("/from-worker"));
        assertThat(entries("/console", "logs"))
                .extracting(e -> e.getString("message"))
                .containsExactly("in the worker");
        assertThat(entries("/network", "requests"))
                .extracting(e -> e.getString("url").replaceFirst(".*/", "/"))
                .contains("/worker", "/worker.js", "/from-worker")
                .doesNotHaveDuplicates();
    }

    @Test
    void whatAServiceWorkerServesIsMarked() {
        api.navigate(session, site.otherSiteUrl("/service"));
        api.await(session + "/network", a -> a.text().contains("/made-by-worker"));
        assertThat(request("/made-by-worker").getBoolean("fromServiceWorker")).isTrue();
        assertThat(entries("/console", "logs"))
                .extracting(e -> e.getString("message"))
                .contains("in the service worker");
    }

    @Test
    void whatComesFromTheCacheIsMarked() {
        api.navigate(session, site.url("/cached"));
        api.navigate(session, site.url("/cached?again"));
        List<JsonObject> library = api
                .await(
                        session + "/network",
                        a -> Stream.of(a.text().split("/lib.js")).count() >= 3)
                .list("requests")
                .stream()
                .map(JsonObject.class::cast)
                .filter(e -> e.getString("url").endsWith("/lib.js"))
                .toList();
        assertThat(library).extracting(e -> e.getBoolean("fromCache")).containsExactly(false, true);
        assertThat(site.served("/lib.js")).isNotEmpty();
    }

    @Test
    void popupsAreCapturedFromTheirFirstByte() {
        api.navigate(session, site.url("/popup"));
        api.await(session + "/network", a -> a.text().contains("/two?popup"));
        JsonObject found = api.await(session, a -> a.json().getInteger("navigationCount") == 2)
                .json();
        assertThat(found.getString("currentUrl")).isEqualTo(site.url("/two?popup"));
        assertThat(script("innerWidth")).isEqualTo(300);
    }

    @Test
    void twentyThousandLinesAreCompleteAndInOrder() {
        api.navigate(session, site.url("/flood?lines=20000"));
        api.await(session + "/console?limit=1", a -> a.json().getInteger("total") == 20_000);
        assertThat(messages()).isEqualTo(lines());
        assertThat(api.get(session + "/console?limit=2&offset=19999").list("logs"))
                .hasSize(1);
        assertThat(api.get(session + "/console?limit=2&offset=20000").list("logs"))
                .isEmpty();
        assertThat(api.get(session + "/console?level=log&offset=12345&limit=1")
                        .list("logs")
                        .getJsonObject(0)
                        .getString("message"))
                .isEqualTo("line 12345");
        api.delete(session);
        assertThat(messages()).isEqualTo(lines());
    }

    private List<String> lines() {
        return IntStream.range(0, 20_000).mapToObj(i -> "line " + i).toList();
    }

    private List<String> messages() {
        return IntStream.range(0, 20)
                .mapToObj(page -> api.get(session + "/console?limit=1000&offset=" + page * 1000))
                .flatMap(answer -> answer.list("logs").stream())
                .map(entry -> ((JsonObject) entry).getString("message"))
                .toList();
    }

    @Tag("full")
    @Test
    void twoThousandRequestsAreComplete() {
        api.navigate(session, site.url("/many?requests=2000"));
        api.await(session + "/network?limit=1", a -> a.json().getInteger("total") >= 2_001);
        List<String> urls = IntStream.range(0, 3)
                .mapToObj(page -> api.get(session + "/network?limit=1000&offset=" + page * 1000))
                .flatMap(answer -> answer.list("requests").stream())
                .map(entry -> ((JsonObject) entry).getString("url"))
                .filter(url -> url.contains("/item?n="))
                .toList();
        assertThat(urls)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 2_000)
                        .mapToObj(i -> site.url("/item?n=" + i))
                        .toList());
    }

    private List<JsonObject> entries(String path, String field) {
        return api.get(session + path).list(field).stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private JsonObject request(String urlEnd) {
        return entries("/network", "requests").stream()
                .filter(e -> e.getString("url").endsWith(urlEnd))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no request of " + urlEnd));
    }

    @Test
    void aRequestIsListedThoughNobodyReadsItsAnswer() {
        open("<script>fetch('/unstored').then(r => { window.unread = r })</script>");
        JsonObject entry =
                api.await(session + "/network", a -> a.text().contains("/unstored")).list("requests").stream()
                        .map(JsonObject.class::cast)
                        .filter(request -> request.getString("url").endsWith("/unstored"))
                        .findFirst()
                        .orElseThrow();
        assertThat(entry.getInteger("status")).isEqualTo(200);
        assertThat(entry.getValue("error")).isNull();
        api.delete(session);
        assertThat(api.get(session + "/network").json().getInteger("total")).isEqualTo(2);
    }
}
