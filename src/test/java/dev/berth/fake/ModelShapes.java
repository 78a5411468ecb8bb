package dev.berth.fake;

import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.agent.model.Tokens;
import dev.berth.fake.ScriptedModelServer.Request;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** How providers write an answer. */
final class ModelShapes {
    private ModelShapes() {}

    static JsonObject of(Request request, Optional<String> text, List<ToolCall> calls, Tokens usage, String reason) {
        return request.anthropic() ? message(text, calls, usage, reason) : completion(text, calls, usage, reason);
    }

    private static JsonObject completion(Optional<String> text, List<ToolCall> calls, Tokens usage, String reason) {
        JsonArray toolCalls = new JsonArray();
        calls.forEach(call -> toolCalls.add(new JsonObject()
                .put("id", call.id())
                .put("type", "function")
                .put("function", new JsonObject().put("name", call.name()).put("arguments", call.arguments()))));
        JsonObject message = new JsonObject().put("role", "assistant").put("content", text.orElse(null));
        if (!calls.isEmpty()) {
            message.put("tool_calls", toolCalls);
        }
        JsonObject choice =
                new JsonObject().put("index", 0).put("message", message).put("finish_reason", reason);
        return new JsonObject()
                .put("id", "chatcmpl-1")
                .put("object", "chat.completion")
                .put("model", "scripted")
                .put("choices", new JsonArray().add(choice))
                .put(
                        "usage",
                        new JsonObject()
                                .put("prompt_tokens", usage.input())
                                .put("completion_tokens", usage.output())
                                .put(
                                        "prompt_tokens_details",
                                        new JsonObject().put("cached_tokens", usage.cachedInput())));
    }

    private static JsonObject message(Optional<String> text, List<ToolCall> calls, Tokens usage, String reason) {
        JsonArray content = new JsonArray();
        text.ifPresent(words -> content.add(new JsonObject().put("type", "text").put("text", words)));
        calls.forEach(call -> content.add(new JsonObject()
                .put("type", "tool_use")
                .put("id", call.id())
                .put("name", call.name())
                .put("input", new JsonObject(call.arguments()))));
        return new JsonObject()
                .put("id", "msg_1")
                .put("type", "message")
                .put("role", "assistant")
                .put("model", "scripted")
                .put("content", content)
                .put("stop_reason", stopReason(reason))
                .put(
                        "usage",
                        new JsonObject()
                                .put("input_tokens", usage.input() - usage.cachedInput() - usage.cacheWrites())
                                .put("cache_read_input_tokens", usage.cachedInput())
                                .put("cache_creation_input_tokens", usage.cacheWrites())
                                .put("output_tokens", usage.output()));
    }

    private static String stopReason(String reason) {
        return switch (reason) {
            case "stop" -> "end_turn";
            case "tool_calls" -> "tool_use";
            case "length" -> "max_tokens";
            case "content_filter" -> "refusal";
            default -> reason;
        };
    }
}
