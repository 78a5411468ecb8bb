package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session whose pages find another browser from a moment on. */
class EmulationIT extends InOneSession {
    private static final String SIZE = "innerWidth + 'x' + innerHeight";

    @BeforeEach
    void begin() {
        emulate("{\"reset\":true}");
        leaveOnePage();
        open("<p>Hi");
    }

    private JsonObject emulate(String body) {
        JsonObject now = act("emulate", new JsonObject(body));
        assertThat(now.getBoolean("success")).isTrue();
        return now;
    }

    @Test
    void allPagesAreResizedThoseOfLaterToo() {
        String first = act("evaluate", new JsonObject("{\"expression\":\"1\"}")).getString("pageId");
        api.post(session + "/pages", new JsonObject());
        JsonObject now = emulate("{\"viewport\":{\"width\":500,\"height\":400}}");
        assertThat(now.getJsonObject("viewport")).isEqualTo(new JsonObject("{\"width\":500,\"height\":400}"));
        assertThat(script(SIZE)).isEqualTo("500x400");
        api.post(session + "/pages/" + first + "/activate", new JsonObject());
        assertThat(script(SIZE)).isEqualTo("500x400");
        api.post(session + "/pages", new JsonObject());
        assertThat(script(SIZE)).isEqualTo("500x400");
    }

    @Test
    void whatIsNotGivenStaysUntilAReset() {
        emulate(
                "{\"locale\":\"de-DE\",\"timezone\":\"Asia/Tokyo\",\"colorScheme\":\"dark\",\"userAgent\":\"Berth/1\"}");
        emulate("{\"locale\":\"fr-FR\",\"cpuSlowdown\":2}");
        String looks =
                "[navigator.language, Intl.NumberFormat().format(1.5), Intl.DateTimeFormat().resolvedOptions().timeZone,"
                        + " matchMedia('(prefers-color-scheme: dark)').matches, navigator.userAgent].join(' ')";
        assertThat(script(looks)).isEqualTo("fr-FR 1,5 Asia/Tokyo true Berth/1");
        assertThat(emulate("{}").getString("timezone")).isEqualTo("Asia/Tokyo");
        assertThat(emulate("{\"reset\":true,\"locale\":\"de-DE\"}").getString("timezone"))
                .isNull();
        assertThat((String) script(looks))
                .startsWith("de-DE 1,5 ")
                .contains(" false ")
                .doesNotContain("Tokyo", "Berth/1");
        assertThat(emulate("{\"reset\":true}").getString("locale")).isNull();
        assertThat((String) script(looks)).startsWith("en-US 1.5 ");
    }

    @Test
    void aMediaTypeAndColoursHoldTogetherInIframesAndLaterPages() {
        String looks = "[matchMedia('print').matches, matchMedia('(prefers-color-scheme: dark)').matches].join(' ')";
        String framed = "new Promise(done => { onmessage = told => done(told.data); frames[0].postMessage('', '*') })";
        String frame = site.page("<script>onmessage = asked => asked.source.postMessage(" + looks + ", '*')</script>")
                .replace("127.0.0.1", "localhost");
        open("<iframe src='" + frame + "'></iframe>");
        emulate("{\"media\":\"print\"}");
        assertThat(script(looks)).isEqualTo("true false");
        assertThat(emulate("{\"colorScheme\":\"dark\"}").getString("media")).isEqualTo("print");
        assertThat(script(looks)).isEqualTo("true true");
        assertThat(script(framed)).isEqualTo("true true");
        open("<p>Another document");
        assertThat(script(looks)).isEqualTo("true true");
        // In another process.
        api.post(session + "/navigate", new JsonObject().put("url", frame));
        assertThat(script(looks)).isEqualTo("true true");
        open("<p>Back");
        String opened = "new Promise(done => { const popup = open(location.href);"
                + " popup.onload = () => done(popup.eval(\"" + looks + "\")) })";
        assertThat(script(opened)).isEqualTo("true true");
        api.post(session + "/pages", new JsonObject());
        assertThat(script(looks)).isEqualTo("true true");
        assertThat(emulate("{\"media\":\"screen\"}").getString("colorScheme")).isEqualTo("dark");
        assertThat(script(looks)).isEqualTo("false true");
        emulate("{\"reset\":true,\"media\":\"print\"}");
        assertThat(script(looks)).isEqualTo("true false");
        assertThat(emulate("{\"reset\":true}").getString("media")).isNull();
        assertThat(script(looks)).isEqualTo("false false");
    }

    @Test
    void pagesAreOnlineUntilTheyAreMadeOffline() {
        assertThat(script("navigator.onLine")).isEqualTo(true);
        emulate("{\"network\":\"offline\"}");
        String fetched =
                "fetch(location.href).then(answer => [answer.status, navigator.onLine].join(' '), e => navigator.onLine)";
        assertThat(script(fetched)).isEqualTo(false);
        emulate("{\"network\":\"online\"}");
        assertThat(script(fetched)).isEqualTo("200 true");
    }

