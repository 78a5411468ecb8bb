package dev.berth.browser.watch.network;

import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.protocol.ExtensionOrigins;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.RouteEntry.AppliedRoute;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Follows requests from start to end, over all targets of one Chrome. A request is identified by its id alone: the document of a
 * cross-site iframe is requested in the parent's target and finished in its own. Lives on the browser's context.
 */
public final class NetworkTracker {
    private static final String CLOSED = "the page or worker was closed before the end of the request";
    private static final String TOO_MANY = "more requests were in flight than Berth keeps";
    /**
     * The resource types whose body is read by a script, which may leave it unread. Chrome itself reads all others to their
     * end.
     */
    private static final Set<String> READ_BY_SCRIPTS = Set.of("Fetch", "XHR", "Other");

    private final RequestsInFlight inFlight;
    private final OpenBodies openBodies = new OpenBodies();
    private final EarlyRoutes early = new EarlyRoutes();
    private final LongSupplier nanos;
    private final Consumer<NetworkEntry> finished;
    private final BiConsumer<String, NetworkEntry> loaded;
    private final DocumentListener responded;
    private final Function<String, Optional<String>> pageOf;
    private final ConnectionOutcomes outcomes;
    private final boolean keepsBodies;
    private final ExtensionOrigins extensions;

    /** Called for each document's response over HTTP. */
    @FunctionalInterface
    public interface DocumentListener {
        void responded(String frameId, String loaderId, int status);
    }

    /**
     * @param loaded called instead of {@code finished}, with the target's session, for a request whose response came to its end
     * @param nanos a monotonic clock
     * @param pageOf the page that a session of the eyes belongs to
     * @param outcomes know why the proxy refused a connection of Chrome, and the address of a connection that was made
     * @param keepsBodies whether the session keeps what requests send
     * @param extensions of the session, which are told in initiators
     */
    public NetworkTracker(
            Consumer<NetworkEntry> finished,
            BiConsumer<String, NetworkEntry> loaded,
            DocumentListener responded,
            LongSupplier nanos,
            Function<String, Optional<String>> pageOf,
            ConnectionOutcomes outcomes,
            boolean keepsBodies,
            ExtensionOrigins extensions) {
        this.loaded = loaded;
        this.pageOf = pageOf;
        this.outcomes = outcomes;
        this.keepsBodies = keepsBodies;
        this.extensions = extensions;
        this.nanos = nanos;
        this.finished = finished;
        this.inFlight =
                new RequestsInFlight(request -> request.abandoned(TOO_MANY).ifPresent(finished));
        this.responded = responded;
    }

    /**
     * Takes any event of the {@code Network} domain; unknown ones are ignored. An error that says no more than that Chrome's proxy
     * refused a connection is replaced, in the event too.
     */
    public void handle(CdpEvent event) {
        JsonObject params = event.params();
        String id = params.getString("requestId", "");
        switch (event.method()) {
            case "Network.requestWillBeSent" -> sent(event.sessionId(), id, params);
            case "Network.requestWillBeSentExtraInfo" ->
                headersSent(id, KeptHeaders.of(params.getJsonObject("headers")));
            case "Network.requestServedFromCache" -> inFlight.update(id, PendingRequest::fromCache);
            case "Network.responseReceived" -> response(event.sessionId(), id, params);
            case "Network.dataReceived" -> {
                inFlight.find(id).ifPresent(r -> r.received(params));
                openBodies.read(id, nanos.getAsLong());
            }
            case "Network.loadingFinished" -> loaded(id, params);
            case "Network.loadingFailed" -> {
                inFlight.find(id).ifPresent(r -> r.explain(params, "errorText"));
                finish(id, r -> r.failed(params));
            }
            case "Network.webSocketCreated" ->
                inFlight.begin(id, PendingRequest.webSocket(event.sessionId(), socket(event), outcomes));
            case "Network.webSocketWillSendHandshakeRequest" -> inFlight.update(id, r -> r.handshakeSent(params));
            case "Network.webSocketHandshakeResponseReceived" ->
                inFlight.update(
                        id, r -> r.handshakeAnswered(params, nanos.getAsLong()).ifPresent(finished));
            case "Network.webSocketFrameSent" -> inFlight.update(id, r -> r.message(true, params));
            case "Network.webSocketFrameReceived" -> inFlight.update(id, r -> r.message(false, params));
            case "Network.webSocketFrameError" ->
                inFlight.update(id, r -> {
                    r.explain(params, "errorMessage");
                    r.broken(params.getString("errorMessage"));
                });
            case "Network.webSocketClosed" -> finish(id, r -> r.closed(params.getDouble("timestamp")));
            default -> {}
        }
    }

    private RequestFacts socket(CdpEvent event) {
        return RequestFacts.ofSocket(event.params(), pageOf.apply(event.sessionId()), extensions);
    }

    private void sent(String sessionId, String id, JsonObject params) {
        JsonObject redirect = params.getJsonObject("redirectResponse");
        Optional<PendingRequest> earlier = inFlight.find(id);
        if (earlier.isPresent() && redirect == null) {
            return; // the same request, reported by a second target
        }
        openBodies.over(id);
        inFlight.remove(id)
                .map(r -> r.redirected(redirect, params.getDouble("timestamp")))
                .ifPresent(finished);
        RequestFacts facts = RequestFacts.of(params, pageOf.apply(sessionId), keepsBodies, extensions);
        PendingRequest request = PendingRequest.of(sessionId, params, facts, outcomes);
        inFlight.takeEarly(id).ifPresent(request::headersSent);
        early.take(id, facts).ifPresent(request::routed);
        inFlight.begin(id, request);
    }

