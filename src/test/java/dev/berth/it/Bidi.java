package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client of BiDi. Does not tell that its socket closed: the JDK's client misses an end without a close frame now and then. Reads on its own thread; asked by one thread. */
final class Bidi implements WebSocket.Listener {
    private final BlockingQueue<JsonObject> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
    private final StringBuilder message = new StringBuilder();
    private WebSocket socket;
    private int lastId;

    static Bidi connect(String url, Map<String, String> headers) {
        Bidi made = new Bidi();
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        headers.forEach(builder::header);
        made.socket = builder.buildAsync(URI.create(url), made).join();
        return made;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        message.append(part);
        if (last) {
            JsonObject read = new JsonObject(message.toString());
            (read.containsKey("id") ? answers : events).add(read);
            message.setLength(0);
        }
        from.request(1);
        return null;
    }

    void send(String method, JsonObject params) {
        JsonObject command =
                new JsonObject().put("id", ++lastId).put("method", method).put("params", params);
        socket.sendText(command.encode(), true).join();
    }

    /** The next one that matches; those before it are gone. */
    private static JsonObject next(BlockingQueue<JsonObject> messages, Predicate<JsonObject> like) {
        try {
            while (true) {
                JsonObject next = messages.poll(20, TimeUnit.SECONDS);
                assertThat(next).as("a message of BiDi").isNotNull();
                if (like.test(next)) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonObject event(String method) {
        return next(events, each -> method.equals(each.getString("method"))).getJsonObject("params");
    }

    JsonObject ask(String method, JsonObject params) {
        send(method, params);
        int id = lastId;
        return next(answers, each -> Objects.equals(id, each.getValue("id")));
    }

    JsonObject result(String method, JsonObject params) {
        JsonObject answer = ask(method, params);
        assertThat(answer.getString("type")).as(answer.encode()).isEqualTo("success");
        return answer.getJsonObject("result");
    }

    Object evaluate(String context, String expression) {
        JsonObject params = new JsonObject()
                .put("expression", expression)
                .put("target", new JsonObject().put("context", context))
                .put("awaitPromise", true);
        return result("script.evaluate", params).getJsonObject("result").getValue("value");
    }

    List<String> contexts() {
        return result("browsingContext.getTree", new JsonObject()).getJsonArray("contexts").stream()
                .map(each -> ((JsonObject) each).getString("context"))
                .toList();
    }

    void leave() {
        socket.abort();
    }
}
