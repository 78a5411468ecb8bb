package dev.berth.it;

import static dev.berth.fake.ModelAnswer.call;
import static dev.berth.fake.ModelAnswer.calls;
import static dev.berth.it.AiTasks.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.ModelAnswer;
import dev.berth.fake.ScriptedModelServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** AI tasks that do again what an earlier run did. */
class ReuseIT {
    private static final String FORM = """
            <title>Order</title><form action="%1$s">
            <label>Name <input name=name></label><label>Word <input type=password name=word></label>
            <button>Send</button></form>""";
    /** The same for people. */
    private static final String REDESIGNED = """
            <title>Order</title><p><button hidden>Send</button><input placeholder=Search></p><form action="%1$s"><div>
            <label for=n>Name</label><input id=n name=name>
            <span><label>Word <input type=password name=word></label></span></div>
            <div role=button tabindex=0 onclick="this.closest('form').submit()">Send</div></form>""";

    private static final String RENAMED = REDESIGNED.replace(">Send</div>", ">Place order</div>");

    private static final Path DATA = Berth.temporaryFolder();
    private static Vertx vertx;
    private static ScriptedModelServer model;
    private static Berth berth;

    private final Api api = berth.api();
    private final String thanks = berth.site.page("<h1>Thanks</h1>");
    private final String url = berth.site.page(FORM.formatted(thanks));

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        model = Berth.await(ScriptedModelServer.start(vertx));
        berth = Berth.withModel(DATA, model);
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

    private JsonObject run(String word, boolean reuse) {
        JsonObject task = new JsonObject()
                .put("instruction", "Order it")
                .put("startUrl", url)
                .put("variables", new JsonObject().put("word", word))
                .put("reuse", reuse);
        return new AiTasks(api).run(task);
    }

    private static void assertCompleted(JsonObject task) {
        assertThat(task.getString("status")).as(task.encodePrettily()).isEqualTo("completed");
    }

    private static ModelAnswer fillsAndSends() {
        return ModelAnswer.by(request -> calls(
                call("fill", selector(ref(request, "Name")).put("value", "Ann")),
                call("fill", selector(ref(request, "Word")).put("value", "{{word}}")),
                call("click", selector(ref(request, "Send")))));
    }

    private static JsonObject selector(String selector) {
        return new JsonObject().put("selector", selector);
    }

    private List<String> sent() {
        return berth.site.served(thanks.substring(thanks.lastIndexOf('/')));
    }

    private void firstRun(JsonObject output) {
        model.answer(fillsAndSends(), calls(call("done", output)));
        assertCompleted(run("open sesame", false));
        assertThat(sent()).singleElement().asString().contains("name=Ann&word=open+sesame");
        model.reset();
    }

    @Test
    void aTaskIsDoneAgainWithoutTheModelThoughThePageWasRedesigned() {
        firstRun(new JsonObject());
        berth.site.change(url, REDESIGNED.formatted(thanks));
        JsonObject again = run("other word", true);
        assertCompleted(again);
        assertThat(model.requests()).isEmpty();
        assertThat(sent()).hasSize(2).last().asString().contains("name=Ann&word=other+word");
        assertThat(again.getInteger("steps")).isEqualTo(3);
        assertThat(again.getJsonObject("cost").getInteger("inputTokens")).isZero();
        assertThat(actions(again)).containsSubsequence("fill", "fill", "click", "task_done");
    }

    private List<String> actions(JsonObject task) {
        String session = "/api/sessions/" + task.getString("sessionId");
        Api.await(() -> api.get(session).json(), now -> now.getString("endReason") != null);
        return api.get(session + "/actions").list("actions").stream()
                .map(JsonObject.class::cast)
                .map(action -> action.getString("type"))
                .toList();
    }

    @Test
    void withoutAnEarlierRunTheModelDoesIt() {
        model.answer(fillsAndSends(), calls(call("done", new JsonObject())));
        assertCompleted(run("open sesame", true));
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void theModelGivesTheOutputOfWhatWasDoneAgain() {
        firstRun(new JsonObject().put("output", "ordered at 7"));
        model.answer(calls(call("done", new JsonObject().put("output", "ordered at 8"))));
        JsonObject again = run("other word", true);
        assertCompleted(again);
        assertThat(again.getString("output")).isEqualTo("ordered at 8");
        assertThat(model.requests()).hasSize(1);
        assertThat(model.requests().get(0).body().encode())
                .contains("Thanks", "an earlier run", "{{word}}")
                .doesNotContain("other word");
    }

    @Test
    void theModelGoesOnWhereAStepDoesNotFitAndWhatItDoesIsLearnt() {
        firstRun(new JsonObject());
        berth.site.change(url, RENAMED.formatted(thanks));
        model.answer(
                ModelAnswer.by(request -> calls(call("click", selector(ref(request, "Place order"))))),
                calls(call("done", new JsonObject())));
        JsonObject again = run("other word", true);
        assertCompleted(again);
        assertThat(actions(again)).containsSubsequence("fill", "fill", "unfit_step", "click", "task_done");
        assertThat(model.requests()).hasSize(2);
        assertThat(model.requests().get(0).body().encode()).contains("matches exactly one visible element");
        model.reset();
        assertCompleted(run("third word", true));
        assertThat(model.requests()).isEmpty();
        assertThat(sent()).hasSize(3).last().asString().contains("name=Ann&word=third+word");
    }

    @Test
    void theModelIsAskedWhereTheStepsLeadElsewhere() {
        firstRun(new JsonObject());
        berth.site.change(url, FORM.formatted(berth.site.url("/plain")));
        model.answer(calls(call("fail", new JsonObject().put("reason", "it was refused"))));
        JsonObject again = run("other word", true);
        assertThat(again.getString("status")).isEqualTo("failed");
        assertThat(again.getString("error")).isEqualTo("it was refused");
    }
}
