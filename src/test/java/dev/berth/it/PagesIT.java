package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several pages in one session: which of them verbs act on, and what the logs say of each. */
class PagesIT extends InOneSession {
    private static final JsonObject NOTHING = new JsonObject();

    @BeforeEach
    void begin() {
        leaveOnePage();
    }

    private List<JsonObject> pages() {
        return objects(api.get(session + "/pages").list("pages"));
    }

    private static List<JsonObject> objects(JsonArray list) {
        return list.stream().map(JsonObject.class::cast).toList();
    }

    private String active() {
        List<JsonObject> active =
                pages().stream().filter(page -> page.getBoolean("active")).toList();
        assertThat(active).hasSize(1);
        return active.get(0).getString("pageId");
    }

    private String openPage(String html) {
        return act("pages", new JsonObject().put("url", site.page(html))).getString("pageId");
    }

    private JsonObject act(String page, String verb, JsonObject arguments) {
        JsonObject answer = act(verb, arguments.copy().put("page", page));
        assertThat(answer.getString("pageId")).isEqualTo(page);
        return answer;
    }

    private Object evaluate(String page, String expression) {
        return act(page, "evaluate", new JsonObject().put("expression", expression))
                .getValue("result");
    }

    private JsonObject close(String page) {
        Api.Answer answer = api.delete(session + "/pages/" + page);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a target=_blank href=/two>go</a>",
                "<a target=_blank rel=noopener href=/two>go</a>",
                "<a href=# onclick=\"window.open('/two')\">go</a>"
            })
    void aClickNamesThePageThatItOpens(String link) {
        String opener = api.navigate(session, site.page("<title>Opener</title>" + link))
                .json()
                .getString("pageId");
        JsonObject clicked = click("a");
        assertThat(clicked.getString("pageId")).isEqualTo(opener);
        String popup = clicked.getString("openedPageId");
        assertThat(pages()).map(page -> page.getString("pageId")).containsExactly(opener, popup);
        JsonObject listed = pages().get(1);
        assertThat(listed.getString("url")).isEqualTo(site.url("/two"));
        assertThat(listed.getString("openerId")).isEqualTo(opener);
        assertThat(listed.getBoolean("active")).isTrue();
        assertThat(evaluate(opener, "document.title")).isEqualTo("Opener");
        assertThat(script("location.pathname")).isEqualTo("/two");
        assertThat(close(popup).getString("activePageId")).isEqualTo(opener);
        assertThat(script("document.title")).isEqualTo("Opener");
    }

    @Test
    void everyVerbThatOpensAPageNamesIt() {
        api.navigate(session, site.page("<input onkeydown=\"window.open('/two')\">"));
        assertThat(act("press", new JsonObject().put("selector", "input").put("key", "a"))
                        .getString("openedPageId"))
                .isEqualTo(active());
        assertThat(act("evaluate", new JsonObject().put("expression", "void window.open('/two')"))
                        .getString("openedPageId"))
                .isEqualTo(active());
        assertThat(act("evaluate", new JsonObject().put("expression", "1")).containsKey("openedPageId"))
                .isFalse();
        assertThat(pages()).hasSize(3);
    }

    @Test
    void anActivatedPageStaysActiveUntilItIsClosed() {
        String first = active();
        String second = openPage("<title>Second</title>");
        String third = openPage("<title>Third</title>");
        assertThat(active()).isEqualTo(third);
        assertThat(act("pages/" + second + "/activate", NOTHING).getString("title"))
                .isEqualTo("Second");
        assertThat(script("document.title + document.hasFocus()")).isEqualTo("Secondtrue");
        api.await(session, a -> a.json().getString("title").equals("Second"));
        close(first);
        assertThat(active()).isEqualTo(second);
        close(second);
        assertThat(active()).isEqualTo(third);
    }

    @Test
    void insteadOfTheLastPageABlankOneIsOpened() {
        api.navigate(session, site.url("/two"));
        String only = active();
        JsonObject closed = close(only);
        assertThat(closed.getString("pageId")).isEqualTo(only);
        assertThat(pages()).singleElement().satisfies(page -> {
            assertThat(page.getString("pageId")).isEqualTo(closed.getString("activePageId"));
            assertThat(page.getString("url")).isEqualTo("about:blank");
        });
        api.navigate(session, site.url("/two"));
    }

    @Test
    void aPageIsClosedWithoutAskingIt() {
        String page =
                openPage("<script>onbeforeunload = e => e.preventDefault(); onunload = () => alert(1)</script><p>x");
        act(page, "click", on("p"));
        close(page);
        assertThat(pages()).hasSize(1);
    }

    @Test
    void verbsActOnAPageInTheBackground() {
        String page =
                openPage("<title>Back</title><body style='margin:0;background:lime'><input id=a><input type=checkbox>"
                        + "<select><option>x<option>y</select><div style='height:3000px'></div>");
        String front = openPage("<title>Front</title>");
        assertThat(active()).isEqualTo(front);
        act(page, "click", on("[type=checkbox]"));
        act(page, "type", new JsonObject().put("selector", "#a").put("text", "typed "));
        act(page, "press", new JsonObject().put("key", "b"));
        act(page, "select", new JsonObject().put("selector", "select").put("values", new JsonArray().add("y")));
        act(page, "scroll", new JsonObject().put("y", 500));
        assertThat(evaluate(
                        page,
                        "[a.value, document.querySelector('[type=checkbox]').checked, document.querySelector('select').value,"
                                + " scrollY].join()"))
                .isEqualTo("typed b,true,y,500");
        JsonObject shot = act(page, "screenshot", NOTHING);
        assertThat(shot.getInteger("size")).isPositive();
        assertThat(act(page, "content", NOTHING).getString("title")).isEqualTo("Back");
        assertThat(act(page, "snapshot", NOTHING).getString("title")).isEqualTo("Back");
        assertThat(act(page, "navigate", new JsonObject().put("url", site.url("/two")))
                        .getBoolean("navigated"))
                .isTrue();
        assertThat(act(page, "go-back", NOTHING).getString("title")).isEqualTo("Back");
        assertThat(act(page, "reload", NOTHING).getString("title")).isEqualTo("Back");
        assertThat(evaluate(page, "confirm('sure?')")).isEqualTo(false);
        // Frames are painted, and timers run, as in a page that is seen.
        assertThat(evaluate(page, "new Promise(done => requestAnimationFrame(() => setTimeout(done, 10, 'painted')))"))
                .isEqualTo("painted");
        assertThat(active()).isEqualTo(front);
    }

    @Test
    void anErrorNamesThePageThatIsNotTheActiveOne() {
        String back = active();
        openPage("<p>x");
        JsonObject late = new JsonObject().put("selector", "#none").put("timeout", 100);
        assertThat(api.post(session + "/click", late.copy().put("page", back))
                        .error()
                        .getString("message"))
                .endsWith("(on page " + back + ", which is not the active one)");
        assertThat(api.post(session + "/click", late).error().getString("message"))
                .doesNotContain("on page");
    }

    @Test
    void whatCannotBeOpenedLeavesNoPage() {
        String before = active();
        for (String url : List.of("http://127.0.0.1:1/", "file:///etc/passwd")) {
            Api.Answer refused = api.post(session + "/pages", new JsonObject().put("url", url));
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.error().getString("message")).startsWith("navigation ");
        }
        assertThat(pages()).hasSize(1);
        assertThat(active()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "..%2f.."})
    void idsOfNoPageAreRefused(String id) {
        List<Api.Answer> answers = List.of(
                api.delete(session + "/pages/" + id),
                api.post(session + "/pages/" + id + "/activate", NOTHING),
                api.post(session + "/content", new JsonObject().put("page", "none")),
                api.post(
                        session + "/navigate",
                        new JsonObject().put("page", "none").put("url", site.url("/two"))));
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.text()).isEqualTo(404);
            assertThat(answer.error().getString("code")).isEqualTo("not_found");
            assertThat(answer.error().getString("message")).startsWith("the session has no open page '");
        });
        assertThat(api.post(session + "/content", new JsonObject().put("page", ""))
                        .status())
                .isEqualTo(400);
        assertThat(api.post(session + "/content", new JsonObject().put("page", "x".repeat(201)))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a href=/report.csv>get</a>",
                "<a href=/report.csv download>get</a>",
                "<a href=/report.csv target=_blank>get</a>"
            })
    void aClickNamesTheFileThatItDownloads(String link) {
        String page = api.navigate(session, site.page(link)).json().getString("pageId");
        JsonObject clicked = click("text=get");
        JsonObject file = clicked.getJsonObject("download");
        assertThat(file).as(clicked.encode()).isNotNull();
        assertThat(file.getString("fileName")).isEqualTo("jährlich.csv");
        assertThat(Api.fetch(file.getString("publicUrl")).text()).isEqualTo("a,b\n1,2\n");
        // Chrome opens a page before it knows that the link gives a file.
        assertThat(file.getString("pageId"))
                .isEqualTo(link.contains("_blank") ? clicked.getString("openedPageId") : page);
    }

    @Test
    void aFileOfAnIframeIsOfThePage() {
        String page = api.navigate(session, site.page("<iframe srcdoc='<a href=/report.csv>get</a>'></iframe>"))
                .json()
                .getString("pageId");
        click("text=get");
        api.await(
                session + "/artifacts",
                answer -> objects(answer.list("artifacts")).stream()
                        .anyMatch(file -> page.equals(file.getString("pageId"))));
    }

    @Test
    void aDownloadThatGoesOnIsNamedByItsFile() {
        api.navigate(session, site.page("<a href=/endless.bin>get</a>"));
        assertThat(click("a").getString("downloading")).isEqualTo("endless.bin");
        renew();
    }

    @Test
    void theLogsNameTheirPages() {
        renew();
        String first = api.navigate(
                        session,
                        site.page("<script>console.log('first')</script><iframe src='" + site.otherSiteUrl("/inside")
                                + "'></iframe>"))
                .json()
                .getString("pageId");
        String second = openPage("<script>console.log('second'); new Worker('/worker.js')</script>");
        act(first, "screenshot", NOTHING);
        api.await(session + "/console", a -> a.list("logs").size() >= 4);
        api.await(
                session + "/network?limit=1000",
                a -> a.text().contains("/from-worker") && a.text().contains("/from-frame"));
        requireNamed(first, second);
        api.delete(session);
        requireNamed(first, second);
        assertThat(api.get(session + "/pages").status()).isEqualTo(410);
        renew();
    }

    private void requireNamed(String first, String second) {
        Map<String, String> lines = objects(api.get(session + "/console").list("logs")).stream()
                .filter(line -> line.getString("source").equals("console-api"))
                .collect(Collectors.toMap(line -> line.getString("message"), line -> line.getString("pageId")));
        assertThat(lines).isEqualTo(Map.of("first", first, "inside", first, "second", second, "in the worker", second));
        List<JsonObject> artifacts = objects(api.get(session + "/artifacts").list("artifacts"));
        assertThat(artifacts)
                .singleElement()
                .satisfies(shot -> assertThat(shot.getString("pageId")).isEqualTo(first));
        List<JsonObject> actions = objects(api.get(session + "/actions").list("actions"));
        assertThat(actions)
                .map(action -> action.getString("type") + " " + action.getString("pageId"))
                .containsExactly("navigate " + first, "open-page " + second, "screenshot " + first);
        assertThat(objects(api.get(session).list("navigations")))
                .map(navigation -> navigation.getString("pageId"))
                .containsExactly(first, second);
    }
}
