package dev.berth.agent.model;

import dev.berth.agent.model.Prompt.ToolSpec;
import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.config.AiConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * <a href="https://docs.anthropic.com/en/api/messages">Anthropic's messages</a>. The provider caches up to marks, four at the most: one
 * after the tools, one after the system prompt, and two in the conversation, where this turn's prompt ends (to be read by the next turn)
 * and where the last turn's prompt did.
 */
final class AnthropicApi implements Api {
    private final AiConfig config;

    AnthropicApi(AiConfig config) {
        this.config = config;
    }

    @Override
    public String ownUrl() {
        return "https://api.anthropic.com/v1";
    }

    @Override
    public String path() {
        return "/messages";
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("x-api-key", config.apiKey().orElse("none"), "anthropic-version", "2023-06-01");
    }

    @Override
    public JsonObject request(Prompt prompt) {
        JsonObject request = new JsonObject()
                .put("model", config.model().orElseThrow())
                .put("max_tokens", prompt.maxOutputTokens())
                .put("system", new JsonArray().add(marked(text(prompt.system()))))
                .put("messages", messages(prompt.messages()));
        JsonArray tools = Api.tools(prompt, AnthropicApi::tool);
        if (!tools.isEmpty()) {
            marked(tools.getJsonObject(tools.size() - 1));
            request.put("tools", tools);
        }
        return request;
    }

    private static JsonObject tool(ToolSpec tool) {
        return new JsonObject()
                .put("name", tool.name())
                .put("description", tool.description())
                .put("input_schema", tool.inputSchema());
    }

    private static JsonObject marked(JsonObject block) {
        return block.put("cache_control", new JsonObject().put("type", "ephemeral"));
    }

    /** The results of one turn are blocks of one message. */
    private JsonArray messages(List<PromptMessage> prompt) {
        List<JsonObject> messages = new ArrayList<>();
        int last = prompt.size() - 1;
        int before = endOfLastPrompt(prompt);
        for (int i = 0; i <= last; i++) {
            List<JsonObject> blocks = blocks(prompt.get(i));
            if (i == last || i == before) {
                marked(blocks.get(blocks.size() - 1));
            }
            if (i > 0 && isResult(prompt.get(i)) && isResult(prompt.get(i - 1))) {
                blocks.forEach(messages.get(messages.size() - 1).getJsonArray("content")::add);
            } else {
                String role = prompt.get(i) instanceof PromptMessage.Assistant ? "assistant" : "user";
                messages.add(new JsonObject().put("role", role).put("content", new JsonArray(blocks)));
            }
        }
        return Api.array(messages);
    }

    private static boolean isResult(PromptMessage message) {
        return message instanceof PromptMessage.ToolResult;
    }

    /** The index of the message before the model's last answer. */
    private static int endOfLastPrompt(List<PromptMessage> messages) {
        int i = messages.size() - 1;
        while (i >= 0 && !(messages.get(i) instanceof PromptMessage.Assistant)) {
            i--;
        }
        return i - 1;
    }

    private List<JsonObject> blocks(PromptMessage message) {
        if (message instanceof PromptMessage.User user) {
            return content(user.text(), user.images());
        }
        if (message instanceof PromptMessage.ToolResult result) {
            return new ArrayList<>(List.of(new JsonObject()
                    .put("type", "tool_result")
                    .put("tool_use_id", result.callId())
                    .put("content", new JsonArray(content(result.text(), result.images())))));
        }
        PromptMessage.Assistant answer = (PromptMessage.Assistant) message;
        List<JsonObject> blocks = new ArrayList<>();
        answer.text().filter(text -> !text.isBlank()).ifPresent(text -> blocks.add(text(text)));
        answer.calls()
                .forEach(call -> blocks.add(new JsonObject()
                        .put("type", "tool_use")
                        .put("id", call.id())
                        .put("name", call.name())
                        .put("input", Api.arguments(call))));
        return blocks;
    }

    private List<JsonObject> content(String text, List<Image> images) {
        List<JsonObject> blocks = new ArrayList<>();
        blocks.add(text(Api.said(text)));
        for (Image image : config.vision() ? images : List.<Image>of()) {
            JsonObject source = new JsonObject()
                    .put("type", "base64")
                    .put("media_type", image.mediaType())
                    .put("data", Api.base64(image));
            blocks.add(new JsonObject().put("type", "image").put("source", source));
        }
        return blocks;
    }

    private static JsonObject text(String text) {
        return new JsonObject().put("type", "text").put("text", text);
    }

    /** Anthropic's count of input leaves out what is read from the cache or put into it. */
    @Override
    public Reply reply(JsonObject answer) {
        if (!(answer.getValue("content") instanceof JsonArray content)) {
            throw Failure.unreadable();
        }
        long read = Api.count(answer, "/usage/cache_read_input_tokens");
        long written = Api.count(answer, "/usage/cache_creation_input_tokens");
        return new Reply(
                words(Api.objects(content)),
                Api.objects(content).stream()
                        .filter(block -> "tool_use".equals(block.getValue("type")))
                        .map(AnthropicApi::call)
                        .toList(),
                new Tokens(
                        Api.count(answer, "/usage/input_tokens") + read + written,
                        read,
                        written,
                        Api.count(answer, "/usage/output_tokens")),
                "max_tokens".equals(answer.getValue("stop_reason")),
                "refusal".equals(answer.getValue("stop_reason")));
    }

    private static Optional<String> words(List<JsonObject> blocks) {
        return Api.text(blocks.stream()
                .filter(block -> "text".equals(block.getValue("type")))
                .flatMap(block -> Api.text(block.getValue("text")).stream())
                .collect(Collectors.joining("\n")));
    }

    private static ToolCall call(JsonObject block) {
        return Api.call(block.getValue("id"), block.getValue("name"), block.getValue("input"));
    }
}
