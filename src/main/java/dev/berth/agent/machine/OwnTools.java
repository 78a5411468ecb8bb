package dev.berth.agent.machine;

import dev.berth.agent.model.Prompt.ToolSpec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** The tools of a task that do nothing in the browser. */
public final class OwnTools {
    static final String DONE = "done";
    static final String FAIL = "fail";
    static final String EXTRACT = "extract";
    static final String ASK_HUMAN = "ask_human";

    private static final Set<String> NAMES = Set.of(DONE, FAIL, EXTRACT, ASK_HUMAN);

    private OwnTools() {}

    public static List<ToolSpec> specs() {
        return List.of(
                new ToolSpec(
                        DONE,
                        "End the task as completed. output: the task's result as JSON, which must match the output's schema if the "
                                + "task has one.",
                        schema("output", new JsonObject(), false)),
                new ToolSpec(
                        EXTRACT,
                        "Check and keep output before the task ends, in the same form as for done.",
                        schema("output", new JsonObject(), true)),
                new ToolSpec(
                        ASK_HUMAN,
                        "Ask a person, who sees the browser, and wait for the answer. Use only for what you can't do or decide: a "
                                + "captcha, a code, a payment, a choice that the task leaves open.",
                        schema("question", text(), true)),
                new ToolSpec(
                        FAIL,
                        "End the task as failed if it can't be done. reason: what you tried and learned.",
                        schema("reason", text(), true)));
    }

    static boolean has(String tool) {
        return NAMES.contains(tool);
    }

    /** Whether it ends the task. */
    static boolean ends(String tool) {
        return tool.equals(DONE) || tool.equals(FAIL);
    }

    private static JsonObject text() {
        return new JsonObject().put("type", "string");
    }

    private static JsonObject schema(String field, JsonObject type, boolean required) {
        JsonObject schema = new JsonObject()
                .put("type", "object")
                .put("properties", new JsonObject().put(field, type))
                .put("additionalProperties", false);
        return required ? schema.put("required", new JsonArray().add(field)) : schema;
    }
}
