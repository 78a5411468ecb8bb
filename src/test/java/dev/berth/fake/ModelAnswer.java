package dev.berth.fake;

import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.agent.model.Tokens;
import dev.berth.fake.ScriptedModelServer.Request;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** One answer of a {@link ScriptedModelServer}. */
@FunctionalInterface
public interface ModelAnswer {
    AtomicInteger IDS = new AtomicInteger();

    void send(Request request, HttpServerResponse response);

    static ToolCall call(String tool, JsonObject arguments) {
        return call(tool, arguments.encode());
    }

    /** @param arguments perhaps malformed, as only a chat completion can have them */
    static ToolCall call(String tool, String arguments) {
        return new ToolCall("call_" + IDS.incrementAndGet(), tool, arguments);
    }

    static ModelAnswer text(String text) {
        return turn(Optional.of(text), List.of(), new Tokens(100, 0, 10));
    }

    static ModelAnswer calls(ToolCall... calls) {
        return turn(Optional.empty(), List.of(calls), new Tokens(100, 0, 10));
    }

    static ModelAnswer turn(Optional<String> text, List<ToolCall> calls, Tokens usage) {
        return stopped(text, calls, usage, calls.isEmpty() ? "stop" : "tool_calls");
    }

    /** @param reason as chat completions name it; Anthropic's names for the usual ones are put in */
    static ModelAnswer stopped(Optional<String> text, List<ToolCall> calls, Tokens usage, String reason) {
        return (request, response) ->
                json(ModelShapes.of(request, text, calls, usage, reason)).send(request, response);
    }

    /** An answer that depends on what is asked, for example on a ref in a snapshot. */
    static ModelAnswer by(Function<Request, ModelAnswer> choice) {
        return (request, response) -> choice.apply(request).send(request, response);
    }

    static ModelAnswer json(JsonObject body) {
        return body("application/json", body.encode());
    }

    static ModelAnswer body(String contentType, String body) {
        return (request, response) ->
                response.putHeader("content-type", contentType).end(body);
    }

    static ModelAnswer status(int status, String message) {
        return status(status, message, Map.of());
    }

    static ModelAnswer status(int status, String message, Map<String, String> headers) {
        JsonObject error = new JsonObject().put("error", new JsonObject().put("message", message));
        return (request, response) -> {
            headers.forEach(response::putHeader);
            response.setStatusCode(status).end(error.encode());
        };
    }

    /** The connection breaks in the middle of the answer. */
    static ModelAnswer cut() {
        return (request, response) -> {
            response.putHeader("content-type", "application/json").putHeader("content-length", "1000");
            response.write("{\"choices\":[").onComplete(done -> response.reset());
        };
    }

    /** No answer comes; {@code gaveUp} runs when the client closes the connection. */
    static ModelAnswer silence(Runnable asked, Runnable gaveUp) {
        return (request, response) -> {
            response.closeHandler(closed -> gaveUp.run());
            asked.run();
        };
    }
}
