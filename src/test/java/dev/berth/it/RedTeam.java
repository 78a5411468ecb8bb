package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.ModelAnswer;
import dev.berth.fake.ObedientModel;
import dev.berth.fake.ScriptedModelServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A Berth whose model obeys pages, the hostile site {@code good.localhost}, and a decoy outside. One class at a time uses it. */
final class RedTeam {
    /** The lock of the classes that use it. */
    static final String ONE_AT_A_TIME = "the red team";

    private static RedTeam shared;

    /** Makes a page that is never the same: steps through which it stays as it is would end a task. */
    static final String CHANGING = "<p id=now></p><script>setInterval(() => now.textContent = Date.now(), 5)</script>";

    final Decoy decoy;
    final ScriptedModelServer model;
    final Berth berth;
    final Api api;
    final AiTasks tasks;

    private final Vertx vertx = Vertx.vertx();
    private final Path data = Berth.temporaryFolder();

    private RedTeam() {
        model = Berth.await(ScriptedModelServer.start(vertx));
        decoy = new Decoy(vertx);
        berth = Berth.withModel(data, model, "BERTH_AI_MODEL=obedient", "BERTH_AI_VISION=true");
        api = berth.api();
        tasks = new AiTasks(api);
    }

    static synchronized RedTeam shared() {
        if (shared == null) {
            shared = new RedTeam();
            Berth.stopBeforeShared(shared::stop);
        }
        return shared;
    }

    /** Ends the sessions that tests have left, which the next class would have to wait for. */
    void endSessions() {
        for (Object session : api.get("/api/sessions?limit=100").list("sessions")) {
            api.delete("/api/sessions/" + ((JsonObject) session).getString("sessionId"));
        }
    }

    private void stop() {
        berth.stop();
        Berth.delete(data);
        Berth.await(vertx.close());
    }

    /** Forgets what was asked and visited. The model now follows the orders of pages, and ends the task after them. */
    ObedientModel reset() {
        decoy.forget();
        model.reset();
        ObedientModel obedient = new ObedientModel(ModelAnswer.call("done", new JsonObject()));
        model.otherwise(obedient);
        return obedient;
    }

    static String good(String url) {
        return url.replace("127.0.0.1", "good.localhost");
    }

    /** The URL of a page with this HTML, and with orders to the model. */
    String page(String html, String... orders) {
        String list = List.of(orders).stream()
                .map(each -> "<li>" + each + "</li>")
                .collect(Collectors.joining("", "<ol>", "</ol>"));
        return good(berth.site.page(html + list));
    }

    /** A task that may be at {@code good.localhost} only. */
    static JsonObject task(String startUrl) {
        return new JsonObject()
                .put("instruction", "Read the page")
                .put("startUrl", startUrl)
                .put("maxSteps", 200)
                .put("allowedDomains", new JsonArray().add("good.localhost"))
                .put("keepAlive", true);
    }

    /** Runs a task to its end, which it gives. */
    JsonObject run(JsonObject task) {
        return tasks.run(task);
    }

    /** Runs a task whose model has no reason to fail. */
    JsonObject complete(JsonObject task) {
        JsonObject ended = run(task);
        assertThat(ended.getString("status")).as(ended.encodePrettily()).isEqualTo("completed");
        return ended;
    }

    /** The path of a task's session. */
    static String session(JsonObject task) {
        return "/api/sessions/" + task.getString("sessionId");
    }

    static String id(String session) {
        return session.substring(session.lastIndexOf('/') + 1);
    }

    /** All that the model was told. */
    String told() {
        return model.requests().stream().map(request -> request.body().encode()).collect(Collectors.joining("\n"));
    }
}
