package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.ScriptedModelServer;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.json.JsonObject;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** AI tasks by REST. */
final class AiTasks {
    private final Api api;

    AiTasks(Api api) {
        this.api = api;
    }

    JsonObject begin(JsonObject task) {
        Api.Answer answer = api.post("/api/agent/execute", task);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().getJsonObject("data");
    }

    JsonObject status(JsonObject task) {
        return api.get("/api/agent/" + task.getString("taskId") + "/status")
                .json()
                .getJsonObject("data");
    }

    /** Waits until the task is so, or has ended. */
    JsonObject await(JsonObject task, Predicate<JsonObject> state) {
        return Api.await(() -> status(task), now -> state.test(now) || hasEnded(now));
    }

    /** Runs a task to its end, which it gives. */
    JsonObject run(JsonObject task) {
        return await(begin(task), now -> false);
    }

    private static boolean hasEnded(JsonObject task) {
        return TaskStatus.parse(task.getString("status")).orElseThrow().ended();
    }

    /** The ref of the element of this name, in what a model is asked. */
    static String ref(ScriptedModelServer.Request request, String name) {
        Matcher ref = Pattern.compile("\\\\\"" + name + "\\\\\"[^\\n]*?\\[ref=(\\w+)]")
                .matcher(request.body().encode());
        assertThat(ref.find()).as("a ref of %s in %s", name, request.body()).isTrue();
        return ref.group(1);
    }
}
