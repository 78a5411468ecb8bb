package dev.berth.it;

import static dev.berth.fake.ModelAnswer.call;
import static dev.berth.fake.ModelAnswer.calls;
import static dev.berth.it.AiTasks.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.model.Tokens;
import dev.berth.fake.ModelAnswer;
import dev.berth.fake.RawWebSocket;
import dev.berth.fake.ScriptedModelServer;
import dev.berth.it.EventClient.Event;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AI tasks in a real Chrome, with a model that says what the test tells it to. */
class AgentIT {
    private static final String SECRET = "open sesame & more";
    private static final String FORM = """
            <title>Order</title><form onsubmit="done(); return false">
            <label>Name <input id=name></label><label>Word <input id=word></label>
            <button>Send</button></form><p id=out></p>
            <script>function done() {
              out.textContent = 'Thanks ' + document.getElementById('name').value + ', ' + word.value.length + ' letters';
            }</script>""";

    private static final Path DATA = Berth.temporaryFolder();
    private static Vertx vertx;
    private static ScriptedModelServer model;
    private static Berth berth;

    private final Api api = berth.api();
    private final AiTasks tasks = new AiTasks(api);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        model = Berth.await(ScriptedModelServer.start(vertx));
        berth = Berth.withModel(DATA, model, "BERTH_AI_VISION=true");
    }

    @AfterAll
    static void stop() {
        berth.stop();
        Berth.delete(DATA);
        Berth.await(vertx.close());
    }

    @BeforeEach
    void reset() {
        model.reset();
    }

    private JsonObject execute(JsonObject body) {
        return tasks.begin(body);
    }

    private JsonObject status(JsonObject task) {
        return tasks.status(task);
    }

    private JsonObject await(JsonObject task, TaskStatus status) {
        JsonObject reached = tasks.await(task, now -> now.getString("status").equals(status.wireName()));
        assertThat(reached.getString("status")).as(reached.encodePrettily()).isEqualTo(status.wireName());
        return reached;
    }

    private static JsonObject task(String html) {
        return new JsonObject().put("instruction", "Order it").put("startUrl", berth.site.page(html));
    }

    private static JsonObject selector(String selector) {
        return new JsonObject().put("selector", selector);
    }

    private static String asked(int number) {
        return model.requests().get(number).body().encode();
    }

    private JsonObject session(JsonObject task) {
        return api.get("/api/sessions/" + task.getString("sessionId")).json();
    }

    @Test
    void aFormIsFilledByRefsWithAValueThatTheModelDoesNotSee() {
        model.answer(
                ModelAnswer.by(request -> calls(
                        call("fill", selector(ref(request, "Name")).put("value", "Ann")),
                        call("fill", selector(ref(request, "Word")).put("value", "{{word}}")),
                        call("click", selector(ref(request, "Send"))))),
                calls(call("done", new JsonObject().put("output", new JsonObject().put("thanked", true)))));
        JsonObject accepted = execute(task(FORM)
                .put("variables", new JsonObject().put("word", SECRET))
                .put("schema", schema()));
        JsonObject ended = await(accepted, TaskStatus.COMPLETED);
        assertThat(ended.getJsonObject("output")).isEqualTo(new JsonObject().put("thanked", true));
        assertThat(ended.getInteger("steps")).isEqualTo(3);
        assertThat(asked(1)).contains("Thanks Ann, 18 letters").doesNotContain(SECRET);
        assertThat(asked(0)).contains("{{word}}").doesNotContain(SECRET);
        assertThatItIsInTheLog(accepted);
        String script = api.get("/api/sessions/" + accepted.getString("sessionId") + "/script?taskId="
                        + accepted.getString("taskId"))
                .text();
        assertThat(script)
                .contains(
                        "const INPUT_NAME = given('INPUT_NAME', 'Ann');",
                        "const INPUT_WORD = given('INPUT_WORD');",
                        "name: 'Send'")
                .doesNotContain(SECRET, "ref=");
    }

    private void assertThatItIsInTheLog(JsonObject task) {
        JsonObject session = Api.await(() -> session(task), now -> now.getString("endReason") != null);
        assertThat(session.getString("endReason")).isEqualTo("task_finished");
        JsonArray actions = api.get("/api/sessions/" + task.getString("sessionId") + "/actions")
                .list("actions");
        List<JsonObject> entries = actions.stream().map(JsonObject.class::cast).toList();
        assertThat(entries).allMatch(entry -> entry.getString("source").equals("ai"));
        assertThat(entries)
                .extracting(entry -> entry.getString("type"))
                .containsSubsequence("navigate", "snapshot", "fill", "fill", "click", "snapshot", "task_done");
        assertThat(actions.encode()).doesNotContain(SECRET);
        double usd = entries.stream()
                .mapToDouble(entry -> entry.getJsonObject("cost").getDouble("usd"))
                .sum();
        assertThat(usd).isCloseTo(2 * (100 * 3 + 10 * 15) / 1e6, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(status(task).getJsonObject("cost").getDouble("usd"))
                .isCloseTo(usd, org.assertj.core.data.Offset.offset(1e-9));
    }

    private static JsonObject schema() {
        return new JsonObject()
                .put("type", "object")
                .put("properties", new JsonObject().put("thanked", new JsonObject().put("type", "boolean")))
                .put("required", new JsonArray().add("thanked"));
    }

    @Test
    void aFailedStepAndAnOutputThatDoesNotMatchAreToldToTheModel() {
        model.answer(
                calls(call("click", selector("#missing").put("timeout", 200)), call("click", selector("button"))),
                calls(call("done", new JsonObject().put("output", new JsonObject()))),
                calls(call("done", new JsonObject().put("output", new JsonObject().put("thanked", false)))));
        await(execute(task(FORM).put("schema", schema())), TaskStatus.COMPLETED);
        assertThat(asked(1)).contains("#missing").contains("Not run, because the previous call failed");
        assertThat(asked(2)).contains("output does not match its schema");
    }

    @Test
    void aModelThatMayCostTooMuchIsNotAsked() {
        JsonObject ended = await(execute(task(FORM).put("maxCostUsd", 0.000001)), TaskStatus.FAILED);
        assertThat(ended.getString("error")).contains("maxCostUsd");
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void cancellingStopsTheCallOfTheModel() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gaveUp = new CountDownLatch(1);
        model.answer(ModelAnswer.silence(asked::countDown, gaveUp::countDown));
        JsonObject task = execute(task(FORM));
        assertThat(asked.await(40, TimeUnit.SECONDS)).isTrue();
        api.post("/api/agent/" + task.getString("taskId") + "/cancel");
        await(task, TaskStatus.CANCELLED);
        assertThat(gaveUp.await(40, TimeUnit.SECONDS)).isTrue();
        JsonObject session = Api.await(() -> session(task), now -> now.getString("endReason") != null);
        assertThat(session.getString("endReason")).isEqualTo("task_cancelled");
    }

    @Test
    void cancellingStopsWhatTheBrowserDoes() {
        String script = "location.hash = 'begun'; new Promise(() => {})";
        model.answer(calls(call("evaluate", new JsonObject().put("expression", script))));
        String session = api.newSession();
        JsonObject task = execute(task(FORM).put("sessionId", session.substring(session.lastIndexOf('/') + 1)));
        Api.await(() -> session(task).getString("currentUrl"), url -> url.endsWith("#begun"));
        api.post("/api/agent/" + task.getString("taskId") + "/cancel");
        await(task, TaskStatus.CANCELLED);
        // Which of the two is kept first is not said.
        List<JsonObject> actions = Api.await(
                () -> api.get(session + "/actions").list("actions").stream()
                        .map(JsonObject.class::cast)
                        .toList(),
                all -> all.stream()
                        .map(action -> action.getString("type"))
                        .toList()
                        .containsAll(List.of("evaluate", "task_cancelled")));
        assertThat(actions)
                .filteredOn(action -> action.getString("type").equals("evaluate"))
                .extracting(action -> action.getString("error"))
                .containsExactly("the action was cancelled");
        api.delete(session);
    }

    @Test
    void aTaskEndsWithItsSessionAndSaysWhy() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        model.answer(ModelAnswer.silence(asked::countDown, () -> {}));
        String session = api.newSession();
        JsonObject task = execute(task(FORM).put("sessionId", session.substring(session.lastIndexOf('/') + 1)));
        assertThat(asked.await(40, TimeUnit.SECONDS)).isTrue();
        Berth.chromeOf(session).destroyForcibly();
        assertThat(await(task, TaskStatus.FAILED).getString("error")).contains("browser_crashed");
    }

    @Test
    void aPersonIsAskedAndTheSessionOfACallerStays() {
        model.answer(
                calls(call("ask_human", new JsonObject().put("question", "Which colour?"))),
                calls(call("done", new JsonObject().put("output", "red"))));
        String session = api.newSession();
        JsonObject task = execute(task(FORM).put("sessionId", session.substring(session.lastIndexOf('/') + 1)));
        assertThat(await(task, TaskStatus.WAITING).getString("question")).isEqualTo("Which colour?");
        api.post("/api/agent/" + task.getString("taskId") + "/answer", new JsonObject().put("text", "Red, please"));
        assertThat(await(task, TaskStatus.COMPLETED).getString("output")).isEqualTo("red");
        assertThat(asked(1)).contains("Red, please");
        assertThat(session(task).getString("status")).isEqualTo("running");
        api.delete(session);
    }

    private static RawWebSocket watch(JsonObject session, String liveUrl) {
        String token = liveUrl.substring(liveUrl.indexOf('?'));
        String path = "/api/sessions/" + session.getString("sessionId") + "/live";
        return RawWebSocket.open(berth.server.url() + path + token);
    }

    private String link(JsonObject session, boolean interactive) {
        return api.post(
                        "/api/sessions/" + session.getString("sessionId") + "/share",
                        new JsonObject().put("interactive", interactive))
                .json()
                .getString("url");
    }

    private static JsonObject message(String type, JsonObject task) {
        return new JsonObject().put("type", type).put("taskId", task.getString("taskId"));
    }

    private static List<String> typesUntil(RawWebSocket viewer, String last) {
        List<String> types = new ArrayList<>();
        while (!types.contains(last)) {
            RawWebSocket.Frame frame = viewer.next();
            types.add(frame.opcode() == RawWebSocket.TEXT ? frame.json().getString("type") : "picture");
        }
        return types;
    }

    @Test
    void theLiveViewShowsATaskAndItsOwnerAnswersItThere() {
        model.answer(
                ModelAnswer.turn(
                        Optional.of("to order"), List.of(call("click", selector("text=Send"))), new Tokens(100, 0, 10)),
                calls(call("ask_human", new JsonObject().put("question", "Which colour?"))),
                calls(call("done", new JsonObject().put("output", "red"))));
        JsonObject session = api.get(api.newSession()).json();
        try (RawWebSocket helper = watch(session, link(session, true));
                RawWebSocket guest = watch(session, link(session, false))) {
            JsonObject task = execute(task(FORM).put("sessionId", session.getString("sessionId")));
            assertThat(helper.next("task", told -> told.getValue("step") != null)
                            .getJsonObject("step"))
                    .isEqualTo(new JsonObject()
                            .put("number", 1)
                            .put("tool", "click")
                            .put("reason", "to order")
                            .put("success", true)
                            .putNull("error"));
            helper.next("task", told -> "Which colour?".equals(told.getString("question")));
            helper.send(message("answerTask", task).put("text", "blue"));
            assertThat(helper.next("error").getString("message")).contains("can't answer or cancel tasks");
            guest.send(message("cancelTask", task));
            assertThat(typesUntil(guest, "error")).contains("view").doesNotContain("task");
            answerAsTheOwner(session, task);
            assertThat(await(task, TaskStatus.COMPLETED).getString("output")).isEqualTo("red");
            assertThat(asked(2)).contains("Red, please");
            helper.next("task", told -> told.getString("status").equals("completed"));
        }
    }

    /** Comes when the question was told already. */
    private void answerAsTheOwner(JsonObject session, JsonObject task) {
        try (RawWebSocket owner = watch(session, session.getString("liveUrl"))) {
            assertThat(owner.next("view").getBoolean("owner")).isTrue();
            JsonObject told = owner.next("task");
            assertThat(told.getString("status")).isEqualTo("waiting");
            assertThat(told.getString("question")).isEqualTo("Which colour?");
            assertThat(told.getJsonObject("step").getString("tool")).isEqualTo("ask_human");
            owner.send(message("cancelTask", task).put("taskId", "task_00000000-0000-0000-0000-000000000000"));
            assertThat(owner.next("error").getString("message"))
                    .isEqualTo("this session has no running task with this id");
            owner.send(message("answerTask", task).put("text", "Red, please"));
            owner.next("task", now -> now.getValue("question") == null);
        }
    }

    @Test
    void theLiveViewCancelsATask() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        model.answer(ModelAnswer.silence(asked::countDown, () -> {}));
        JsonObject task = execute(task(FORM));
        assertThat(asked.await(40, TimeUnit.SECONDS)).isTrue();
        try (RawWebSocket owner = watch(task, session(task).getString("liveUrl"))) {
            owner.next("task", told -> told.getString("status").equals("running"));
            owner.send(message("cancelTask", task));
            assertThat(owner.next("ended").getString("reason")).isEqualTo("task_cancelled");
        }
        assertThat(status(task).getString("status")).isEqualTo("cancelled");
    }

    @Test
    void aModelThatSeesIsShownAScreenshotUnlessItMayShowAValue() {
        JsonObject task = task(FORM);
        model.answer(calls(call("screenshot", new JsonObject())), calls(call("done", new JsonObject())));
        await(execute(task), TaskStatus.COMPLETED);
        assertThat(asked(1)).contains("data:image/");
        model.reset();
        model.answer(calls(call("screenshot", new JsonObject())), calls(call("done", new JsonObject())));
        await(execute(task.put("variables", new JsonObject().put("word", SECRET))), TaskStatus.COMPLETED);
        assertThat(asked(1)).contains("The picture is not shown to you").doesNotContain("data:image/");
    }

    @Test
    void aModelThatFailsEndsTheTask() {
        model.answer(ModelAnswer.status(401, "no such key"));
        assertThat(await(execute(task(FORM)), TaskStatus.FAILED).getString("error"))
                .contains("401");
    }

    @Test
    void aTaskMayNotBeginOrGoWhereItMayNot() {
        Api.Answer refused =
                api.post("/api/agent/execute", task(FORM).put("allowedDomains", new JsonArray().add("example.com")));
        assertThat(refused.status()).isEqualTo(400);
        model.answer(
                calls(call("navigate", new JsonObject().put("url", berth.site.otherSiteUrl("/plain?by=task")))),
                calls(call("fail", new JsonObject().put("reason", "not allowed"))));
        JsonObject ended =
                await(execute(task(FORM).put("allowedDomains", new JsonArray().add("127.0.0.1"))), TaskStatus.FAILED);
        assertThat(ended.getString("error")).isEqualTo("not allowed");
        assertThat(asked(1)).contains("may not open localhost");
        assertThat(berth.site.served("by=task")).isEmpty();
    }

    @Test
    void aSessionThatIsCreatedForATaskEndsWithIt() {
        model.answer(
                calls(call("navigate", new JsonObject().put("url", berth.site.page(FORM)))),
                calls(call("done", new JsonObject().put("output", "ordered"))));
        JsonObject created = api.post("/api/sessions", new JsonObject().put("initialPrompt", "Order me a table"))
                .json();
        assertThat(created.getString("taskId"))
                .isEqualTo(created.getString("sessionId").replace("session-", "task_"));
        JsonObject ended = await(created, TaskStatus.COMPLETED);
        assertThat(ended.getString("sessionId")).isEqualTo(created.getString("sessionId"));
        assertThat(ended.getString("output")).isEqualTo("ordered");
        assertThat(asked(0)).contains("Order me a table");
        JsonObject session = Api.await(() -> session(created), now -> now.getString("endReason") != null);
        assertThat(session.getString("endReason")).isEqualTo("task_finished");
    }

    private static String path(JsonObject task) {
        return "/api/agent/" + task.getString("taskId");
    }

    private HttpRequest.Builder events(JsonObject task, String after) {
        return api.request(path(task) + "/events").header("Last-Event-ID", after);
    }

    /** A task that goes on until it is cancelled. */
    private JsonObject endless(JsonObject body) {
        model.answer(ModelAnswer.silence(() -> {}, () -> {}));
        return execute(body);
    }

    private JsonObject cancel(JsonObject task) {
        api.post(path(task) + "/cancel");
        return await(task, TaskStatus.CANCELLED);
    }

    @Test
    void aTaskIsToldFromItsBeginningToItsEndAndAfterwards() {
        model.answer(
                calls(call("click", selector("text=Send"))),
                calls(call("ask_human", new JsonObject().put("question", "Which one?"))),
                calls(call("done", new JsonObject().put("output", new JsonObject().put("price", 3)))));
        JsonObject task = execute(task(FORM));
        EventClient client = EventClient.open(api.request(path(task) + "/events"));
        client.until(event -> "click".equals(event.data().getString("tool")));
        client.until(event -> "Which one?".equals(event.data().getString("question")));
        assertThat(status(task).getString("question")).isEqualTo("Which one?");
        assertThat(api.post(path(task) + "/answer", new JsonObject().put("text", "green"))
                        .status())
                .isEqualTo(200);
        client.rest();
        assertThat(asked(2)).contains("green");
        assertThat(await(task, TaskStatus.COMPLETED).getJsonObject("output"))
                .isEqualTo(new JsonObject().put("price", 3));
        assertResumedAnywhere(task);
    }

    private void assertResumedAnywhere(JsonObject task) {
        List<Event> all = EventClient.open(events(task, "0")).rest();
        assertThat(all)
                .filteredOn(event -> event.kind().equals("status"))
                .extracting(event -> event.data().getString("status"))
                .containsExactly("starting", "running", "waiting", "running", "completed");
        for (int cut = 0; cut < all.size() - 1; cut++) {
            assertThat(EventClient.open(events(task, all.get(cut).id())).rest())
                    .isEqualTo(all.subList(cut + 1, all.size()));
        }
        assertThat(Api.send(events(task, all.get(all.size() - 1).id())).status())
                .isEqualTo(204);
    }

    @Test
    void aStreamFromAfterTheEndEndsWithTheTask() {
        JsonObject task = endless(task(FORM));
        EventClient client = EventClient.open(events(task, "1000"));
        cancel(task);
        assertThat(client.rest()).isEmpty();
    }

    @Test
    void aTaskThatHasEndedStaysAsItIs() {
        JsonObject task = endless(task(FORM));
        JsonObject text = new JsonObject().put("text", "unasked");
        assertThat(api.post(path(task) + "/answer", text).status()).isEqualTo(409);
        JsonObject ended = cancel(task);
        assertThat(api.post(path(task) + "/cancel").json().getJsonObject("data"))
                .isEqualTo(ended);
        assertThat(api.post(path(task) + "/answer", text).status()).isEqualTo(409);
        // The list is Postgres's, which has the end a little later.
        Api.await(
                () -> api.get("/api/agent?status=cancelled&limit=100").json(),
                listed -> listed.getJsonArray("tasks").stream()
                        .anyMatch(
                                each -> ((JsonObject) each).getString("taskId").equals(task.getString("taskId"))));
    }

    @Test
    void toOthersATaskDoesNotExist() {
        JsonObject task = endless(task(FORM));
        Api strange = new Api(berth.server.url(), berth.keyOf("stranger to tasks"));
        assertThat(strange.get(path(task) + "/status").status()).isEqualTo(404);
        assertThat(strange.get(path(task) + "/events").status()).isEqualTo(404);
        assertThat(strange.post(path(task) + "/cancel").status()).isEqualTo(404);
        assertThat(strange.post(path(task) + "/answer", new JsonObject().put("text", "x"))
                        .status())
                .isEqualTo(404);
        assertThat(strange.get("/api/agent").json().getInteger("total")).isZero();
        assertThat(api.get("/api/agent/nonsense/status").status()).isEqualTo(404);
        cancel(task);
    }

    @Test
    void aTaskOfWhichNobodyKnowsIsNotCancelled() {
        JsonObject task = endless(task(FORM));
        cancel(task);
        String lost =
                "update tasks set status = 'running', completed_at = null, machine_id = 'd1111111' where task_id = '"
                        + task.getString("taskId") + "'";
        // The row of the task's end is written a moment after the answer.
        Api.await(
                () -> {
                    berth.postgres(lost);
                    return status(task).getString("status");
                },
                "running"::equals);
        assertThat(api.post(path(task) + "/cancel").status()).isEqualTo(503);
    }

    @Test
    void aRepeatedRequestGivesTheFirstTask() {
        String key = "key-" + System.nanoTime();
        JsonObject body = task(FORM);
        model.answer(ModelAnswer.silence(() -> {}, () -> {}));
        JsonObject first = executeWith(key, body).json().getJsonObject("data");
        assertThat(executeWith(key, body).json().getJsonObject("data").getString("taskId"))
                .isEqualTo(first.getString("taskId"));
        assertThat(executeWith(key, body.copy().put("instruction", "twice")).status())
                .isEqualTo(409);
        cancel(first);
        assertThat(model.requests()).hasSizeLessThan(2);
    }

    private Api.Answer executeWith(String key, JsonObject body) {
        return Api.send(api.request("/api/agent/execute")
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    @Test
    void whatIsTooLargeOrUnknownIsRefused() {
        JsonObject task = new JsonObject().put("instruction", "x");
        assertRefused(400, "instruction", task.copy().put("instruction", "x".repeat(20_001)));
        assertRefused(400, "instruction", new JsonObject());
        assertRefused(400, "maxStep", task.copy().put("maxStep", 3));
        assertRefused(400, "allowedDomains", task.copy().put("allowedDomains", List.of("https://a.b")));
        assertRefused(400, "schema", task.copy().put("schema", new JsonObject().put("title", "x".repeat(20_000))));
        assertRefused(
                404, "session", task.copy().put("sessionId", SessionId.random().value()));
        assertThat(api.get("/api/agent?offset=100001").status()).isEqualTo(400);
    }

    private void assertRefused(int status, String named, JsonObject body) {
        Api.Answer answer = api.post("/api/agent/execute", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.error().getString("message")).contains(named);
    }

    @Test
    void aSessionCountsWhatItsActionsCostAndTakesTasksWhileItRuns() {
        String session = api.newSession();
        SessionId id = new SessionId(session.substring(session.lastIndexOf('/') + 1));
        SessionClient client =
                new SessionClient(berth.vertx).from(ActionSource.AI).costing(new Cost(0.5, 7, 8));
        Berth.await(client.ask(id, new Evaluate("1", 5_000)).compose(done -> client.ask(id, new Evaluate("2", 5_000))));
        JsonObject task = endless(task(FORM).put("sessionId", id.value()));
        assertThat(status(task).getString("sessionId")).isEqualTo(id.value());
        Cost sum = new Cost(1, 14, 16);
        assertThat(costOf(session)).isEqualTo(sum);
        api.delete(session);
        assertThat(costOf(session)).isEqualTo(sum);
        assertRefused(410, "", task(FORM).put("sessionId", id.value()));
    }

    private Cost costOf(String session) {
        return api.get(session).json().getJsonObject("cost").mapTo(Cost.class);
    }
}
