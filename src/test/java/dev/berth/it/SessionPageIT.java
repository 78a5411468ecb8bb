package dev.berth.it;

import static dev.berth.fake.ModelAnswer.call;
import static dev.berth.fake.ModelAnswer.calls;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.ScriptedModelServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dashboard's page of a session, and its comparison of two, as a person uses them in a Chrome of his own. */
class SessionPageIT {
    private static final String ROW = "berth-actions .entry";
    private static final String BUTTON = """
            <title>Shop</title><style>body{margin:0}button{width:100vw;height:100vh;font-size:80px}</style>
            <button onclick="document.title='Bought';console.log('bought it')">Buy</button><script>console.log('shop is open')</script>""";

    private static final Path DATA = Berth.temporaryFolder();
    private static Vertx vertx;
    private static ScriptedModelServer model;
    private static Berth berth;
    private static PageDriver person;
    private static String ended = "";

    private final Api api = berth.api();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        model = Berth.await(ScriptedModelServer.start(vertx));
        berth = Berth.withModel(DATA, model, "BERTH_ACCESS_ADMINS_SEE_CONTENT=true");
        person = PageDriver.launch();
        person.signIn(Berth.KEY);
        person.size(1440, 900);
    }

    @AfterAll
    static void stop() {
        person.close();
        berth.stop();
        Berth.delete(DATA);
        Berth.await(vertx.close());
    }

    private static String idOf(String session) {
        return session.substring(session.lastIndexOf('/') + 1);
    }

    private static void open(String session, String rest) {
        person.open(berth.server.url() + "/ui/session/" + idOf(session) + rest);
        person.await("document.querySelector('berth-playbar')");
    }

    private String recorded() {
        return api.newSession(new JsonObject().put("options", new JsonObject().put("recording", true)));
    }

    /** An ended session with a recording, a failed action, and a line in the console for each of two pages; one for all tests. */
    private String ended() {
        if (!ended.isEmpty()) {
            return ended;
        }
        String session = recorded();
        api.navigate(session, berth.site.page(BUTTON));
        api.act(session, "click", new JsonObject().put("selector", "button"));
        api.post(session + "/click", new JsonObject("{\"selector\":\"#nowhere\",\"timeout\":300}"));
        api.navigate(
                session,
                berth.site.page("<title>Thanks</title><h1>Thanks</h1><script>console.log('said thanks')</script>"));
        api.act(session, "screenshot", new JsonObject());
        api.delete(session);
        api.await(session + "/artifacts", a -> !a.text().contains("\"pending\""));
        ended = session;
        return session;
    }

    @Test
    void aPersonWatchesASessionClicksInItEndsItAndSeesItsRecording() {
        String session = recorded();
        api.navigate(session, berth.site.page(BUTTON));
        open(session, "");
        person.await(
                "document.querySelector('iframe')?.contentDocument?.querySelector('#status')?.dataset.state === 'live'");
        JsonObject at = new JsonObject((String) person.evaluate("""
                (() => { const frame = document.querySelector('iframe'), f = frame.getBoundingClientRect();
                  const p = frame.contentDocument.querySelector('#picture').getBoundingClientRect();
                  return JSON.stringify({x: f.x + p.x + p.width / 2, y: f.y + p.y + p.height / 2}); })()"""));
        Api.await(
                () -> {
                    person.clickAt(at.getDouble("x"), at.getDouble("y"));
                    return api.get(session + "/pages").text();
                },
                pages -> pages.contains("Bought"));
        person.await("[...document.querySelectorAll('" + ROW + "')].some(e => e.textContent.includes('People'))");
        giveFile("notes.txt");
        assertThat(api.get(session + "/files/notes.txt").text()).isEqualTo("a note");
        person.clickText("berth-heading button", "End session");
        person.clickText("berth-heading button", "End it now");
        person.awaitText("berth-heading", "closed by a client");
        person.await("document.querySelector('berth-picture video')?.readyState >= 2");
    }

    /** On a server where admins see the content of all sessions. */
    @Test
    void anAdminReadsASessionOfAnotherUserAndTheLogTells() {
        Api other = new Api(berth.server.url(), berth.keyOf("other"));
        String session = other.open(berth.site.page("<title>Of another</title><script>console.log('theirs')</script>"));
        other.await(session + "/console", a -> a.text().contains("theirs"));
        assertThat(api.get(session).json().getMap())
                .containsEntry("connectUrl", null)
                .containsEntry("liveUrl", null);
        assertThat(api.get(session + "/console").text()).contains("theirs");
        assertThat(api.get(session + "/cookies").status()).isEqualTo(404);
        assertThat(api.get(session + "/share").status()).isEqualTo(404);
        assertThat(api.post(session + "/evaluate", new JsonObject("{\"expression\":\"1\"}"))
                        .status())
                .isEqualTo(404);
        assertThat(api.delete(session).status()).isEqualTo(404);
        other.delete(session);
        assertThat(api.get(session + "/timeline").status()).isEqualTo(200);
        open(session, "");
        person.awaitText("berth-heading", "Of another");
        assertThat(api.get("/api/admin/log").list("entries"))
                .extracting(each -> ((JsonObject) each).getString("act") + ((JsonObject) each).getString("subject"))
                .as("once for all of that")
                .containsOnlyOnce("session.opened" + idOf(session));
        Api third = new Api(berth.server.url(), berth.keyOf("third"));
        assertThat(third.get(session).status()).isEqualTo(404);
    }

    private static void giveFile(String name) {
        person.clickText("[role=tab]", "Files");
        person.await("document.querySelector('berth-artifacts input[type=file]')");
        person.evaluate("""
                (() => { const field = document.querySelector('berth-artifacts input[type=file]'), all = new DataTransfer();
                  all.items.add(new File(['a note'], '%s')); field.files = all.files;
                  field.dispatchEvent(new Event('change')); })()""".formatted(name));
        person.awaitText("berth-artifacts .give", "uploaded");
        person.await("[...document.querySelectorAll('berth-artifacts .file b')].some(e => e.textContent === '%s')"
                .formatted(name));
    }

    @Test
    void choosingAnActionMovesTheVideoAndNarrowsTheConsole() {
        String session = ended();
        open(session, "");
        person.clickText(ROW, "click");
        person.await("location.hash.startsWith('#t=')");
        double first = videoTime();
        person.clickText("[role=tab]", "Console");
        person.awaitText("berth-console", "bought it");
        assertThat(person.text("berth-console")).doesNotContain("said thanks").doesNotContain("shop is open");
        person.press("Escape");
        person.awaitText("berth-console", "said thanks");
        person.clickText("[role=tab]", "Actions");
        person.clickText(ROW, "screenshot");
        person.await("document.querySelector('berth-picture video').currentTime > " + (first + 0.1));
        person.await("document.querySelectorAll('berth-around figure').length === 2");
    }

    private static double videoTime() {
        person.await("document.querySelector('berth-picture video')?.readyState >= 2");
        return ((Number) person.evaluate("document.querySelector('berth-picture video').currentTime")).doubleValue();
    }

    @Test
    void stepsAndTheOutcomeComeBeforeWhatChromeDid() {
        String session = api.newSession(new JsonObject().put("name", "pays for a lamp"));
        open(session, "");
        person.awaitText("h1", "pays for a lamp");
        api.navigate(session, berth.site.page(BUTTON));
        api.post(
                session + "/steps",
                new JsonObject().put("stepId", "1").put("title", "buy").put("duration", 5_000));
        JsonObject expect = new JsonObject().put("parentId", "1").put("kind", "expect");
        api.post(
                session + "/steps",
                expect.put("title", "expect(title)").put("error", "Expected: Bought\nReceived: Shop"));
        person.awaitText("berth-actions .entry.failed .indent-1", "expect(title) Expected: Bought");
        api.patch(session, new JsonObject().put("outcome", "timedOut").put("outcomeReason", "Too slow"));
        person.awaitText(".ending", "Timed out: Too slow");
        api.delete(session);
        person.awaitText(".ending", "Timed out: Too slow Ended after");
        person.clickText(".ending button", "Go to the failure");
        person.awaitText("berth-actions .detail pre", "Received: Shop");
    }

    @Test
    void theKeyboardGoesFromActionToActionAndToErrors() {
        open(ended(), "#t=0");
        person.evaluate("document.querySelector('.track').focus()");
        person.press("ArrowRight");
        person.awaitText("berth-actions .entry.chosen", "navigate");
        person.press("e");
        person.awaitText("berth-actions .entry.chosen", "#nowhere");
        person.awaitText("berth-actions .detail", "was not found");
        person.press("ArrowRight");
        person.awaitText("berth-actions .entry.chosen", "navigate");
        person.press("ArrowLeft");
        person.awaitText("berth-actions .entry.chosen", "#nowhere");
        person.press("E");
        person.awaitText(".notice", "No errors before");
        person.press("Escape");
        person.evaluate("document.querySelector('#tab-actions').focus()");
        person.press("ArrowRight");
        person.awaitText("[role=tab][aria-selected=true]", "Console");
        person.evaluate("document.querySelector('berth-console .rows').focus()");
        person.await("document.querySelector('berth-console .entry')");
        person.press("ArrowDown");
        person.press("Enter");
        person.await("document.querySelector('berth-console .detail pre').innerText"
                + " === document.querySelector('berth-console .entry.chosen.current code').innerText");
    }

    @Test
    void theNextErrorIsARequestThatWasRefusedAndAFilterStays() {
        String session = api.newSession();
        api.navigate(session, berth.site.page("<title>Shop</title><script>fetch('/is-not-there')</script>"));
        api.await(session + "/network?status=4xx", a -> a.text().contains("/is-not-there"));
        api.delete(session);
        open(session, "#t=0");
        person.evaluate("document.querySelector('.track').focus()");
        person.press("e");
        person.awaitText(".notice", "Failed request");
        person.awaitText("berth-network .entry.failed", "is-not-there");
        person.click("berth-network input[type=search]");
        person.type("is-not");
        person.await("document.querySelectorAll('berth-network .entry').length === 1");
        person.clickText("[role=tab]", "Console");
        person.clickText("[role=tab]", "Network");
        person.await("document.querySelector('berth-network input[type=search]').value === 'is-not'"
                + " && document.querySelectorAll('berth-network .entry').length === 1");
    }

    @Test
    void aHiddenTabAsksForNothingAndIsUpToDateWhenItIsSeenAgain() {
        String session = api.newSession();
        open(session, "");
        person.awaitText("berth-playbar", "Live");
        person.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})");
        person.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
        api.navigate(session, berth.site.page(BUTTON));
        assertThat(person.evaluate("document.querySelector('berth-session').model.actions.length"))
                .isEqualTo(0);
        person.evaluate("delete document.hidden");
        person.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
        person.awaitText(ROW, "navigate");
        api.delete(session);
    }

    @Test
    void aLinkLeadsToAnInstantAndDraggingOverTheTimeNarrows() {
        String session = ended();
        open(session, "#t=150");
        person.awaitText("berth-playbar .time", "0:00.1");
        JsonObject track = new JsonObject(
                (String)
                        person.evaluate(
                                "(() => { const r = document.querySelector('.track').getBoundingClientRect(); return JSON.stringify({x: r.x, y: r.y, w: r.width}); })()"));
        double x = track.getDouble("x");
        double y = track.getDouble("y") + 90;
        person.drag(x + track.getDouble("w") - 60, y, x + track.getDouble("w") - 4, y);
        person.awaitText("berth-playbar .narrowed", "Only 0:");
        person.await("document.querySelectorAll('" + ROW + "').length < "
                + api.get(session).json().getInteger("actionCount"));
        person.press(" ");
        person.await(
                "document.querySelector('berth-playbar [aria-label=Pause]') || document.querySelector('.time').innerText.length > 0");
    }

    @Test
    void twoSessionsAreComparedActionByAction() {
        String a = ended();
        String b = recorded();
        api.navigate(b, berth.site.page(BUTTON));
        api.act(b, "click", new JsonObject().put("selector", "button"));
        api.delete(b);
        person.open(berth.server.url() + "/ui/compare?a=" + idOf(a) + "&b=" + idOf(b));
        person.awaitText("berth-compare .first", "First difference");
        person.awaitText(".aligned", "only in the first");
        person.clickText("berth-compare label", "Show what is the same");
        person.awaitText(".aligned", "navigate");
        assertThat(person.evaluate(
                        "[...document.querySelectorAll('.aligned li')].filter(e => e.querySelectorAll('.cell b').length === 2)"
                                + ".map(e => e.innerText.match(/click|navigate/)[0]).join()"))
                .isEqualTo("navigate,click");
    }

    @Test
    void aPersonAnswersTheQuestionOfAnAiTask() {
        model.reset();
        model.answer(
                calls(call("ask_human", new JsonObject().put("question", "Which colour?"))),
                calls(call("done", new JsonObject().put("output", "red it is"))));
        String session = api.newSession();
        new AiTasks(api)
                .begin(new JsonObject()
                        .put("instruction", "Paint it")
                        .put("startUrl", berth.site.page(BUTTON))
                        .put("sessionId", idOf(session)));
        open(session, "");
        person.clickText("[role=tab]", "AI task");
        person.awaitText("berth-task .steps li", "Which colour?");
        person.awaitText("berth-task .asking", "Which colour?");
        person.awaitText("berth-task .budget", "of 40 steps");
        person.awaitText("nav", "waiting for you");
        person.click("berth-task textarea");
        person.type("red");
        person.clickText("berth-task button", "Answer");
        person.awaitText("berth-task", "red it is");
        person.awaitText("berth-task", "Completed");
        api.delete(session);
    }
}
