package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Navigations that do not end at a page, and what is reported about their target. */
class NavigationsIT extends InOneSession {
    private static final String GUARDED =
            "<title>Guarded</title><button>b</button><script>addEventListener('beforeunload',"
                    + " e => { e.preventDefault(); e.returnValue = 'x' })</script>";

    private Api.Answer navigate(String url, long timeout) {
        return api.post(session + "/navigate", new JsonObject().put("url", url).put("timeout", timeout));
    }

    // Files

    @Test
    void aUrlThatGivesAFileSucceedsAndNamesTheFile() {
        api.navigate(session, site.url("/plain"));
        JsonObject went = navigate(site.url("/report.csv"), 10_000).json();
        assertThat(went.getBoolean("navigated")).isFalse();
        assertThat(went.getString("url")).isEqualTo(site.url("/plain"));
        JsonObject file = went.getJsonObject("download");
        assertThat(file.getString("fileName")).isEqualTo("jährlich.csv");
        assertThat(file.getInteger("size")).isEqualTo(8);
        JsonObject details = lastAction("navigate").getJsonObject("details");
        assertThat(lastAction("navigate").getBoolean("success")).isTrue();
        assertThat(details.getString("objectId")).isEqualTo(file.getString("objectId"));
        assertThat(details.getString("fileName")).isEqualTo("jährlich.csv");
        assertThat(api.get(session + "/artifacts").list("artifacts"))
                .extracting(artifact -> ((JsonObject) artifact).getString("objectId"))
                .contains(file.getString("objectId"));
    }

    @Test
    void theUrlOfANewSessionMayGiveAFileToo() {
        String other = api.newSession(new JsonObject().put("initialPrompt", site.url("/report.csv")));
        JsonObject opened = api
                .await(
                        other + "/actions",
                        answer -> answer.list("actions").stream()
                                .anyMatch(action ->
                                        ((JsonObject) action).getString("type").equals("navigate")))
                .list("actions")
                .stream()
                .map(JsonObject.class::cast)
                .filter(action -> action.getString("type").equals("navigate"))
                .findFirst()
                .orElseThrow();
        assertThat(opened.getBoolean("success")).as(opened.encode()).isTrue();
        assertThat(opened.getJsonObject("details").getString("fileName")).isEqualTo("jährlich.csv");
        api.delete(other);
    }

