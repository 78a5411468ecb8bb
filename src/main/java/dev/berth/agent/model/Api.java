package dev.berth.agent.model;

import dev.berth.agent.model.Prompt.ToolSpec;
import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.agent.model.PromptMessage.ToolCall;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** How a provider writes prompts and answers. Pure: any thread may call its methods. */
interface Api {
    /** URL of the provider's own server, for an administrator who gives none. */
    String ownUrl();

    /** Path of the operation below the base URL. */
    String path();

    /** Headers that tell the provider who asks. */
    Map<String, String> headers();

    JsonObject request(Prompt prompt);

    /** Throws {@link Failure} if the answer has no message. */
    Reply reply(JsonObject answer);

    /**
     * A provider's answer to one try.
     *
     * @param cut whether the model reached {@link Prompt#maxOutputTokens}
     * @param filtered whether the model or the provider's filter refused to answer
     */
    record Reply(Optional<String> text, List<ToolCall> calls, Tokens tokens, boolean cut, boolean filtered) {
        boolean empty() {
            return text.isEmpty() && calls.isEmpty();
        }

        Reply with(Tokens other) {
            return new Reply(text, calls, other, cut, filtered);
        }
    }

    static JsonArray array(Collection<JsonObject> elements) {
        return new JsonArray(List.copyOf(elements));
    }

    static JsonArray tools(Prompt prompt, Function<ToolSpec, JsonObject> form) {
        return array(prompt.tools().stream().map(form).toList());
    }

    /** Text for a model: providers refuse a message of nothing. */
    static String said(String text) {
        return text.isBlank() ? "-" : text;
    }

    static String base64(Image image) {
        return Base64.getEncoder().encodeToString(image.bytes());
    }

    /** The arguments of a call that the model made earlier. Servers refuse malformed ones, even if a model wrote them. */
    static JsonObject arguments(ToolCall call) {
        try {
            return new JsonObject(call.arguments());
        } catch (DecodeException | ClassCastException e) {
            return new JsonObject();
        }
    }

    /** @param arguments JSON, as a string or as itself */
    static ToolCall call(Object id, Object name, Object arguments) {
        return new ToolCall(
                text(id).orElseGet(() -> "call_" + UUID.randomUUID()),
                text(name).orElse(""),
                arguments instanceof JsonObject json
                        ? json.encode()
                        : text(arguments).orElse("{}"));
    }

    static Optional<String> text(Object value) {
        return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /** The objects of an array; nothing of what is no array. */
    static List<JsonObject> objects(Object value) {
        return value instanceof JsonArray array
                ? array.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .toList()
                : List.of();
    }

    /** A number of tokens, which servers leave out where it is 0. */
    static long count(JsonObject answer, String pointer) {
        return JsonPointer.from(pointer).queryJson(answer) instanceof Number number ? number.longValue() : 0;
    }
}
