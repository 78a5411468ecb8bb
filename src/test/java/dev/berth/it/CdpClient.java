package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A bare CDP client. */
final class CdpClient implements WebSocket.Listener {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int MAX_PART_CHARS = 10_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final Map<Integer, CompletableFuture<String>> pending = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> awaited = new ConcurrentHashMap<>();
    /** The events about targets, and requests that wait. */
    private final List<JsonObject> events = new ArrayList<>();

    private final AtomicInteger lastId = new AtomicInteger();
    private final StringBuilder message = new StringBuilder();
    private WebSocket socket;

    /** How the socket was closed. */
    record Closed(int code, String reason) {}

    private CdpClient() {}

    static CdpClient connect(String url) {
        return connect(url, Map.of());
    }

    /** Whether the server accepts one more client. */
    static boolean isLetIn(String url) {
        try {
            return connect(url).answers("Browser.getVersion", new JsonObject());
        } catch (CompletionException e) {
            return false;
        }
    }

    static CdpClient connect(String url, Map<String, String> headers) {
        CdpClient client = new CdpClient();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        headers.forEach(builder::header);
        client.socket = builder.buildAsync(URI.create(url), client).join();
        return client;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        message.append(part);
        if (last) {
            receive(message.toString());
            message.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void receive(String text) {
        if (text.matches(
                "(?s)\\{\"method\":\"(Target\\.|Fetch\\.|Network\\.responseReceived\"|Network\\.loadingFailed\").*")) {
            synchronized (events) {
                events.add(new JsonObject(text));
                events.notifyAll();
            }
        } else if (text.startsWith("{\"error\":")) {
            complete("", text);
        } else if (text.startsWith("{\"id\":")) {
            String id = text.substring(6, text.indexOf(','));
            CompletableFuture<String> reply = awaited.containsKey(id) ? null : pending.remove(Integer.valueOf(id));
            if (reply != null) {
                reply.complete(text);
            } else {
                complete(id, text);
            }
        }
    }

    private void complete(String id, String text) {
        CompletableFuture<String> reply = awaited.remove(id);
        if (reply != null) {
            reply.complete(text);
        }
    }

    /** Waits for the first event of targets, of held requests or of the ends of requests that matches and was not returned before. */
    JsonObject event(String method, Predicate<JsonObject> like) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (events) {
            while (true) {
                for (JsonObject event : events) {
                    if (method.equals(event.getString("method")) && like.test(event)) {
                        events.remove(event);
                        return event;
                    }
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                assertThat(left).as("waiting for " + method).isPositive();
                try {
                    events.wait(left);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** The target events received so far. */
    List<JsonObject> events(String method) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> method.equals(event.getString("method")))
                    .toList();
        }
    }

    /**
     * Sends a message as it is; gives the next answer with this id, as text, or the next one without an id if
     * {@code id} is empty.
     */
    String answer(String id, String message) {
        CompletableFuture<String> reply = new CompletableFuture<>();
        awaited.put(id, reply);
        sendText(message);
        return get(reply);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(new Closed(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(new Closed(1006, error.toString()));
    }

    CompletableFuture<String> sendRaw(String method, JsonObject params, String sessionId) {
        int id = lastId.incrementAndGet();
        CompletableFuture<String> reply = new CompletableFuture<>();
        pending.put(id, reply);
        JsonObject command =
                new JsonObject().put("id", id).put("method", method).put("params", params);
        if (!sessionId.isEmpty()) {
            command.put("sessionId", sessionId);
        }
        sendText(command.encode());
        return reply;
    }

    /** Sends in parts: of one text of 60 MB the JDK's client makes invalid frames. */
    void sendText(String text) {
        int from = 0;
        for (; text.length() - from > MAX_PART_CHARS; from += MAX_PART_CHARS) {
            socket.sendText(text.substring(from, from + MAX_PART_CHARS), false).join();
        }
        socket.sendText(text.substring(from), true).join();
    }

    /** Sends a command and gives the whole reply. */
    JsonObject ask(String method, JsonObject params, String sessionId) {
        return new JsonObject(get(sendRaw(method, params, sessionId)));
    }

    JsonObject send(String method, JsonObject params, String sessionId) {
        JsonObject reply = ask(method, params, sessionId);
        if (reply.containsKey("error")) {
            throw new AssertionError(method + ": " + reply.encode());
        }
        return reply.getJsonObject("result");
    }

    JsonObject send(String method) {
        return send(method, new JsonObject(), "");
    }

    /** Attaches to the first page. */
    String attach() {
        String target = send("Target.getTargets").getJsonArray("targetInfos").stream()
                .map(JsonObject.class::cast)
                .filter(info -> info.getString("type").equals("page"))
                .findFirst()
                .orElseThrow()
                .getString("targetId");
        return attach(target);
    }

    String attach(String target) {
        return send(
                        "Target.attachToTarget",
                        new JsonObject().put("targetId", target).put("flatten", true),
                        "")
                .getString("sessionId");
    }

    Object evaluate(String expression, String page) {
        return send(
                        "Runtime.evaluate",
                        new JsonObject().put("expression", expression).put("returnByValue", true),
                        page)
                .getJsonObject("result")
                .getValue("value");
    }

    /** Whether a command is answered, rather than the socket closed. */
    boolean answers(String method, JsonObject params) {
        try {
            CompletableFuture<String> reply = sendRaw(method, params, "");
            get(CompletableFuture.anyOf(reply, closed));
            return reply.isDone();
        } catch (CompletionException e) {
            return false;
        }
    }

    Closed closed() {
        return get(closed);
    }

    /** Whether the socket is still open. */
    boolean ping() {
        if (!closed.isDone()) {
            socket.sendPing(java.nio.ByteBuffer.allocate(0))
                    .exceptionally(gone -> null)
                    .join();
        }
        return !closed.isDone();
    }

    void leave() {
        socket.sendClose(1000, "").join();
        closed();
    }

    /** Closes the connection as a killed process does. */
    void vanish() {
        socket.abort();
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("nothing came", e);
        }
    }
}
