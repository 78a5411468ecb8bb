package dev.berth.browser;

import dev.berth.browser.CdpConnection.CdpEvent;
import dev.berth.protocol.NetworkEntry;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Follows requests from their sending to their end, over all targets of one Chrome: the document of a cross-site iframe is
 * requested by its parent's target and finished by its own, so a request is known by its id alone.
 */
final class NetworkTracker {
    private static final int MAX_PENDING = 10_000;

    private final Map<String, PendingRequest> pending = new LinkedHashMap<>();
    private final Map<String, JsonObject> earlyHeaders = new LinkedHashMap<>();
    private final Consumer<NetworkEntry> finished;
    private final DocumentListener responded;

    /** Is told of each document that came over HTTP. */
    @FunctionalInterface
    interface DocumentListener {
        void responded(String frameId, String loaderId, int status);
    }

    NetworkTracker(Consumer<NetworkEntry> finished, DocumentListener responded) {
        this.finished = finished;
        this.responded = responded;
    }

    /** An event of the {@code Network} domain; those that tell nothing new are passed over. */
    void handle(CdpEvent event) {
        JsonObject params = event.params();
        String id = params.getString("requestId", "");
        switch (event.method()) {
            case "Network.requestWillBeSent" -> sent(event.sessionId(), id, params);
            case "Network.requestWillBeSentExtraInfo" -> headersSent(id, params.getJsonObject("headers"));
            case "Network.requestServedFromCache" -> with(id, PendingRequest::fromCache);
            case "Network.responseReceived" -> response(event.sessionId(), id, params);
            case "Network.loadingFinished" -> finish(id, r -> r.finished(params));
            case "Network.loadingFailed" -> finish(id, r -> r.failed(params));
            case "Network.webSocketCreated" ->
                begin(id, PendingRequest.webSocket(event.sessionId(), params.getString("url")));
            case "Network.webSocketWillSendHandshakeRequest" -> with(id, r -> r.handshakeSent(params));
            case "Network.webSocketHandshakeResponseReceived" -> with(id, r -> r.handshakeAnswered(params));
            case "Network.webSocketFrameError" -> with(id, r -> r.broken(params.getString("errorMessage")));
            case "Network.webSocketClosed" -> finish(id, r -> r.closed(params.getDouble("timestamp")));
            default -> {}
        }
    }

    private void sent(String sessionId, String id, JsonObject params) {
        JsonObject redirect = params.getJsonObject("redirectResponse");
        PendingRequest earlier = pending.get(id);
        if (earlier != null && redirect == null) {
            return; // the same request, seen by a second target
        }
        if (earlier != null) {
            finished.accept(earlier.redirected(redirect, params.getDouble("timestamp")));
        }
        PendingRequest request = PendingRequest.of(sessionId, params);
        begin(id, request);
        JsonObject early = earlyHeaders.remove(id);
        if (early != null) {
            request.headersSent(early);
        }
    }

    /** A page may begin any number of requests that never end. */
    private void begin(String id, PendingRequest request) {
        if (pending.size() >= MAX_PENDING) {
            String oldest = pending.keySet().iterator().next();
            finish(oldest, r -> r.abandoned("more than " + MAX_PENDING + " requests were in flight"));
        }
        pending.put(id, request);
    }

    /** May come before the request that it belongs to. */
    private void headersSent(String id, JsonObject headers) {
        PendingRequest request = pending.get(id);
        if (request != null && !request.hasSentHeaders()) {
            request.headersSent(headers);
        } else {
            earlyHeaders.put(id, headers);
            bound(earlyHeaders);
        }
    }

    private void response(String sessionId, String id, JsonObject params) {
        with(id, r -> r.responded(sessionId, params));
        if ("Document".equals(params.getString("type"))) {
            responded.responded(
                    params.getString("frameId", ""),
                    id,
                    params.getJsonObject("response").getInteger("status"));
        }
    }

    private void with(String id, Consumer<PendingRequest> step) {
        PendingRequest request = pending.get(id);
        if (request != null) {
            step.accept(request);
        }
    }

    private void finish(String id, java.util.function.Function<PendingRequest, NetworkEntry> ending) {
        PendingRequest request = pending.remove(id);
        earlyHeaders.remove(id);
        if (request != null) {
            finished.accept(ending.apply(request));
        }
    }

    /** A target is gone: what it had in flight will not finish. */
    void targetGone(String sessionId) {
        abandon(r -> r.sessionId().equals(sessionId), "the page or worker was closed before the end of the request");
    }

    /** The session ends. */
    void abandonAll() {
        abandon(r -> true, "the session ended before the end of the request");
    }

    private void abandon(Predicate<PendingRequest> which, String why) {
        List<String> ids = pending.entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        ids.forEach(id -> finish(id, r -> r.abandoned(why)));
    }

    /** Headers whose request never comes (its target was not watched) must not gather for ever. */
    private static void bound(Map<String, ?> map) {
        if (map.size() > 256) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
