package dev.berth.browser.watch.network;

import dev.berth.browser.BrowserListener;
import dev.berth.browser.BrowserListener.ResponseBody;
import dev.berth.browser.cdp.CdpConnection;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.KeptBody.BodyEntry;
import dev.berth.protocol.NetworkEntry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the bodies of finished responses from Chrome, where the session keeps them: those of text, JSON and the like, a few at a
 * time. A request is reported once its body is there, or once it is known why it can't be had: it never waits for long, and holds up
 * nothing else. Lives on the browser's context.
 */
public final class ResponseBodies {
    public static final int MAX_BYTES = 1 << 20;
    private static final String TOO_FAST = "bodies came faster than they could be read";
    private static final String TOO_LARGE = "it has more than " + (MAX_BYTES >> 10) + " KiB";
    /** Limit for an answer with a body in JSON, with its escapes: bytes. */
    private static final int MAX_ANSWER_BYTES = 3 * MAX_BYTES;

    static final int MAX_READING = 4;
    static final int MAX_WAITING = 500;
    /** Limit for the requests that wait, in bytes: pages choose their URLs, headers and bodies. */
    static final long MAX_WAITING_BYTES = 4 << 20;
    /** The memory of a request besides its large texts. */
    private static final int ENTRY_BYTES = 4_000;

    private static final long READ_MILLIS = 3_000;
    private static final Pattern TEXT = Pattern.compile(
            "text/.*|(application|model|image)/(.*\\+)?(json|xml|javascript|ecmascript|x-javascript|x-www-form-urlencoded"
                    + "|graphql.*|ld\\+json|x-ndjson|yaml|x-yaml|sql|toml)");
    /** Scripts ask for data without a type, too. */
    private static final Set<String> DATA = Set.of("fetch", "xhr");

    private final Source source;
    private final BrowserListener listener;
    private final boolean wanted;
    private final Set<Finished> reading = new LinkedHashSet<>();
    private final Queue<Finished> waiting = new ArrayDeque<>();
    private long waitingBytes;

    /** Gives Chrome's {@code Network.getResponseBody}. */
    interface Source {
        Future<JsonObject> body(String sessionId, String requestId);
    }

    public ResponseBodies(CdpConnection connection, BrowserListener listener, boolean wanted) {
        this((session, request) -> ask(connection, session, request), listener, wanted);
    }

    ResponseBodies(Source source, BrowserListener listener, boolean wanted) {
        this.source = source;
        this.listener = listener;
        this.wanted = wanted;
    }

    /** A request whose body is to be read. Each is another, however equal. */
    private static final class Finished {
        private final String sessionId;
        private final NetworkEntry entry;
        private final long bytes;

        private Finished(String sessionId, NetworkEntry entry) {
            this.sessionId = sessionId;
            this.entry = entry;
            this.bytes = ENTRY_BYTES
                    + entry.url().length()
                    + chars(entry.requestHeaders())
                    + chars(entry.responseHeaders())
                    + entry.requestBody().map(String::length).orElse(0);
        }

        private static long chars(Map<String, String> headers) {
            return headers.entrySet().stream()
                    .mapToLong(header ->
                            header.getKey().length() + header.getValue().length())
                    .sum();
        }
    }

    /** A response has come to its end. */
    public void finished(String sessionId, NetworkEntry entry) {
        if (!wanted || !mayBeKept(entry)) {
            listener.requestFinished(entry);
        } else if (entry.contentSize().orElse(0L) > MAX_BYTES) {
            listener.requestFinished(entry, ResponseBody.missing(TOO_LARGE));
        } else {
            read(new Finished(sessionId, entry));
        }
    }

    private void read(Finished request) {
        if (waiting.size() == MAX_WAITING || waitingBytes + request.bytes > MAX_WAITING_BYTES) {
            listener.requestFinished(request.entry, ResponseBody.missing(TOO_FAST));
        } else {
            waiting.add(request);
            waitingBytes += request.bytes;
            readNext();
        }
    }

    private static boolean mayBeKept(NetworkEntry entry) {
        return entry.status().isPresent()
                && (TEXT.matcher(entry.mimeType()).matches()
                        || entry.mimeType().isEmpty() && DATA.contains(entry.resourceType()));
    }

    private void readNext() {
        while (reading.size() < MAX_READING && !waiting.isEmpty()) {
            Finished next = waiting.remove();
            waitingBytes -= next.bytes;
            reading.add(next);
            body(next).onComplete(read -> {
                if (reading.remove(next)) {
                    listener.requestFinished(
                            next.entry,
                            read.succeeded() ? read.result() : ResponseBody.missing(whyMissing(read.cause())));
                    readNext();
                }
            });
        }
    }

    private static String whyMissing(Throwable e) {
        return switch (e instanceof BerthException known ? known.code() : ErrorCode.NOT_FOUND) {
            case TIMEOUT -> "the page did not answer in time";
            case NOT_READY -> TOO_FAST;
            default -> "the browser no longer has it";
        };
    }

    private Future<ResponseBody> body(Finished request) {
        return source.body(request.sessionId, request.entry.requestId().orElseThrow())
                .map(answer -> body(request.entry, answer));
    }

    private static Future<JsonObject> ask(CdpConnection connection, String sessionId, String requestId) {
        return WholeAnswer.MEMORY.lend(share -> connection.sendForAll(
                sessionId,
                "Network.getResponseBody",
                new JsonObject().put("requestId", requestId),
                READ_MILLIS,
                new WholeAnswer(MAX_ANSWER_BYTES, WholeAnswer.TEXT, share)));
    }

    private static ResponseBody body(NetworkEntry entry, JsonObject answer) {
        String content = answer.getString("body", "");
        if (content.length() > MAX_BYTES / 3 * 4 + 4) {
            return ResponseBody.missing(TOO_LARGE);
        }
        Optional<String> text = answer.getBoolean("base64Encoded", false) ? decoded(content) : Optional.of(content);
        return text.map(all -> all.length() > MAX_BYTES
                        ? ResponseBody.missing(TOO_LARGE)
                        : ResponseBody.of(new BodyEntry(entry.mimeType(), all)))
                .orElseGet(() -> ResponseBody.missing("it is not text"));
    }

    /** Chrome gives bytes where it has not read the text itself, such as of an SVG image. */
    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Reports what is not read yet. */
    public void stop() {
        List.copyOf(reading).forEach(this::giveUp);
        waiting.forEach(this::giveUp);
        reading.clear();
        waiting.clear();
        waitingBytes = 0;
    }

    private void giveUp(Finished request) {
        listener.requestFinished(request.entry, ResponseBody.missing("the session ended before it was read"));
    }
}
