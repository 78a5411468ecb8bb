package dev.berth.agent.model;

import dev.berth.agent.model.Prompt.ToolSpec;
import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The parts that all providers' messages have in common. */
final class Translation {
    private Translation() {}

    static List<ToolSpecification> tools(List<ToolSpec> tools) {
        return tools.stream().map(Translation::tool).toList();
    }

    private static ToolSpecification tool(ToolSpec tool) {
        return ToolSpecification.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(schema(tool.inputSchema()))
                .build();
    }

    /** Properties stay as they are: the SDK's own types of schemas would lose what they do not know. */
    private static JsonObjectSchema schema(JsonObject json) {
        JsonObjectSchema.Builder schema = JsonObjectSchema.builder();
        JsonObject properties = json.getJsonObject("properties", new JsonObject());
        properties.fieldNames().forEach(name -> schema.addProperty(name, raw(properties.getJsonObject(name))));
        schema.required(json.getJsonArray("required", new JsonArray()).stream()
                .map(String::valueOf)
                .toList());
        if (json.getValue("additionalProperties") instanceof Boolean additional) {
            schema.additionalProperties(additional);
        }
        return schema.build();
    }

    private static JsonRawSchema raw(JsonObject json) {
        return JsonRawSchema.from(json.encode());
    }

    static AiMessage assistant(PromptMessage.Assistant message) {
        return AiMessage.builder()
                .text(message.text().filter(text -> !text.isBlank()).orElse(null))
                .toolExecutionRequests(
                        message.calls().stream().map(Translation::request).toList())
                .build();
    }

    /** Servers refuse a conversation with malformed arguments, even if a model wrote them. */
    private static ToolExecutionRequest request(ToolCall call) {
        return ToolExecutionRequest.builder()
                .id(call.id())
                .name(call.name())
                .arguments(isObject(call.arguments()) ? call.arguments() : "{}")
                .build();
    }

    private static boolean isObject(String arguments) {
        try {
            new JsonObject(arguments);
            return true;
        } catch (DecodeException | ClassCastException e) {
            return false;
        }
    }

    static List<Content> contents(String text, List<Image> images) {
        List<Content> contents = new ArrayList<>();
        contents.add(TextContent.from(text.isBlank() ? "-" : text));
        images.forEach(image ->
                contents.add(ImageContent.from(Base64.getEncoder().encodeToString(image.bytes()), image.mediaType())));
        return contents;
    }

    static Optional<String> text(AiMessage message) {
        return Optional.ofNullable(message.text()).filter(text -> !text.isBlank());
    }

    static List<ToolCall> calls(AiMessage message) {
        return message.toolExecutionRequests().stream()
                .map(call -> new ToolCall(
                        given(call.id()).orElseGet(() -> "call_" + UUID.randomUUID()),
                        given(call.name()).orElse(""),
                        given(call.arguments()).orElse("{}")))
                .toList();
    }

    private static Optional<String> given(String text) {
        return Optional.ofNullable(text).filter(value -> !value.isBlank());
    }

    /** SDKs and servers count in int, and leave out what is none. */
    static long count(Integer tokens) {
        return tokens == null ? 0 : tokens;
    }
}