    /** This event may come before that of its request. */
    private void headersSent(String id, KeptHeaders headers) {
        if (inFlight.find(id).filter(request -> !request.hasSentHeaders()).isPresent()) {
            inFlight.update(id, request -> request.headersSent(headers));
        } else {
            inFlight.keepEarly(id, headers);
        }
    }

    /** A rule held for a request. This may be known before the request is, or its redirect. */
    public void routed(String id, String url, AppliedRoute rule) {
        if (inFlight.find(id).filter(request -> request.isFor(url)).isPresent()) {
            inFlight.update(id, request -> request.routed(rule));
        } else {
            early.keep(id, url, rule);
        }
    }

    private void response(String sessionId, String id, JsonObject params) {
        inFlight.update(id, r -> r.responded(sessionId, params));
        if (READ_BY_SCRIPTS.contains(params.getString("type", "Other"))
                && inFlight.find(id).filter(request -> !request.isTold()).isPresent()) {
            openBodies.answered(id, nanos.getAsLong());
        }
        if ("Document".equals(params.getString("type"))) {
            responded.responded(
                    params.getString("frameId", ""),
                    id,
                    params.getJsonObject("response").getInteger("status"));
        }
    }

    long bytesInFlight() {
        return inFlight.bytes();
    }

    /** Whether {@link #endUnread} must be called after a while. */
    public boolean awaitsBodies() {
        return !openBodies.isEmpty();
    }

    /** Reports the requests whose body no one reads. They stay tracked, as they may still fail. */
    public void endUnread() {
        openBodies
                .takeStale(nanos.getAsLong())
                .forEach(id -> inFlight.find(id).map(PendingRequest::unread).ifPresent(finished));
    }

    private void loaded(String id, JsonObject params) {
        String session = inFlight.find(id).map(PendingRequest::sessionId).orElse("");
        end(id).flatMap(request -> request.finished(params)).ifPresent(entry -> loaded.accept(session, entry));
    }

    private void finish(String id, Function<PendingRequest, Optional<NetworkEntry>> ending) {
        end(id).flatMap(ending).ifPresent(finished);
    }

    private Optional<PendingRequest> end(String id) {
        openBodies.over(id);
        inFlight.takeEarly(id);
        return inFlight.remove(id);
    }

    /** A target is gone: its requests in flight will not finish. */
    public void targetGone(String sessionId) {
        abandon(r -> r.sessionId().equals(sessionId), CLOSED);
    }

    /** A target has another document: Chrome does not tell of the WebSockets that ended with the one before. */
    public void documentGone(String sessionId) {
        abandon(r -> r.isSocket() && r.sessionId().equals(sessionId), CLOSED);
    }

    public void abandonAll() {
        abandon(r -> true, "the session ended before the end of the request");
    }

    private void abandon(Predicate<PendingRequest> which, String why) {
        inFlight.ids(which).forEach(id -> finish(id, r -> r.left(why, nanos.getAsLong())));
    }

    /** Rules that held for requests which have not been reported yet, or never are. Bounded in number; patterns bound their URLs. */
    private static final class EarlyRoutes {
        private static final int MAX = 256;

        private record Early(String url, AppliedRoute rule) {}

        private final Map<String, Early> byRequest = new LinkedHashMap<>();

        void keep(String id, String url, AppliedRoute rule) {
            byRequest.remove(id);
            byRequest.put(id, new Early(url, rule));
            if (byRequest.size() > MAX) {
                byRequest.remove(byRequest.keySet().iterator().next());
            }
        }

        Optional<AppliedRoute> take(String id, RequestFacts facts) {
            return Optional.ofNullable(byRequest.get(id))
                    .filter(early -> facts.isFor(early.url()))
                    .map(early -> byRequest.remove(id).rule());
        }
    }

    /**
     * The requests that have a response, but have not ended. Chrome reports the end when the body has been read, which a script may
     * never do: a body of which nothing is read for 5 s counts as ended. Pure; times are in nanoseconds.
     */
    static final class OpenBodies {
        static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

        /** The time of the last event of each, oldest first. */
        private final Map<String, Long> heardAt = new LinkedHashMap<>();

        void answered(String id, long now) {
            heardAt.remove(id);
            heardAt.put(id, now);
        }

        void read(String id, long now) {
            if (heardAt.containsKey(id)) {
                answered(id, now);
            }
        }

        void over(String id) {
            heardAt.remove(id);
        }

        boolean isEmpty() {
            return heardAt.isEmpty();
        }

        /** Removes and returns those without an event for {@link #PATIENCE_NANOS}. */
        List<String> takeStale(long now) {
            List<String> unread = new ArrayList<>();
            Iterator<Map.Entry<String, Long>> oldest = heardAt.entrySet().iterator();
            while (oldest.hasNext()) {
                Map.Entry<String, Long> next = oldest.next();
                if (now - next.getValue() < PATIENCE_NANOS) {
                    break;
                }
                unread.add(next.getKey());
                oldest.remove();
            }
            return unread;
        }
    }
}