    @Test
    void aFileThatIsNotCompleteInTimeFailsWithAHint() {
        Api.Answer late = navigate(site.url("/endless.bin"), 2_000);
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.error().getString("message"))
                .isEqualTo("the URL leads to a file, which was not complete within 2000 ms");
        assertThat(late.error().getString("hint")).contains("continues");
        api.navigate(session, site.url("/plain"));
        renew();
    }

    // Documents of which the server sends only a part

    @Test
    void aDocumentThatIsCutOffIsToldAndShown() {
        // The timeout of a test is shorter than this.
        Api.Answer cut = navigate(site.url("/cut-off"), 300_000);
        assertThat(cut.status()).as(cut.text()).isEqualTo(422);
        assertThat(cut.error().getString("message"))
                .isEqualTo("the server sent only part of the document: net::ERR_CONTENT_LENGTH_MISMATCH");
        assertThat(script("document.body.innerText")).isEqualTo("the first half");
        Api.Answer again = api.post(session + "/reload", new JsonObject().put("timeout", 300_000));
        assertThat(again.error())
                .isEqualTo(cut.error().put("requestId", again.error().getString("requestId")));
        api.navigate(session, site.url("/plain"));
        assertThat(api.post(session + "/go-back", new JsonObject().put("timeout", 300_000))
                        .status())
                .isEqualTo(422);
        api.navigate(session, site.url("/plain"));
    }

    @Test
    void theUrlOfANewSessionMayBeCutOffToo() {
        String other = api.newSession(new JsonObject().put("initialPrompt", site.url("/cut-off")));
        JsonObject opened = api.await(
                        other + "/actions", answer -> !answer.list("actions").isEmpty())
                .list("actions")
                .getJsonObject(0);
        assertThat(opened.getString("error"))
                .isEqualTo("the server sent only part of the document: net::ERR_CONTENT_LENGTH_MISMATCH");
        api.delete(other);
    }

    // Documents that came once, and can't be reached any more

    @Test
    void aUrlThatCanNoLongerBeReachedShowsTheErrorPage() {
        HttpServer closing = Berth.await(Berth.shared()
                .vertx
                .createHttpServer()
                // Not stored, so that going back asks the server again.
                .requestHandler(request -> request.response()
                        .putHeader("Cache-Control", "no-store")
                        .end("here"))
                .listen(0, "127.0.0.1"));
        String url = "http://127.0.0.1:" + closing.actualPort() + "/";
        api.navigate(session, url);
        Berth.await(closing.close());
        showsTheErrorPage("reload", url);
        api.navigate(session, site.url("/plain"));
        showsTheErrorPage("go-back", url);
        assertThat(act("go-forward", new JsonObject()).getInteger("status")).isEqualTo(200);
    }

    private void showsTheErrorPage(String verb, String url) {
        JsonObject went = act(verb, new JsonObject());
        assertThat(went.getString("url")).isEqualTo(url);
        assertThat(went.getBoolean("navigated")).isTrue();
        assertThat(went.getInteger("status")).isNull();
        assertThat(script("location.href")).isEqualTo("chrome-error://chromewebdata/");
    }

    // Pages that ask whether they may be left

    private void openGuarded() {
        api.navigate(session, site.url("/plain"));
        api.navigate(session, site.page(GUARDED));
        // Chrome does not ask for a page without user interaction.
        click("button");
    }

    private void answerDialogs(boolean accept) {
        act("dialogs", new JsonObject().put("accept", accept));
    }

    @Test
    void aPageThatAsksIsLeftByDefault() {
        renew();
        openGuarded();
        api.navigate(session, site.url("/two"));
        assertThat(lastAction("dialog").getJsonObject("details").getBoolean("accepted"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"navigate", "reload", "go-back"})
    void aPageThatAsksIsNotLeftIfTheAnswerIsNo(String verb) {
        openGuarded();
        answerDialogs(false);
        JsonObject body = verb.equals("navigate") ? new JsonObject().put("url", site.url("/two")) : new JsonObject();
        Api.Answer refused = api.post(session + "/" + verb, body.put("timeout", 20_000));
        assertThat(refused.status()).as(refused.text()).isEqualTo(422);
        assertThat(refused.error().getString("message"))
                .isEqualTo("the page asked whether to leave it (beforeunload), and the dialog was dismissed");
        assertThat(script("document.title")).isEqualTo("Guarded");
        answerDialogs(true);
        assertThat(api.post(session + "/" + verb, body).status()).isEqualTo(200);
    }

    // What is told

    @ParameterizedTest
    @CsvSource({
        "http://nowhere.invalid/, net::ERR_NAME_NOT_RESOLVED, can't resolve that host name",
        "http://127.0.0.1:1/, net::ERR_UNSAFE_PORT, blocks that port",
        "file:///etc/passwd, navigation refused, http"
    })
    void aFailureSaysWhatToDo(String url, String why, String hint) {
        JsonObject error = navigate(url, 10_000).error();
        assertThat(error.getString("code")).isEqualTo("action_failed");
        assertThat(error.getString("message")).contains(why);
        assertThat(error.getString("hint")).contains(hint);
    }

    @Test
    void credentialsOfUrlsAreKeptNowhere() {
        String url = site.url("/plain").replace("http://", "http://user:s3cret@");
        JsonObject went = navigate(url, 10_000).json();
        assertThat(went.getString("url")).endsWith("/plain").doesNotContain("s3cret");
        script("console.log('at ' + location.href); new Image().src = '" + url + "?image'; fetch('" + url
                + "').catch(e => console.log(String(e)))");
        api.post(
                session + "/click",
                new JsonObject().put("selector", "a[href='" + url + "']").put("timeout", 1));
        api.await(session + "/network", answer -> answer.text().contains("?image"));
        api.delete(session);
        for (String what : new String[] {"", "/actions", "/console", "/network"}) {
            Api.Answer kept = api.get(session + what);
            assertThat(kept.status()).isEqualTo(200);
            assertThat(kept.text()).doesNotContain("s3cret");
        }
        renew();
    }

    @Test
    void everyActionOnAPageNamesIt() {
        renew();
        openGuarded();
        answerDialogs(true);
        api.navigate(session, site.url("/report.csv"));
        JsonArray actions = api.get(session + "/actions").list("actions");
        assertThat(actions)
                .map(JsonObject.class::cast)
                // The setting for dialogs is of all pages.
                .filteredOn(action -> !action.getString("type").equals("dialogs"))
                .hasSizeGreaterThan(3)
                .allSatisfy(action -> assertThat(action.getJsonObject("details").getString("pageId"))
                        .matches("[0-9A-F]{32}")
                        .isEqualTo(action.getString("pageId")));
    }

    // What pages see

    @Test
    void theScreenIsAsLargeAsTheViewport() {
        JsonObject viewport = new JsonObject().put("width", 900).put("height", 700);
        String other = api.newSession(new JsonObject().put("options", new JsonObject().put("viewport", viewport)));
        api.navigate(other, site.url("/plain"));
        assertThat(api.evaluate(other, "[screen.width, screen.height, innerWidth, innerHeight]"))
                .isEqualTo(new JsonArray().add(900).add(700).add(900).add(700));
        api.delete(other);
    }

    @Test
    void berthsOwnScriptsLeaveNoTraceInAPagesConsole() {
        renew();
        api.navigate(
                session,
                site.page("<input type=number><input id=d type=date><button>b</button><script>"
                        + "for (const name of ['setTimeout', 'requestAnimationFrame', 'Promise']) { const real = window[name];"
                        + " window[name] = new Proxy(real, {apply(f, on, args) { console.log(name); return f.apply(window, args) },"
                        + " construct(f, args) { console.log(name); return new f(...args) }}) }</script>"));
        JsonObject quick = new JsonObject().put("timeout", 300);
        api.post(session + "/fill", quick.copy().put("selector", "input").put("value", "no number"));
        api.post(session + "/fill", quick.copy().put("selector", "#d").put("value", "no date"));
        api.post(session + "/fill", quick.copy().put("selector", "button").put("value", "no field"));
        api.post(session + "/click", quick.copy().put("selector", "button"));
        api.post(session + "/press", quick.copy().put("key", "a"));
        api.post(session + "/content", new JsonObject().put("format", "markdown"));
        api.post(session + "/evaluate", new JsonObject().put("expression", "() => { throw new Error('no') }"));
        api.post(session + "/evaluate", new JsonObject().put("expression", "({a: [document.body]})"));
        script("console.log('last')");
        JsonArray lines = api.await(
                        session + "/console", answer -> answer.text().contains("last"))
                .list("logs");
        assertThat(lines).hasSize(1);
    }
}
