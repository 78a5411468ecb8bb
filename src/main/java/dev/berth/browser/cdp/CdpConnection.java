package dev.berth.browser.cdp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.Party.CommandAddress;
import dev.berth.limits.MemoryBudget;
import dev.berth.loop.LoopPromise;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A party that speaks JSON, flat sessions. Lives on the context that opened it: events come there, in the order in which Chrome
 * sent them. No more of a message is kept than {@link MessageKeeper} allows.
 */
public final class CdpConnection {
    private static final long COMMAND_TIMEOUT_MILLIS = 10_000;
    /** Why Chrome is gone is heard from its process a moment later, and the better answer to whoever waits. */
    private static final long GONE_MILLIS = 1_000;

    /** A script's result may be 1,000 levels deep, and stands within some more. */
    private static final int MAX_DEPTH = 1_100;

    /** The session of the browser itself. */
    public static final String BROWSER = "";

    public static final JsonFactory JSON = JsonFactory.builder()
            // Otherwise every name that a page makes up stays in memory.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    // How long a message and its texts are is bounded by who reads them from the pipe.
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private static final ObjectMapper MAPPER = new ObjectMapper(JSON);

    private final Vertx vertx;
    private final Context context;
    private final Party party;
    private final Replies replies;
    private final ReceivedMessages received;
    private final Promise<String> closed;
    private int lastId;

    private CdpConnection(Vertx vertx, Context context, Party party) {
        this.vertx = vertx;
        this.context = context;
        this.party = party;
        this.replies = new Replies(vertx);
        this.received = new ReceivedMessages(replies, this::end);
        this.closed = LoopPromise.on(context);
        party.start(received);
        party.resume();
    }

    public static Future<CdpConnection> open(Vertx vertx, ChromePipe pipe) {
        Context context = vertx.getOrCreateContext();
        return pipe.open(context, Party.Kind.SERVER).map(party -> new CdpConnection(vertx, context, party));
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

    /** Hears an event as Chrome sent it, on the connection's context. */
    @FunctionalInterface
    public interface WholeEvent {
        /** @param json its first bytes; used again */
        void came(byte[] json, int length) throws IOException;
    }

    /**
     * The whole of an answer is wanted, which is kept only in part otherwise.
     *
     * @param maxBytes the command fails with {@code action_failed} where its answer is larger
     * @param weight how many bytes of memory a byte of the answer takes: {@link #TEXT} or {@link #TREE}
     * @param share of {@link #MEMORY}; the command fails with {@code not_ready} where there is none left. Its sender closes the share
     */
    public record WholeAnswer(int maxBytes, int weight, MemoryBudget.Share share) {
        /** Weight of an answer that is one text: the bytes, the smaller array they outgrew, and the characters. */
        public static final int TEXT = 3;
        /** Weight of an answer that is a tree of JSON: 31 MiB of an accessibility tree took 198 MiB. */
        public static final int TREE = 6;

        /** For the large answers that are read from all pages of this process: an eighth of the heap, but room for any one answer. */
        public static final MemoryBudget MEMORY = new MemoryBudget(Math.max(
                (long) TREE * Failures.MAX_RESULT_BYTES, Runtime.getRuntime().maxMemory() / 8));
    }

    public void onEvent(Handler<CdpEvent> handler) {
        received.onEvent(handler);
    }

    /** All of the events with this one method is wanted: they come here uncut, and not as a {@link CdpEvent}. */
    public void onWholeEvent(String method, int maxBytes, WholeEvent handler) {
        received.onWholeEvent(method, maxBytes, handler);
    }

    public void onOversizedEvent(Handler<OversizedEvent> handler) {
        received.onOversizedEvent(handler);
    }

    /** Hears how many entries of logs came faster than they were taken, and are lost. */
    public void onDropped(Handler<Integer> handler) {
        received.onDropped(handler);
    }

    /** Whether more than 1 MiB of the commands sent waits to be written: large ones wait for {@link #onDrained}. */
    public boolean isFull() {
        return party.isFull();
    }

    /** Hears that all commands sent are written, after {@link #isFull}. */
    public void onDrained(Runnable handler) {
        received.onDrained(handler);
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
            String sessionId, String method, JsonObject params, long timeoutMillis, WholeAnswer whole) {
        return sendForAll(sessionId, method, params, timeoutMillis, whole, CdpConnection::result);
    }

    /** The same, and {@code answer} reads it. */
    public <T> Future<T> sendForAll(
            String sessionId,
            String method,
            JsonObject params,
            long timeoutMillis,
            WholeAnswer whole,
            Answer<T> answer) {
        return send(sessionId, method, params, timeoutMillis, Optional.of(whole), answer);
    }

    private <T> Future<T> send(
            String sessionId,
            String method,
            JsonObject params,
            long timeoutMillis,
            Optional<WholeAnswer> whole,
            Answer<T> answer) {
        int id = ++lastId;
        Promise<T> reply = LoopPromise.on(context);
        replies.await(id, reply, answer, whole);
        if (!write(id, sessionId, method, params)) {
            reply.fail(new ChromeRefusal(ChromeRefusal.NO_SESSION));
        }
        long timer = vertx.setTimer(
                timeoutMillis,
                late -> replies.late(
                        id, Failures.timeout(sessionId.equals(BROWSER) ? "the browser" : "the page", timeoutMillis)));
        return reply.future().onComplete(ignored -> {
            vertx.cancelTimer(timer);
            replies.forget(id);
        });
    }

    /** Whether Chrome has such a session. */
    private boolean write(int id, String sessionId, String method, JsonObject params) {
        JsonObject command =
                new JsonObject().put("id", id).put("method", method).put("params", params);
        if (!sessionId.equals(BROWSER)) {
            command.put("sessionId", sessionId);
        }
        byte[] text = command.toBuffer().getBytes();
        boolean may = party.add(text, text.length, new CommandAddress(id, sessionId, 1, false));
        party.flush();
        return may;
    }

    /**
     * Opens a blank page of the default browser context that no other party hears of; completes with its target id. The page closes with this
     * connection at the latest, also one that comes after the timeout.
     */
    public Future<String> openHiddenPage(long timeoutMillis) {
        return party.openHiddenPage(context)
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .recover(e -> Future.failedFuture(
                        e instanceof TimeoutException ? Failures.timeout("the browser", timeoutMillis) : e));
    }

    /** Completes when it is closed, by whomever, with what is known of it. */
    public Future<String> closed() {
        return closed.future();
    }

    public Future<Void> close() {
        party.close();
        end(Optional.empty());
        return closed.future().mapEmpty();
    }

    private void end(Optional<String> why) {
        if (closed.tryComplete(why.orElse("the connection to Chrome was lost while Chrome was still running"))) {
            vertx.setTimer(GONE_MILLIS, late -> replies.failAll("the browser is gone"));
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

    static JsonObject parse(byte[] json, int length) throws IOException {
        return new JsonObject(MAPPER.readValue(json, 0, length, new TypeReference<Map<String, Object>>() {}));
    }

    /** Chrome's error message in answer to a command. */
    public static final class ChromeRefusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Chrome's error for a command whose session has ended. */
        static final String NO_SESSION = "Session with given id not found.";

        public ChromeRefusal(String message) {
            super(message, null, false, false);
        }
    }
}
