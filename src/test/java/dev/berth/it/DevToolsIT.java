package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.Api.Answer;
import dev.berth.it.Api.Opened;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Chrome's DevTools for a page of a session, as a person opens them in a Chrome of their own. */
class DevToolsIT {
    private static PageDriver person;

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();

    @BeforeAll
    static void start() {
        person = PageDriver.launch();
        person.size(1440, 900);
    }

    @AfterAll
    static void stop() {
        person.close();
    }

    private Opened session() {
        return api.create(new JsonObject()
                .put("initialPrompt", berth.site.page("<body style='margin:0'><h1>Inspected heading</h1>")));
    }

    /** DevTools keeps its parts in shadow trees. */
    private static void awaitInDevTools(String text) {
        person.await(
                "(function shows(tree) { return tree.textContent.includes('" + text + "')"
                        + " || [...tree.querySelectorAll('*')].some(e => e.shadowRoot && shows(e.shadowRoot)); })(document.body)");
    }

    @Test
    void thePersonWhoLeadsASessionOpensThemFromTheMenuOfTheLiveView() {
        Opened session = session();
        person.open(session.liveUrl());
        person.await("document.querySelector('#status').dataset.state === 'live'");
        person.await("!document.querySelector('#frame').classList.contains('blank')");
        // As far as this Chrome's only page goes: the tab that opens is this one.
        person.evaluate("window.open = (url) => { location.href = url; }");
        person.openMenu("#picture");
        person.clickText("[role=menuitem]", "DevTools");
        awaitInDevTools("Inspected heading");
        api.navigate(session.path(), berth.site.page("<h1>Next heading</h1>"));
        awaitInDevTools("Next heading");
        api.delete(session.path());
        awaitInDevTools("WebSocket disconnected");
    }

    @Test
    void theDashboardLinksThemForEachOpenPage() {
        Opened session = session();
        person.signIn(Berth.KEY);
        person.open(berth.server.url() + session.path().replace("/api/sessions/", "/ui/session/"));
        person.click("[aria-controls=menu-more]");
        person.click("#tab-pages");
        person.await("document.querySelector('a[href*=\"/devtools/inspector.html\"]')");
        person.open(String.valueOf(
                person.evaluate("document.querySelector('a[href*=\"/devtools/inspector.html\"]').href")));
        awaitInDevTools("Inspected heading");
        api.delete(session.path());
    }

    @Test
    void othersGetNoWayToThem() {
        Opened session = session();
        String live = session.path() + "/live?";
        assertThat(tell(live + session.token()).getString("connectUrl"))
                .startsWith(session.connectUrl().replaceFirst("\\?.*", ""));
        assertThat(tell(live + session.token() + "&interactive=false").containsKey("connectUrl"))
                .isFalse();
        String url = api.post(session.path() + "/share", new JsonObject().put("interactive", true))
                .json()
                .getString("url");
        JsonObject guest = tell(live + url.substring(url.indexOf("token=")));
        assertThat(guest.getBoolean("interactive")).isTrue();
        assertThat(guest.containsKey("connectUrl")).isFalse();
        api.delete(session.path());
    }

    private JsonObject tell(String path) {
        Answer told = Api.fetch(berth.server.url() + path);
        assertThat(told.status()).as(told.text()).isEqualTo(200);
        return told.json();
    }

    @Test
    void theFilesRunNoScriptOfOthers() {
        String devTools = berth.server.url() + "/devtools/";
        assertThat(Api.fetch(devTools + "inspector.html").headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("script-src 'self';"));
        assertThat(Api.fetch(devTools + "nothing.js").status()).isEqualTo(404);
        assertThat(Api.fetch(devTools + "..%2f..%2fetc/passwd").status()).isEqualTo(404);
    }
}
