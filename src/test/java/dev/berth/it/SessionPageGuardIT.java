package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a session's page does not do: run what pages wrote, let readers act, or leave people out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionPageGuardIT {
    private static final String TAG = "<img src=x onerror=window.pwned=1>";
    private static final String HOSTILE = """
            <title>&lt;img src=x onerror=window.pwned=1></title><a id=file href='data:text/plain,x' download='<img src=x onerror=pwned=1>.txt'>file</a>
            <script>
            console.log('%%c%1$s', 'background:url(javascript:window.pwned=1)');
            console.table([{'%1$s': '%1$s'}]);
            console.error('%1$s');
            fetch('/item?%1$s', {headers: {'X-Evil': '%1$s'}, method: 'POST', body: "'; $(touch pwned) %1$s"});
            history.pushState(0, '', '?%1$s');
            </script>""".formatted(TAG);

    private final Berth berth = Berth.shared();
    private final Api api = berth.api();
    private PageDriver person;
    private String session;

    @BeforeAll
    void record() {
        person = PageDriver.launch();
        person.size(1440, 900);
        session = api.newSession(new JsonObject()
                .put("options", new JsonObject().put("recording", true).put("bodies", true))
                .put("metadata", new JsonObject().put("note", TAG)));
        api.navigate(session, berth.site.page(HOSTILE));
        api.act(session, "click", new JsonObject().put("selector", "#file"));
        api.post(
                session + "/click",
                new JsonObject().put("selector", "[x='" + TAG + "']").put("timeout", 1_000));
        api.act(session, "screenshot", new JsonObject());
        api.await(session + "/network", a -> a.text().contains("/item?"));
        api.post(
                session + "/steps",
                new JsonObject()
                        .put("title", "\u001b[31m" + TAG + "\u202edlrow")
                        .put("error", TAG + "\n\u001b[2J" + TAG)
                        .put("duration", 100));
        api.patch(
                session,
                new JsonObject()
                        .put("name", "name " + TAG)
                        .put("outcome", "failed")
                        .put("outcomeReason", TAG + "\n" + TAG));
        api.put(session + "/files/trace.zip", new JsonObject());
        api.delete(session);
        api.await(session + "/artifacts", a -> !a.text().contains("\"pending\""));
    }

    @AfterAll
    void close() {
        person.close();
    }

    private String page() {
        return berth.server.url() + "/ui/session/" + session.substring(session.lastIndexOf('/') + 1);
    }

    private void openAs(PageDriver reader, String url) {
        reader.open(url);
        reader.await("document.querySelector('berth-playbar')");
    }

    private void openWithKey() {
        person.signIn(Berth.KEY);
        openAs(person, page());
    }

    @Test
    void whatAPageWroteIsTextEverywhere() {
        openWithKey();
        person.awaitText("h1", "name " + TAG);
        person.awaitText(".ending", "Failed: " + TAG);
        person.awaitText("berth-actions .entry.failed bdi", TAG + "dlrow");
        for (String tab : new String[] {"console", "network", "actions", "artifacts", "script", "pages", "about"}) {
            tab(tab);
            person.await("document.querySelector('#panel').innerText.length > 20");
            person.evaluate("document.querySelectorAll('#panel .entry').forEach(e => e.click())");
        }
        person.press("Escape");
        person.click("#tab-network");
        person.clickText("#panel .entry", "item?");
        person.awaitText("berth-request", "X-Evil");
        assertThat(person.evaluate("window.pwned")).isNull();
        assertThat(person.evaluate("document.querySelectorAll('[onerror], a[href^=javascript]').length"))
                .isEqualTo(0);
    }

    /** Panels that are seldom used are in a menu. */
    private void tab(String name) {
        if (person.evaluate("document.querySelector('#tab-" + name + "')") == null) {
            person.click("[aria-controls=menu-more]");
        }
        person.click("#tab-" + name);
        person.await("document.querySelector('#tab-" + name + "[aria-selected=true]')");
    }

    @Test
    void aTraceOfPlaywrightIsOpenedByACommand() {
        openWithKey();
        tab("artifacts");
        person.awaitText("berth-artifacts .command", "npx playwright show-trace 'http");
    }

    @Test
    void aCopiedCommandHoldsWhatThePageSentAsWordsOfTheShell() {
        openWithKey();
        String command = (String) person.evaluate("""
                import('/ui/session/curl.js').then(({curlOf}) => curlOf({method: 'POST', url: "http://x/a'b?c=[1]", requestHeaders:
                  {'X-A': "it's \\n -o /etc", '@file': 'x', Host: 'x'}, requestBody: "'; touch pwned #"}))""");
        assertThat(command)
                .isEqualTo(String.join(
                        " \\\n  ",
                        "curl --globoff",
                        "'http://x/a'\\''b?c=[1]'",
                        "-X POST",
                        "-H $'X-A: it\\'s \\n -o /etc'",
                        "--data-raw ''\\''; touch pwned #'"));
    }

    @Test
    void aSharedLinkShowsItWithoutAKeyAndLetsNobodyAct() {
        JsonObject link = api.post(session + "/share", new JsonObject().put("whole", true))
                .json();
        try (PageDriver reader = PageDriver.launch()) {
            reader.size(1440, 900);
            openAs(reader, link.getString("url"));
            reader.awaitText("berth-actions", "navigate");
            reader.await("document.querySelector('berth-picture video')?.readyState >= 2");
            reader.click("#tab-console");
            reader.awaitText("berth-console", "onerror");
            String buttons = (String)
                    reader.evaluate("[...document.querySelectorAll('button, a')].map(e => e.innerText).join('|')");
            assertThat(buttons)
                    .doesNotContain("Share")
                    .doesNotContain("End session")
                    .doesNotContain("Connect")
                    .contains("Export");
            assertThat(api.delete(session + "/share/" + link.getString("linkId"))
                            .status())
                    .isEqualTo(200);
            reader.open(link.getString("url"));
            reader.awaitText(".state", "no longer works");
        }
    }

    @Test
    void nothingSeriousIsInTheWayOfPeopleWhoSeeOrMoveLittle() {
        for (String scheme : new String[] {"light", "dark"}) {
            person.scheme(scheme);
            openWithKey();
            for (String tab :
                    new String[] {"actions", "console", "network", "artifacts", "script", "pages", "about", "connect"
                    }) {
                tab(tab);
                person.await("document.querySelector('#panel').innerText.length > 20");
                person.evaluate("document.querySelector('#panel .entry')?.click()");
                assertThat(person.seriousFindings(scheme))
                        .as(scheme + " " + tab)
                        .isEmpty();
            }
            person.click("[aria-controls=menu-share]");
            person.await("document.querySelector('berth-share select')");
            assertThat(person.seriousFindings(scheme)).as(scheme + " share").isEmpty();
        }
    }

    @Test
    void itFitsOnAPhone() {
        person.size(380, 800);
        openWithKey();
        person.awaitText("berth-actions", "navigate");
        assertThat((int) person.evaluate("document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(380);
        person.size(1440, 900);
    }
}
