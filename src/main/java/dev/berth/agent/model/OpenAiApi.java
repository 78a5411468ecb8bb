package dev.berth.agent.model;

import dev.berth.agent.model.Prompt.ToolSpec;
import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.config.AiConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** <a href="https://platform.openai.com/docs/api-reference/chat">Chat completions</a>, which most servers of models have. */
final class OpenAiApi implements Api {
    private static final JsonPointer MESSAGE = JsonPointer.from("/choices/0/message");
    private static final JsonPointer REASON = JsonPointer.from("/choices/0/finish_reason");

    private final AiConfig config;
    private final boolean own;

    OpenAiApi(AiConfig config) {
        this.config = config;
        own = config.baseUrl()
                .map(URI::getHost)
                .map(host -> host.endsWith(".openai.com") || host.endsWith(".openai.azure.com"))
                .orElse(true);
    }

    @Override
    public String ownUrl() {
        return "https://api.openai.com/v1";
    }

    @Override
    public String path() {
        return "/chat/completions";
    }

    @Override
    public Map<String, String> headers() {
        return config.apiKey()
                .map(key -> Map.of("Authorization", "Bearer " + key))
                .orElse(Map.of());
    }

    /** OpenAI's newer models refuse the old name of the limit; most others know only that one. */
    @Override
    public JsonObject request(Prompt prompt) {
        JsonObject request = new JsonObject()
                .put("model", config.model().orElseThrow())
                .put("messages", messages(prompt))
                .put(own ? "max_completion_tokens" : "max_tokens", prompt.maxOutputTokens());
        return prompt.tools().isEmpty() ? request : request.put("tools", Api.tools(prompt, OpenAiApi::tool));
    }

    private static JsonObject tool(ToolSpec tool) {
        return function(new JsonObject()
                .put("name", tool.name())
                .put("description", tool.description())
                .put("parameters", tool.inputSchema()));
    }

    private static JsonObject function(JsonObject function) {
        return new JsonObject().put("type", "function").put("function", function);
    }

    private JsonArray messages(Prompt prompt) {
        List<JsonObject> messages = new ArrayList<>();
        messages.add(message("system", prompt.system()));
        List<Image> pending = new ArrayList<>();
        for (PromptMessage message : prompt.messages()) {
            if (!(message instanceof PromptMessage.ToolResult)) {
                flush(pending, messages);
            }
            add(message, messages, pending);
        }
        flush(pending, messages);
        return Api.array(messages);
    }

    private void add(PromptMessage message, List<JsonObject> messages, List<Image> pending) {
        if (message instanceof PromptMessage.User user) {
            messages.add(message("user", content(user.text(), seen(user.images()))));
        } else if (message instanceof PromptMessage.ToolResult result) {
            messages.add(message("tool", result.text()).put("tool_call_id", result.callId()));
            pending.addAll(seen(result.images()));
        } else {
            messages.add(assistant((PromptMessage.Assistant) message));
        }
    }

    private List<Image> seen(List<Image> images) {
        return config.vision() ? images : List.of();
    }

    /** A tool's result takes no images, and all results of a turn follow the turn directly: so images come after the results. */
    private static void flush(List<Image> pending, List<JsonObject> messages) {
        if (!pending.isEmpty()) {
            messages.add(message("user", content("Images of the results above:", pending)));
            pending.clear();
        }
    }

    private static JsonObject message(String role, Object content) {
        return new JsonObject().put("role", role).put("content", content);
    }

    /** A string if text is all: servers of models that do not see take no array. */
    private static Object content(String text, List<Image> images) {
        if (images.isEmpty()) {
            return Api.said(text);
        }
        JsonArray parts =
                new JsonArray().add(new JsonObject().put("type", "text").put("text", Api.said(text)));
        images.forEach(image -> parts.add(new JsonObject()
                .put("type", "image_url")
                .put(
                        "image_url",
                        new JsonObject().put("url", "data:" + image.mediaType() + ";base64," + Api.base64(image)))));
        return parts;
    }

    private static JsonObject assistant(PromptMessage.Assistant answer) {
        JsonObject message = message(
                "assistant", answer.text().filter(text -> !text.isBlank()).orElse(null));
        List<JsonObject> calls = answer.calls().stream()
                .map(call -> function(new JsonObject()
                                .put("name", call.name())
                                .put("arguments", Api.arguments(call).encode()))
                        .put("id", call.id()))
                .toList();
        return calls.isEmpty() ? message : message.put("tool_calls", Api.array(calls));
    }

    @Override
    public Reply reply(JsonObject answer) {
        if (!(MESSAGE.queryJson(answer) instanceof JsonObject message)) {
            throw Failure.unreadable();
        }
        Object reason = REASON.queryJson(answer);
        return new Reply(
                Api.text(message.getValue("content")),
                Api.objects(message.getValue("tool_calls")).stream()
                        .map(OpenAiApi::call)
                        .toList(),
                new Tokens(
                        Api.count(answer, "/usage/prompt_tokens"),
                        Api.count(answer, "/usage/prompt_tokens_details/cached_tokens"),
                        Api.count(answer, "/usage/completion_tokens")),
                "length".equals(reason),
                "content_filter".equals(reason)
                        || Api.text(message.getValue("refusal")).isPresent());
    }

    private static ToolCall call(JsonObject call) {
        JsonObject function = call.getValue("function") instanceof JsonObject given ? given : new JsonObject();
        return Api.call(call.getValue("id"), function.getValue("name"), function.getValue("arguments"));
    }
}
