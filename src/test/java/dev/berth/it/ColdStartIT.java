package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions without a warm Chrome: the launch makes the first page at the session's URL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ColdStartIT {
    private final Path data = Berth.temporaryFolder();
    private Berth cold;
    private Api api;

    @BeforeAll
    void start() {
        cold = Berth.start(data, Map.of());
        api = cold.api();
    }

    @AfterAll
    void stop() {
        cold.stop();
        Berth.delete(data);
    }

    private String create(String url) {
        return create(url, new JsonObject());
    }

    private String create(String url, JsonObject options) {
        return api.newSession(new JsonObject().put("initialPrompt", url).put("options", options));
    }

    /** The first action, the opening of the page; a download has an action of its own. */
    private JsonObject firstAction(String session) {
        return Api.await(() -> navigation(session), Optional::isPresent).orElseThrow();
    }

    private Optional<JsonObject> navigation(String session) {
        return api.get(session + "/actions").list("actions").stream()
                .map(JsonObject.class::cast)
                .filter(action -> action.getString("type").equals("navigate"))
                .findFirst();
    }

    @Test
    void theEncoderIsUnpackedBeforeAnyoneRecords() {
        Api.await(() -> Files.exists(data.resolve("ffmpeg")), unpacked -> unpacked);
    }

    @Test
    void theFirstPageIsCapturedFromItsFirstByteEachTime() {
        for (int i = 0; i < 3; i++) {
            String session = create(cold.site.url("/many?requests=3"));
            assertThat(firstAction(session).getBoolean("success")).isTrue();
            api.await(session, a -> "Done".equals(a.json().getString("title")));
            JsonArray requests = api.await(session + "/network", a -> a.json().getInteger("total") >= 4)
                    .list("requests");
            assertThat(requests.getJsonObject(0).getString("resourceType")).isEqualTo("document");
            api.delete(session);
        }
    }

    @Test
    void theFirstPagesScriptsAreCaptured() {
        String session = create(cold.site.url("/flood?lines=50"));
        assertThat(firstAction(session).getBoolean("success")).isTrue();
        api.await(session + "/console", a -> a.json().getInteger("total") == 50);
        api.delete(session);
    }

    @Test
    void theFirstPageHasEveryOption() {
        JsonObject options = new JsonObject()
                .put("viewport", new JsonObject().put("width", 1001).put("height", 555))
                .put("locale", "de-DE")
                .put("timezone", "Asia/Tokyo")
                .put("userAgent", "Tester/1.0");
        String page = cold.site.page("""
                <script>const first = [innerWidth, innerHeight, navigator.language,
                  Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.userAgent, (1.5).toLocaleString()].join()
                </script>""");
        String session = create(page, options);
        assertThat(api.evaluate(session, "first")).isEqualTo("1001,555,de-DE,Asia/Tokyo,Tester/1.0,1,5");
        api.delete(session);
    }

    @ParameterizedTest
    @CsvSource({"/redirect, /plain, 200", "/nothing-here, /nothing-here, 404", "/plain#there, /plain#there, 200"})
    void whereItCameToIsTold(String path, String came, int status) {
        String session = create(cold.site.url(path));
        JsonObject action = firstAction(session);
        assertThat(action.getBoolean("success")).isTrue();
        assertThat(action.getJsonObject("details").getInteger("status")).isEqualTo(status);
        assertThat(action.getJsonObject("details").getString("finalUrl")).isEqualTo(cold.site.url(came));
        assertThat(api.get(session).json().getInteger("navigationCount")).isEqualTo(1);
        api.delete(session);
    }

    @ParameterizedTest
    @CsvSource({"/reset, net::ERR_EMPTY_RESPONSE", "/nothing, net::ERR_ABORTED"})
    void whyItDidNotComeIsTold(String path, String error) {
        String session = create(cold.site.url(path));
        JsonObject action = firstAction(session);
        assertThat(action.getBoolean("success")).isFalse();
        assertThat(action.getString("error")).contains(error);
        assertThat(api.evaluate(session, "1 + 1")).isEqualTo(2);
        api.delete(session);
    }

    @Test
    void aSlowSiteDelaysNoOtherSession() {
        JsonObject body = new JsonObject().put("initialPrompt", cold.site.url("/hangs"));
        String session =
                "/api/sessions/" + api.post("/api/sessions", body).json().getString("sessionId");
        JsonObject found = api.await(session, a -> a.json().getString("status").equals("running"))
                .json();
        assertThat(found.getString("currentUrl")).isEqualTo("about:blank");
        assertThat(api.delete(session).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"about:blank", "http://[::ffff:1.2.3.4%25zone]/"})
    void whatChromeDoesNotGoToByItselfIsAskedOfItAgain(String url) {
        String session = create(url);
        assertThat(firstAction(session).getBoolean("success")).isEqualTo(url.equals("about:blank"));
        assertThat(api.evaluate(session, "location.href")).isEqualTo("about:blank");
        api.navigate(session, cold.site.url("/two"));
        api.navigate(session, "about:blank");
        assertThat(api.evaluate(session, "location.href")).isEqualTo("about:blank");
        api.delete(session);
    }
}
