package dev.berth.browser.watch.network;

import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.NetworkEntry.RequestInitiator;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/**
 * The facts of a request that are known from its beginning, within limits, as pages choose most of them.
 *
 * @param bodyBytes empty where Chrome does not give the whole body; the header with the length may come after the request's end
 */
record RequestFacts(
        String id,
        String url,
        String method,
        String resourceType,
        Optional<String> pageId,
        Optional<String> documentId,
        Optional<String> frameId,
        Optional<RequestInitiator> initiator,
        Optional<String> priority,
        boolean hasBody,
        Optional<Long> bodyBytes,
        Optional<String> body) {
    private static final int MAX_URL_CHARS = 8_192;
    private static final int MAX_INITIATOR_CHARS = 2_048;
    private static final int MAX_NAME_CHARS = 200;
    /** Limit for the body of a request, in characters: Chrome sends no more of it. */
    private static final int MAX_BODY_CHARS = 16_384;

    /** The facts of a {@code Network.requestWillBeSent}. */
    static RequestFacts of(
            JsonObject event, Optional<String> pageId, boolean keepsBodies, ExtensionOrigins extensions) {
        JsonObject request = event.getJsonObject("request");
        return new RequestFacts(
                event.getString("requestId", ""),
                Truncation.marked(request.getString("url") + request.getString("urlFragment", ""), MAX_URL_CHARS),
                Truncation.marked(request.getString("method"), MAX_NAME_CHARS),
                event.getString("type", "Other").toLowerCase(Locale.ROOT),
                pageId,
                text(event, "loaderId"),
                text(event, "frameId").filter(frame -> !pageId.equals(Optional.of(frame))),
                initiator(event.getJsonObject("initiator"), extensions),
                text(request, "initialPriority"),
                request.getBoolean("hasPostData", false),
                bytes(request.getJsonArray("postDataEntries", new JsonArray())),
                text(request, "postData")
                        .filter(sent -> keepsBodies)
                        .map(sent -> Truncation.ellipsis(sent, MAX_BODY_CHARS)));
    }

    /** @param entries the parts of a body, each in Base64; without bytes for a file */
    private static Optional<Long> bytes(JsonArray entries) {
        long sum = 0;
        for (Object entry : entries) {
            String encoded = ((JsonObject) entry).getString("bytes", "");
            if (encoded.isEmpty()) {
                return Optional.empty();
            }
            sum += encoded.length() / 4L * 3 - (encoded.endsWith("==") ? 2 : encoded.endsWith("=") ? 1 : 0);
        }
        return Optional.of(sum).filter(known -> known > 0);
    }

    /** Whether this is its URL but for the fragment. */
    boolean isFor(String withoutFragment) {
        return url.startsWith(withoutFragment)
                && (url.length() == withoutFragment.length() || url.charAt(withoutFragment.length()) == '#');
    }

    /** The facts of a {@code Network.webSocketCreated}. */
    static RequestFacts ofSocket(JsonObject event, Optional<String> pageId, ExtensionOrigins extensions) {
        return new RequestFacts(
                event.getString("requestId", ""),
                Truncation.marked(event.getString("url"), MAX_URL_CHARS),
                "GET",
                "websocket",
                pageId,
                Optional.empty(),
                Optional.empty(),
                initiator(event.getJsonObject("initiator"), extensions),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<String> text(JsonObject object, String name) {
        return Optional.ofNullable(object.getString(name)).filter(text -> !text.isEmpty());
    }

    private static Optional<RequestInitiator> initiator(JsonObject initiator, ExtensionOrigins extensions) {
        if (initiator == null) {
            return Optional.empty();
        }
        JsonObject place = place(initiator);
        return Optional.of(new RequestInitiator(
                Truncation.cut(initiator.getString("type", "other"), MAX_NAME_CHARS),
                text(place, "url").map(url -> Truncation.marked(url, MAX_INITIATOR_CHARS)),
                // Chrome counts from 0.
                Optional.ofNullable(place.getDouble("lineNumber")).map(line -> line.intValue() + 1),
                text(place, "url").flatMap(extensions::nameOf)));
    }

    /** The object with {@code url} and {@code lineNumber}: the top frame of a script, otherwise the initiator itself. */
    private static JsonObject place(JsonObject initiator) {
        JsonObject stack = initiator.getJsonObject("stack");
        while (stack != null) {
            JsonArray frames = stack.getJsonArray("callFrames", new JsonArray());
            if (!frames.isEmpty()) {
                return frames.getJsonObject(0);
            }
            stack = stack.getJsonObject("parent");
        }
        return initiator;
    }

    /** Approximate memory: bytes. */
    int bytes() {
        return url.length()
                + method.length()
                + initiator.flatMap(RequestInitiator::url).map(String::length).orElse(0)
                + body.map(String::length).orElse(0);
    }
}