    @Test
    void aDeviceIsAllThatItIsUntilItIsNoneAnyMore() {
        String device = "[innerWidth, devicePixelRatio, navigator.maxTouchPoints, navigator.userAgent,"
                + " navigator.userAgentData?.mobile, navigator.userAgentData?.platform].join(' ')";
        JsonObject now = emulate("{\"device\":\"Pixel 7\"}");
        assertThat(now.getString("device")).isEqualTo("Pixel 7");
        api.navigate(session, site.page("<meta name=viewport content='width=device-width'><p>Hi"));
        assertThat((String) script(device))
                .startsWith("412 2.625 5 Mozilla/5.0 (Linux; Android 14; Pixel 7)")
                .contains(" Mobile ")
                .endsWith(" true Android");
        emulate("{\"mobile\":false}");
        assertThat((String) script(device)).startsWith("412 1 0 ").doesNotContain("Android", "Mobile");
        emulate("{\"mobile\":true}");
        assertThat((String) script(device)).startsWith("412 3 5 ").contains("Android", " Mobile ");
        Api.Answer refused = api.post(session + "/emulate", new JsonObject("{\"device\":\"pixel 7\"}"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("such as Pixel 7, Pixel 7 ");
    }

    @Test
    void aSessionMayBeADeviceFromItsStart() {
        String phone = api.newSession(new JsonObject("{\"options\":{\"device\":\"iPhone 15\"}}"));
        api.navigate(phone, site.page("<meta name=viewport content='width=device-width'><p>Hi"));
        assertThat(
                        (String)
                                api.evaluate(
                                        phone,
                                        "[innerWidth, innerHeight, devicePixelRatio, navigator.userAgent, navigator.userAgentData?.brands?.length].join(' ')"))
                .startsWith("393 659 3 Mozilla/5.0 (iPhone;")
                .doesNotContain("Chrome");
        assertThat(api.get(phone).json().getJsonObject("options").getString("device"))
                .isEqualTo("iPhone 15");
        api.delete(phone);
    }

    @Test
    void pagesFindThemselvesWhereTheyAreSaidToBeIfTheyMayAsk() {
        String place = "new Promise(done => navigator.geolocation.getCurrentPosition("
                + "at => done(at.coords.latitude + ' ' + at.coords.longitude), () => done('denied')))";
        emulate("{\"geolocation\":{\"latitude\":52.5,\"longitude\":13.4}}");
        assertThat(script(place)).isEqualTo("denied");
        JsonObject now = emulate("{\"permissions\":[\"geolocation\",\"microphone\"]}");
        assertThat(now.getJsonArray("permissions")).containsExactly("geolocation", "microphone");
        assertThat(script(place)).isEqualTo("52.5 13.4");
        assertThat(script("navigator.permissions.query({name: 'microphone'}).then(it => it.state)"))
                .isEqualTo("granted");
        api.post(session + "/pages", new JsonObject());
        api.navigate(session, site.page("<p>Later"));
        assertThat(script(place)).isEqualTo("52.5 13.4");
        CdpClient client =
                CdpClient.connect(api.get(session + "/cdp/json/version").json().getString("webSocketDebuggerUrl"));
        String context = client.send("Target.createBrowserContext").getString("browserContextId");
        String target = client.send(
                        "Target.createTarget",
                        new JsonObject().put("url", site.url("/plain")).put("browserContextId", context),
                        "")
                .getString("targetId");
        JsonObject asked = new JsonObject().put("expression", place).put("awaitPromise", true);
        String page = client.attach(target);
        Api.await(
                () -> client.send("Runtime.evaluate", asked, page)
                        .getJsonObject("result")
                        .getString("value"),
                "52.5 13.4"::equals);
        String ofPlace = "navigator.permissions.query({name: 'geolocation'}).then(it => it.state)";
        // The active page is the client's, in a context of its own.
        api.post(session + "/pages", new JsonObject());
        api.navigate(session, site.page("<p>Default context"));
        client.send("Browser.grantPermissions", new JsonObject().put("permissions", new JsonArray().add("midi")), "");
        assertThat(script(ofPlace)).isEqualTo("denied");
        client.leave();
        Api.await(() -> script(ofPlace), "granted"::equals);
        emulate("{\"reset\":true}");
        assertThat(script(ofPlace)).isNotEqualTo("granted");
    }

    /** Its script never lets it take the change; the active one has it at once. */
    @Test
    void aBusyPageDoesNotHoldUpTheActiveOne() {
        api.navigate(session, site.page("<script>onload = () => setTimeout(() => { for (;;); })</script>"));
        api.post(session + "/pages", new JsonObject());
        emulate("{\"viewport\":{\"width\":500,\"height\":400},\"timezone\":\"Asia/Tokyo\",\"timeout\":8000}");
        assertThat(script(SIZE)).isEqualTo("500x400");
        renew();
    }

    @Test
    void whatCanNotBeIsRefused() {
        Api.Answer refused = api.post(session + "/emulate", new JsonObject("{\"timezone\":\"Mars\"}"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("timezone must be an IANA name");
        assertThat(emulate("{}").getDouble("deviceScaleFactor")).isEqualTo(1);
    }
}
