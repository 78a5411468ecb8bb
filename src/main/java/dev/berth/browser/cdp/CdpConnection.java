package dev.berth.browser.cdp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.browser.DevToolsEndpoint;
import dev.berth.browser.Failures;
import dev.berth.clock.LivedTimer;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A raw CDP connection to a browser, flat sessions. Lives on the context that connected it: events come there, in the order
 * in which Chrome sent them. What of a message is not kept is never held: see {@link MessageKeeper}.
 */
public final class CdpConnection {
    private static final Logger log = LoggerFactory.getLogger(CdpConnection.class);

    private static final long COMMAND_TIMEOUT_MILLIS = 10_000;
    /** Why Chrome is gone is heard from its process a moment later, and the better answer to whoever waits. */
    private static final long GONE_MILLIS = 1_000;
    /** Larger answers are read on a worker: an event loop would stand still for more than some milliseconds. */
    private static final int MAX_READ_HERE_BYTES = 1 << 18;

    /** A script's result may be 1,000 levels deep, and stands within some more. */
    private static final int MAX_DEPTH = 1_100;

    /** The session of the browser itself. */
    public static final String BROWSER = "";

    public static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    // How long a message and its texts are is bounded by who reads them from the socket.
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(MAX_DEPTH)
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
        socket.start(new MessageKeeper(new FromChrome()), () -> {
            closed.tryComplete();
            vertx.setTimer(GONE_MILLIS, late -> failPending());
        });
    }

    public static Future<CdpConnection> connect(Vertx vertx, NetClient client, DevToolsEndpoint endpoint) {
        return DevToolsSocket.connect(vertx, client, endpoint).map(socket -> new CdpConnection(vertx, socket));
    }

    /**
     * An event of a target.
     *
     * @param sessionId of the target; {@link #BROWSER} for the browser
     * @param params long texts are cut: see {@link MessageKeeper}
     */
    public record CdpEvent(String sessionId, String method, JsonObject params) {}

    /** An event that was too long to be kept. */
    public record OversizedEvent(String sessionId, String method, long bytes) {}

    /** Reads an answer of Chrome's, on any thread. */
    @FunctionalInterface
    public interface Answer<T> {
        T read(byte[] message, int length) throws IOException;
    }

    /**
     * All of an answer is wanted.
     *
     * @param maxBytes it fails with {@code action_failed} where it is larger
     * @param share of the memory for large ones; it fails with {@code not_ready} where there is none left. Whoever asked closes it
     */
    public record Whole(int maxBytes, ResultBudget.Share share) {}

    private record Pending<T>(Promise<T> promise, Answer<T> answer, Optional<Whole> whole, AtomicInteger held) {}

    public void onEvent(Handler<CdpEvent> handler) {
        events = handler;
    }

    public void onOversizedEvent(Handler<OversizedEvent> handler) {
        oversized = handler;
    }

    /** The result of a command, or a failure with Chrome's message. Texts of more than some 16,000 characters are cut. */
    public Future<JsonObject> send(String sessionId, String method, JsonObject params) {
        return send(sessionId, method, params, COMMAND_TIMEOUT_MILLIS);
    }

    public Future<JsonObject> send(String sessionId, String method, JsonObject params, long timeoutMillis) {
        return send(sessionId, method, params, timeoutMillis, Optional.empty(), CdpConnection::result);
    }

    /** The same for a result of which everything is wanted. */
    public Future<JsonObject> sendForAll(
            String sessionId, String method, JsonObject params, long timeoutMillis, Whole whole) {
        return sendForAll(sessionId, method, params, timeoutMillis, whole, CdpConnection::result);
    }

    /** The same, and {@code answer} reads it. */
    public <T> Future<T> sendForAll(
            String sessionId, String method, JsonObject params, long timeoutMillis, Whole whole, Answer<T> answer) {
        return send(sessionId, method, params, timeoutMillis, Optional.of(whole), answer);
    }

    private <T> Future<T> send(
            String sessionId,
            String method,
            JsonObject params,
            long timeoutMillis,
            Optional<Whole> whole,
            Answer<T> answer) {
        int id = ++lastId;
        JsonObject message =
                new JsonObject().put("id", id).put("method", method).put("params", params);
        if (!sessionId.equals(BROWSER)) {
            message.put("sessionId", sessionId);
        }
        Promise<T> reply = context.promise();
        pending.put(id, new Pending<>(reply, answer, whole, new AtomicInteger()));
        socket.send(message.toBuffer()).onFailure(reply::tryFail);
        LivedTimer timer = LivedTimer.set(
                vertx,
                timeoutMillis,
                () -> reply.tryFail(
                        Failures.timeout(sessionId.equals(BROWSER) ? "the browser" : "the page", timeoutMillis)));
        return reply.future().onComplete(ignored -> {
            timer.cancel();
            pending.remove(id);
        });
    }

    /** Completes when it is closed, by whomever. */
    public Future<Void> closed() {
        return closed.future();
    }

    public Future<Void> close() {
        return socket.close();
    }

    private final class FromChrome implements MessageKeeper.Listener {
        @Override
        public void message(byte[] json, int length) {
            OptionalInt id = MessageKeeper.id(json, length);
            if (id.isPresent()) {
                answered(id.getAsInt(), json, length);
                return;
            }
            try {
                told(parse(json, length));
            } catch (IOException | RuntimeException e) {
                // What comes next must be heard nevertheless.
                log.error("an event of Chrome's can't be read", e);
            }
        }

        @Override
        public void oversizedEvent(String sessionId, String method, long bytes) {
            try {
                oversized.handle(new OversizedEvent(sessionId, method, bytes));
            } catch (RuntimeException e) {
                log.error("an event of Chrome's was not told", e);
            }
        }

        @Override
        public void oversizedAnswer(int id, long bytes, int maxBytes) {
            fail(id, Failures.tooLarge("the result", bytes, Math.min(maxBytes, Failures.MAX_RESULT_BYTES)));
        }

        @Override
        public void unheldAnswer(int id) {
            fail(id, Failures.noRoom());
        }

        private void fail(int id, BerthException why) {
            Pending<?> asked = pending.get(id);
            if (asked != null) {
                asked.promise().tryFail(why);
            }
        }

        @Override
        public int wholeBytes(int id) {
            return whole(id).map(Whole::maxBytes).orElse(0);
        }

        @Override
        public boolean hasRoom(int id, int bytes) {
            Optional<Whole> whole = whole(id);
            // Of the others there is one at a time, and it is not large.
            return whole.isEmpty()
                    || whole.get().share().tryAdd(bytes - pending.get(id).held().getAndSet(bytes));
        }

        private Optional<Whole> whole(int id) {
            return Optional.ofNullable(pending.get(id)).flatMap(Pending::whole);
        }
    }

    private void told(JsonObject event) {
        events.handle(new CdpEvent(
                event.getString("sessionId", BROWSER),
                event.getString("method"),
                event.getJsonObject("params", new JsonObject())));
    }

    private void answered(int id, byte[] json, int length) {
        Pending<?> asked = pending.get(id);
        if (asked != null) { // else it came after its timeout
            read(asked, json, length);
        }
    }

    private <T> void read(Pending<T> asked, byte[] json, int length) {
        if (length > MAX_READ_HERE_BYTES) {
            asked.whole().ifPresent(whole -> whole.share().retain());
            vertx.executeBlocking(() -> asked.answer().read(json, length), false)
                    .onComplete(read ->
                            asked.whole().ifPresent(whole -> whole.share().release()))
                    .onSuccess(asked.promise()::tryComplete)
                    .onFailure(asked.promise()::tryFail);
            return;
        }
        try {
            asked.promise().tryComplete(asked.answer().read(json, length));
        } catch (IOException | RuntimeException e) {
            asked.promise().tryFail(e);
        }
    }

    public static JsonObject result(byte[] message, int length) throws IOException {
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
