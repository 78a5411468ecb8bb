package dev.berth.browser;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.protocol.BerthException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A raw CDP connection to a browser, flat sessions. Lives on the context that connected it: events come there, in the order
 * in which Chrome sent them. What of a message is not kept is never held: see {@link MessageKeeper}.
 */
final class CdpConnection {
    private static final Logger log = LoggerFactory.getLogger(CdpConnection.class);

    private static final long COMMAND_TIMEOUT_MILLIS = 10_000;
    /** Why Chrome is gone is heard from its process a moment later, and the better answer to whoever waits. */
    private static final long GONE_MILLIS = 1_000;
    /** Larger answers are read on a worker: an event loop would stand still for more than some milliseconds. */
    private static final int MAX_READ_HERE_BYTES = 1 << 18;

    /** The session of the browser itself. */
    static final String BROWSER = "";

    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    // How long a message and its texts are is bounded by who reads them from the socket.
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final ObjectMapper MAPPER = new ObjectMapper(JSON);

    private final Vertx vertx;
    private final ContextInternal context;
    private final DevToolsSocket socket;
    private final Map<Integer, Pending<?>> pending = new HashMap<>();
    private Handler<CdpEvent> events = event -> {};
    private Handler<OversizedEvent> oversized = event -> {};
    private final Promise<Void> closed;
    private int lastId;

    private CdpConnection(Vertx vertx, DevToolsSocket socket) {
        this.vertx = vertx;
        this.context = (ContextInternal) vertx.getOrCreateContext();
        this.socket = socket;
        this.closed = context.promise();
        socket.start(new MessageKeeper(this::wholeBytes, new FromChrome()), () -> {
            closed.tryComplete();
            vertx.setTimer(GONE_MILLIS, late -> failPending());
        });
    }

    static Future<CdpConnection> connect(Vertx vertx, NetClient client, ChromeProcess.Endpoint endpoint) {
        return DevToolsSocket.connect(vertx, client, endpoint).map(socket -> new CdpConnection(vertx, socket));
    }

    /**
     * An event of a target.
     *
     * @param sessionId of the target; {@link #BROWSER} for the browser
     * @param hiddenChars how many characters of its texts were cut off
     */
    record CdpEvent(String sessionId, String method, JsonObject params, long hiddenChars) {}

    /** An event that was too long to be kept. */
    record OversizedEvent(String sessionId, String method, long bytes) {}

    /** Reads an answer of Chrome's, on any thread. */
    @FunctionalInterface
    interface Answer<T> {
        T read(byte[] message, int length) throws IOException;
    }

    /** @param wholeBytes how many bytes of the answer are wanted, its texts uncut; 0 for what is usual */
    private record Pending<T>(Promise<T> promise, Answer<T> answer, int wholeBytes) {}

    void onEvent(Handler<CdpEvent> handler) {
        events = handler;
    }

    void onOversizedEvent(Handler<OversizedEvent> handler) {
        oversized = handler;
    }

    /** The result of a command, or a failure with Chrome's message. Texts of more than some 16,000 characters are cut. */
    Future<JsonObject> send(String sessionId, String method, JsonObject params) {
        return send(sessionId, method, params, COMMAND_TIMEOUT_MILLIS);
    }

    Future<JsonObject> send(String sessionId, String method, JsonObject params, long timeoutMillis) {
        return send(sessionId, method, params, timeoutMillis, 0, CdpConnection::result);
    }

    /** The same for a result of which everything is wanted; fails with {@code action_failed} where it is larger than {@code maxBytes}. */
    Future<JsonObject> sendForAll(
            String sessionId, String method, JsonObject params, long timeoutMillis, int maxBytes) {
        return send(sessionId, method, params, timeoutMillis, maxBytes, CdpConnection::result);
    }

    /** The same, and {@code answer} reads it. */
    <T> Future<T> sendForAll(
            String sessionId, String method, JsonObject params, long timeoutMillis, int maxBytes, Answer<T> answer) {
        return send(sessionId, method, params, timeoutMillis, maxBytes, answer);
    }

    private <T> Future<T> send(
            String sessionId, String method, JsonObject params, long timeoutMillis, int wholeBytes, Answer<T> answer) {
        int id = ++lastId;
        JsonObject message =
                new JsonObject().put("id", id).put("method", method).put("params", params);
        if (!sessionId.equals(BROWSER)) {
            message.put("sessionId", sessionId);
        }
        Promise<T> reply = context.promise();
        pending.put(id, new Pending<>(reply, answer, wholeBytes));
        socket.send(message.toBuffer()).onFailure(reply::tryFail);
        long timer = vertx.setTimer(timeoutMillis, ignored -> reply.tryFail(Failures.timeout(method, timeoutMillis)));
        return reply.future().onComplete(ignored -> {
            vertx.cancelTimer(timer);
            pending.remove(id);
        });
    }

    /** Completes when it is closed, by whomever. */
    Future<Void> closed() {
        return closed.future();
    }

    Future<Void> close() {
        return socket.close();
    }

    private int wholeBytes(int id) {
        Pending<?> asked = pending.get(id);
        return asked == null ? 0 : asked.wholeBytes();
    }

    private final class FromChrome implements MessageKeeper.Listener {
        @Override
        public void message(byte[] json, int length, long hiddenChars) {
            OptionalInt id = MessageKeeper.id(json, length);
            if (id.isPresent()) {
                answered(id.getAsInt(), json, length);
                return;
            }
            try {
                told(parse(json, length), hiddenChars);
            } catch (IOException e) {
                log.error("a message of Chrome can't be read", e);
            }
        }

        @Override
        public void oversizedEvent(String sessionId, String method, long bytes) {
            oversized.handle(new OversizedEvent(sessionId, method, bytes));
        }

        @Override
        public void oversizedAnswer(int id, long bytes) {
            Pending<?> asked = pending.get(id);
            if (asked != null) {
                asked.promise().tryFail(Failures.tooLarge("the result", bytes));
            }
        }
    }

    private void told(JsonObject event, long hiddenChars) {
        events.handle(new CdpEvent(
                event.getString("sessionId", BROWSER),
                event.getString("method"),
                event.getJsonObject("params", new JsonObject()),
                hiddenChars));
    }

    private void answered(int id, byte[] json, int length) {
        Pending<?> asked = pending.get(id);
        if (asked != null) { // else it came after its timeout
            read(asked, json, length);
        }
    }

    private <T> void read(Pending<T> asked, byte[] json, int length) {
        if (length > MAX_READ_HERE_BYTES) {
            vertx.executeBlocking(() -> asked.answer().read(json, length), false)
                    .onSuccess(asked.promise()::tryComplete)
                    .onFailure(asked.promise()::tryFail);
            return;
        }
        try {
            asked.promise().tryComplete(asked.answer().read(json, length));
        } catch (IOException | BerthException | ChromeRefusal e) {
            asked.promise().tryFail(e);
        }
    }

    private static JsonObject result(byte[] message, int length) throws IOException {
        JsonObject answer = parse(message, length);
        JsonObject error = answer.getJsonObject("error");
        if (error != null) {
            throw new ChromeRefusal(error.getString("message"));
        }
        return answer.getJsonObject("result");
    }

    private static JsonObject parse(byte[] json, int length) throws IOException {
        return new JsonObject(MAPPER.readValue(json, 0, length, new TypeReference<Map<String, Object>>() {}));
    }

    private void failPending() {
        Map.copyOf(pending).values().forEach(asked -> asked.promise().tryFail("the browser is gone"));
    }
}
