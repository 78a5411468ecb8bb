package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The documentation in a browser of its own: sessions do not reach Berth's port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocsIT {
    private static final Map<String, String> ASKED = Map.ofEntries(
            Map.entry("login", "login"),
            Map.entry("log in", "login"),
            Map.entry("nginx", "nginx"),
            Map.entry("proxy", "isolation"),
            Map.entry("ads", "isolation"),
            Map.entry("Python", "clients"),
            Map.entry("Java", "java"),
            Map.entry("upgrade", "backup"),
            Map.entry("backup", "backup"),
            Map.entry("video of failures", "recordings"),
            Map.entry("captcha", "not-supported"),
            Map.entry("Firefox", "not-supported"),
            Map.entry("Selenium", "webdriver"),
            Map.entry("webhook", "webhooks"),
            Map.entry("cost", "ai-tasks"));

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private PageDriver reader;

    @BeforeAll
    void launch() {
        reader = PageDriver.launch();
    }

    @AfterAll
    void close() {
        reader.close();
    }

    private void open(String path) {
        reader.size(1280, 900);
        reader.open(berth.server.url() + path);
    }

    @Test
    void aReaderFindsASectionByTheKeyboard() {
        open("/docs");
        reader.await("document.querySelector('#search:enabled')");
        reader.press("/");
        reader.await("document.activeElement?.id === 'search'");
        reader.type("landlock wall");
        reader.await("document.querySelector('#found mark')");
        reader.press("ArrowDown");
        assertThat(reader.text("#found [aria-selected=true]")).contains("Isolation", "The second wall");
        reader.press("Enter");
        reader.await("location.pathname + location.hash === '/docs/isolation#the-second-wall'");
        reader.await("document.querySelector('#the-second-wall')");
    }

    /** Among the first three sections that are found. */
    @Test
    void whatPeopleAskForIsFound() {
        open("/docs");
        JsonObject found =
                new JsonObject((String) reader.evaluate("""
                (async () => {
                  const {index, search, words} = await import('./find.js');
                  const sections = index(await (await fetch('search.json')).json());
                  const first = asked => search(sections, words(asked)).slice(0, 3).map(({url}) => url.split('#')[0]);
                  return JSON.stringify(Object.fromEntries(%s.map(asked => [asked, first(asked)])));
                })()""".formatted(new JsonArray(List.copyOf(ASKED.keySet())))));
        assertThat(ASKED)
                .allSatisfy((asked, page) ->
                        assertThat(found.getJsonArray(asked)).as(asked).contains(page));
    }

    @Test
    void pagesFitANarrowWindowAndHaveAMenuThere() {
        open("/docs/limits");
        reader.size(380, 800);
        reader.await("document.documentElement.scrollWidth <= innerWidth");
        reader.click("#menu");
        reader.clickText("#navigation a", "Selectors");
        reader.await("document.querySelector('#several-matches')");
    }

    @Test
    void picturesOfBothKindsAreShown() {
        assertThat(api.get("/docs/architecture-verb.svg").headers().firstValue("Content-Type"))
                .contains("image/svg+xml");
        for (String page : List.of("architecture", "dashboard")) {
            open("/docs/" + page);
            reader.evaluate("document.querySelectorAll('article img').forEach(picture => picture.loading = 'eager')");
            reader.await("document.querySelectorAll('article img').length > 0"
                    + " && [...document.querySelectorAll('article img')].every(picture => picture.naturalWidth > 0)");
        }
    }

    @Test
    void aLinkOpensAnOperationOfTheReference() {
        open("/docs/api#/Sessions/listSessions");
        reader.await("document.querySelector('#operations-Sessions-listSessions .execute')?.checkVisibility()");
    }

    /** With the key that was given to the reference, which is tried at the server that it came from. */
    @Test
    void theReferenceTriesOperationsOut() {
        open("/docs/api");
        reader.click(".authorize");
        reader.click("#auth-bearer-value");
        reader.type(Berth.KEY);
        reader.click(".auth-container .authorize");
        reader.click(".btn-done");
        reader.click("#operations-tag-Sessions");
        reader.click("#operations-Sessions-listSessions .opblock-summary-control");
        reader.click("#operations-Sessions-listSessions .execute");
        reader.awaitText(".live-responses-table tbody .response-col_status", "200");
        assertThat(reader.evaluate("performance.getEntriesByType('resource').map(each => each.name)"
                        + ".filter(name => name.includes('/api/')).join()"))
                .asString()
                .startsWith(berth.server.url() + "/api/sessions");
    }

    @Test
    void pagesLoadNothingFromElsewhereAndCantBeFramed() {
        Api.Answer page = api.get("/docs/isolation");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.text()).contains("<title>Isolation · Berth</title>");
        assertThat(api.get("/docs/selectors.md").text()).startsWith("# Selectors");
        assertThat(api.get("/docs/selectors/").status()).isEqualTo(404);
        assertThat(api.get("/docs/no-such-page").error().getString("code")).isEqualTo("not_found");
    }
}
