package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard's pages but that of a session, as a person uses them. Every test is a user of its own. */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardIT {
    private static final int MOST_TABS = 60;

    private final Berth berth = Berth.shared();
    private PageDriver person;
    private String key;
    private Api api;

    @BeforeAll
    void launch() {
        person = PageDriver.launch();
    }

    @BeforeEach
    void beSomeoneNew() {
        key = berth.keyOf("dashboard-" + System.nanoTime());
        api = new Api(berth.server.url(), key);
        person.size(1280, 900);
        person.scheme("light");
    }

    @AfterEach
    void end() {
        api.get("/api/sessions?limit=100").list("sessions").stream()
                .map(each -> ((JsonObject) each).getString("sessionId"))
                .forEach(id -> api.delete("/api/sessions/" + id));
    }

    @AfterAll
    void close() {
        person.close();
    }

    private void open(String path) {
        person.signIn(key);
        person.open(berth.server.url() + path);
        person.await("document.querySelector('h1')");
    }

    private String label(String page, String team) {
        return api.newSession(
                new JsonObject().put("initialPrompt", page).put("metadata", new JsonObject().put("team", team)));
    }

    @Test
    void aKeySignsIn() {
        person.signIn("");
        person.open(berth.server.url() + "/ui/");
        person.await("document.activeElement?.id === 'key'");
        person.type("not-a-key");
        person.press("Enter");
        person.awaitText("#key-error", "Invalid key");
        person.await("document.activeElement?.id === 'key'");
        person.type(key);
        person.press("Enter");
        person.awaitText("h1", "Sessions");
        person.awaitText(".account", "dashboard");
        person.clickText("button", "Sign out");
        person.await("document.querySelector('#key') && !sessionStorage.getItem('berth.key')");
    }

    @Test
    void theFirstSessionIsOneClickAway() {
        open("/ui/");
        person.clickText("button", "Open a session");
        person.await("location.pathname.startsWith('/ui/session/session-')");
        api.await("/api/sessions", a -> a.text().contains("Your first session"));
    }

    @Test
    void aListIsFilteredByItsUrl() {
        label(berth.site.url("/plain"), "qa");
        label(berth.site.url("/two"), "dev");
        open("/ui/?metadata.team=qa");
        person.await("document.querySelectorAll('.session').length === 1");
        person.awaitText(".session h2", "Plain");
        person.click(".filters .chip");
        person.await("document.querySelectorAll('.session').length === 2 && location.search === ''");
        person.clickText(".session .chip", "team=dev");
        person.await("document.querySelectorAll('.session').length === 1 && location.search.includes('team=dev')");
        person.evaluate("history.back()");
        person.await("document.querySelectorAll('.session').length === 2");
        open("/ui/?q=second-nothing");
        person.awaitText(".state", "No sessions match");
    }

    @Test
    void cardsShowWhatTheSessionsShow() {
        label(berth.site.url("/tall"), "qa");
        open("/ui/");
        person.await("document.querySelector('berth-thumbnail img')?.naturalWidth > 100");
    }

    @Test
    void severalEndAtOnce() {
        label(berth.site.url("/plain"), "qa");
        label(berth.site.url("/two"), "qa");
        open("/ui/");
        person.await("document.querySelectorAll('.session').length === 2");
        person.click(".session:first-child [type=checkbox]");
        person.click(".session:last-child [type=checkbox]");
        person.await("document.querySelector('.bulk a')?.search.match(/a=session-.*&b=session-/)");
        person.clickText(".bulk button", "End 2");
        person.clickText("dialog button", "End 2 sessions");
        person.awaitText(".notice", "2 sessions ended");
        person.awaitText(".session .badge", "Ended");
        assertThat(api.get("/api/sessions?status=completed&includeTerminated=true")
                        .list("sessions"))
                .hasSize(2);
        person.await("document.querySelectorAll('.session berth-last-picture').length === 2");
    }

    @Test
    void aSessionThatBeginsElsewhereComesIntoTheList() {
        label(berth.site.url("/plain"), "qa");
        open("/ui/");
        person.await("document.querySelectorAll('.session').length === 1");
        label(berth.site.url("/two"), "qa");
        person.await("document.querySelectorAll('.session').length === 2");
    }

    @Test
    void aRefusedOptionIsToldAtItsField() {
        open("/ui/new");
        person.click("#initialPrompt");
        person.type(berth.site.url("/plain"));
        person.click("#field-options-timezone");
        person.type("Mars/X");
        person.clickText("button", "Start session");
        person.awaitText("#field-options-timezone-error", "Time zone must be an IANA name");
        person.await("document.activeElement?.id === 'field-options-timezone'");
        person.evaluate("document.activeElement.select()");
        person.type("Europe/Berlin");
        person.clickText("button", "Start session");
        person.await("location.pathname.startsWith('/ui/session/')");
        String session = (String) person.evaluate("location.pathname.split('/').pop()");
        assertThat(api.get("/api/sessions/" + session)
                        .json()
                        .getJsonObject("options")
                        .getString("timezone"))
                .isEqualTo("Europe/Berlin");
    }

    @Test
    void secretsAreNotShownInTheCommandBesideTheForm() {
        open("/ui/new");
        person.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)");
        person.click("[data-name='options.headers'] .add");
        person.await("document.activeElement?.matches('[aria-label=\"Name 1\"]')");
        person.type("X-Token");
        person.press("Tab");
        person.type("hush-hush");
        person.awaitText("aside pre", "\"X-Token\": \"••••\"");
        assertThat(person.text("aside pre")).doesNotContain("hush-hush");
        person.evaluate("navigator.clipboard.writeText = async text => window.copied = text; 0");
        person.clickText("aside button", "Copy with secrets");
        person.await("window.copied?.includes('\"X-Token\": \"hush-hush\"')");
    }

    private void tabTo(String selector) {
        for (int i = 0; i < MOST_TABS; i++) {
            if (person.evaluate("document.activeElement?.matches(" + PageDriver.quote(selector) + ")")
                    .equals(true)) {
                assertThat(person.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                        .as("the focus is seen")
                        .isNotEqualTo("none");
                return;
            }
            person.press("Tab");
        }
        throw new AssertionError("no way to " + selector + " by the keyboard");
    }

    @Test
    void theKeyboardIsEnough() {
        person.signIn("");
        person.open(berth.server.url() + "/ui/");
        person.await("document.activeElement?.id === 'key'");
        person.type(key);
        person.press("Enter");
        person.awaitText("h1", "Sessions");
        tabTo("a.button[href='/ui/new']");
        person.press("Enter");
        person.awaitText("h1", "New session");
        tabTo("#initialPrompt");
        person.type(berth.site.url("/plain"));
        person.press("Enter");
        person.await("location.pathname.startsWith('/ui/session/')");
        api.await("/api/sessions", a -> a.text().contains("Plain"));
        // In the live view the Tab key is the session's page's.
        open("/ui/");
        person.awaitText(".session h2", "Plain");
        tabTo(".session [type=checkbox]");
        person.press(" ");
        tabTo(".bulk button");
        person.press("Enter");
        person.await("document.activeElement?.closest('dialog')?.open");
        person.press("Escape");
        person.await("!document.querySelector('dialog') && document.activeElement.closest('.bulk')");
    }

    @Test
    void aServerThatIsAwayIsToldAndWaitedFor() {
        label(berth.site.url("/plain"), "qa");
        open("/ui/");
        person.awaitText(".session h2", "Plain");
        person.evaluate("window.found = window.fetch; window.fetch = () => Promise.reject(new TypeError('away')); 0");
        // The page asks again when a filter is chosen, and after ten seconds.
        person.clickText(".session .chip", "team=qa");
        person.awaitText(".away", "does not answer");
        assertThat(person.text(".session h2")).isEqualTo("Plain");
        person.evaluate("window.fetch = window.found; 0");
        person.await("!document.querySelector('.away')");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void nothingSeriousIsInTheWayOfPeopleWhoSeeOrMoveLittle(String scheme) {
        person.scheme(scheme);
        open("/ui/");
        person.await("document.querySelector('.hero')");
        assertThat(person.seriousFindings(scheme)).as("first run").isEmpty();
        label(berth.site.url("/plain"), "qa");
        for (String page : List.of("", "runs", "new", "tasks", "usage", "webhooks", "nothing")) {
            assertNothingSerious(page, scheme);
        }
        key = Berth.KEY;
        for (String page : List.of("all", "nodes", "keys", "users", "log", "usage")) {
            assertNothingSerious(page, scheme);
        }
    }

    @Test
    void anAdminMakesAndRevokesAKey() {
        key = Berth.KEY;
        // On the first page of the users, who are many when other tests have run, in the order of their names.
        String user = "0-made-" + System.nanoTime();
        open("/ui/keys");
        person.clickText("button", "New key");
        person.await("document.activeElement?.name === 'user'");
        person.type(user);
        person.click("[name='limits.sessions']");
        person.type("2");
        person.clickText("button", "Create key");
        person.awaitText(".secret", "New key of " + user);
        Api made = new Api(berth.server.url(), person.text(".secret code"));
        assertThat(made.get("/api/me").json().getString("user")).isEqualTo(user);
        String session = made.newSession();
        open("/ui/");
        person.clickText("nav a", "All users");
        person.awaitText("table", user);
        open("/ui/all?show=live&user=" + user);
        person.clickText("td button", "End");
        person.clickText("dialog button", "End session");
        person.awaitText(".state", "No sessions");
        assertThat(made.get(session).json().getString("endReason")).isEqualTo("admin");
        open("/ui/keys?user=" + user);
        person.awaitText("table", "2 sessions at once");
        person.clickText("td button", "Revoke");
        person.clickText("dialog button", "Revoke key");
        person.awaitText(".state", "No keys found");
        open("/ui/log");
        person.awaitText("table", "revoked a key");
        open("/ui/users");
        person.awaitText("table", user);
    }

    @Test
    void aViewerIsOfferedNothingThatIsRefused() {
        String session = label(berth.site.url("/plain"), "qa");
        String user = api.get("/api/me").json().getString("user");
        JsonObject wish = new JsonObject().put("user", user).put("role", "viewer");
        key = berth.api().post("/api/admin/keys", wish).json().getString("key");
        open("/ui/");
        person.awaitText(".session h2", "Plain");
        person.awaitText(".account", "viewer");
        assertThat(person.text("main")).doesNotContain("New session");
        assertThat(person.text("nav")).doesNotContain("Webhooks", "Profiles");
        open("/ui/session/" + session.substring(session.lastIndexOf('/') + 1));
        person.await(
                "document.querySelector('iframe')?.contentDocument?.querySelector('#status')?.dataset.state === 'live'");
        person.await("!document.querySelector('iframe').contentDocument.querySelector('#watching').hidden");
        assertThat(person.text("berth-heading")).doesNotContain("End session", "Share", "Record");
        assertThat(person.text(".tabs")).doesNotContain("Connect");
        open("/ui/new");
        person.awaitText("h1", "Page not found");
    }

    private void tried(String run, String outcome, String reason) {
        String session = api.newSession(new JsonObject()
                .put("name", "pays")
                .put(
                        "metadata",
                        new JsonObject().put("run", run).put("title", "pays").put("file", "shop.spec.ts")));
        api.patch(session, new JsonObject().put("outcome", outcome).put("outcomeReason", reason));
        api.delete(session);
    }

    @Test
    void aFailedTestLeadsFromItsRunToTheComparisonWithItsLastPass() {
        String run = "a/b %<img src=x onerror=window.hacked=1>";
        tried("earlier", "passed", "");
        tried(run, "failed", run + "\nExpected: 1");
        open("/ui/runs");
        person.awaitText("table", "1 failed");
        person.clickText("table a", run);
        person.awaitText(".loud-test .error", run);
        assertThat(person.seriousFindings("light")).as("a run").isEmpty();
        person.clickText(".loud-test a", "History");
        person.awaitText(".run-head", "Failed in 1 of 2 runs");
        assertThat(person.seriousFindings("light")).as("a test").isEmpty();
        person.clickText(".run-head a", "with the last pass");
        person.awaitText("berth-compare .heads", "Failed");
        assertThat(person.seriousFindings("light")).as("a comparison").isEmpty();
        assertThat(person.evaluate("window.hacked")).isNull();
    }

    private void assertNothingSerious(String page, String scheme) {
        open("/ui/" + page);
        person.await("!document.querySelector('.spinner')?.checkVisibility()");
        assertThat(person.seriousFindings(scheme)).as(page).isEmpty();
    }

    @Test
    void whatPagesAndClientsWriteIsText() {
        String tag = "<img src=x onerror=window.hacked=1>";
        String page = berth.site.page(
                "<title>&lt;img src=x onerror=window.hacked=1></title><script>"
                        + "history.replaceState(0, '', location.pathname + '?\"><img src=x onerror=window.hacked=1>')</script>");
        api.newSession(new JsonObject()
                .put("initialPrompt", page)
                .put(
                        "metadata",
                        new JsonObject().put(tag, "javascript:window.hacked=1").put("x", "\">" + tag)));
        open("/ui/?show=all&q=" + "%3Cimg");
        person.awaitText(".session h2", tag);
        person.awaitText(".session .labels", "javascript:window.hacked=1");
        person.evaluate(
                "window.violations = []; new ReportingObserver(all => violations.push(...all.map(each => each.body.blockedURL)),"
                        + " {types: ['csp-violation'], buffered: true}).observe()");
        person.clickText(".session .chip", "javascript:window.hacked=1");
        person.await("document.querySelectorAll('.filters .chip').length === 1");
        person.click(".session [type=checkbox]");
        person.clickText(".bulk button", "End 1");
        person.awaitText("dialog", tag);
        person.press("Escape");
        assertThat(person.evaluate("window.hacked")).isNull();
        assertThat(person.evaluate("JSON.stringify(violations)")).isEqualTo("[]");
        assertThat(person.evaluate("document.querySelectorAll('[onerror], [href^=javascript]').length"))
                .isEqualTo(0);
    }

    @Test
    void onlyUrlsOfTheWebAreLinks() {
        open("/ui/");
        for (String url : List.of(
                "javascript:window.hacked=1",
                " javascript:window.hacked=1",
                "JaVaScRiPt:1",
                "data:text/html,x",
                "file:///etc/passwd",
                "//x.example")) {
            assertThat(person.evaluate(
                            "Promise.all([import('/ui/elements.js'), import('/ui/lib/lit-html/lit-html.js')]).then(([{webLink}, {render}]) => {"
                                    + " const at = document.createElement('p'); render(webLink("
                                    + PageDriver.quote(url) + "), at);"
                                    + " return at.querySelectorAll('a').length + at.textContent; })"))
                    .isEqualTo("0" + url);
        }
    }

    @Test
    void whereThePageMayNotCopyTheTextIsSelected() {
        open("/ui/");
        person.await("document.querySelector('.snippet')");
        person.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined}); 0");
        person.click(".snippet button");
        person.await("document.activeElement.matches('dialog textarea') && String(getSelection()).startsWith('curl ')");
        person.press("Escape");
        person.await("!document.querySelector('dialog') && document.activeElement.matches('.snippet button')");
    }

    @Test
    void aNameThatIsNoPageIsTold() {
        person.signIn(key);
        for (String name : List.of("nothing", "constructor", "__proto__", "session/%FF")) {
            person.open(berth.server.url() + "/ui/" + name);
            person.awaitText("h1", "Page not found");
        }
    }

    @Test
    void aSharedLinkShowsNoOtherPage() {
        person.signIn("");
        for (String page : List.of("", "tasks", "nodes", "compare", "nothing")) {
            person.open(berth.server.url() + "/ui/" + page + "?token=x");
            person.awaitText("h1", "This link shows one session");
            assertThat(person.evaluate("document.querySelectorAll('berth-app a').length"))
                    .as(page)
                    .isEqualTo(0);
        }
    }

    @Test
    void itFitsOnAPhone() {
        label(berth.site.url("/plain"), "qa");
        person.size(380, 800);
        for (String page : List.of("", "new", "runs", "tasks", "usage", "webhooks")) {
            open("/ui/" + page);
            person.await("!document.querySelector('.spinner')?.checkVisibility()");
            assertThat(person.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                    .as(page)
                    .isEqualTo(0);
        }
    }
}
