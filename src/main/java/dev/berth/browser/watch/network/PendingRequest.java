package dev.berth.browser.watch.network;

import dev.berth.browser.ConnectionOutcomes;
import dev.berth.browser.ConnectionOutcomes.Passage;
import dev.berth.protocol.NetworkEntry;
import dev.berth.protocol.NetworkEntry.BlockedRequest;
import dev.berth.protocol.RouteEntry.AppliedRoute;
import dev.berth.protocol.RouteEntry.RouteAction;
import dev.berth.protocol.SocketMessages.State;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** One request in flight. */
final class PendingRequest {
    private static final int MAX_ERROR_CHARS = 4_096;
    private static final int MAX_NAME_CHARS = 200;
    /** The memory of this object besides its texts. */
    private static final int OBJECT_BYTES = 600;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final double NANOS_PER_SECOND = 1e9;

    private final RequestFacts facts;
    private final ConnectionOutcomes outcomes;
    private final SocketLog messages = new SocketLog();
    private double startedAt;
    private Instant timestamp;
    private String sessionId;
    private KeptHeaders requestHeaders;
    private KeptHeaders responseHeaders = KeptHeaders.NONE;
    private Optional<Integer> status = Optional.empty();
    private String mimeType = "";
    private Optional<String> error = Optional.empty();
    private boolean sentHeaders;
    private boolean fromCache;
    private boolean fromServiceWorker;
    private double lastSeenAt;
    private double receivedBytes;
    private double decodedBytes;
    private Optional<String> httpVersion = Optional.empty();
    private Optional<String> remoteAddress = Optional.empty();
    private Optional<ResponseTiming> timing = Optional.empty();
    private Optional<BlockedRequest> blocked = Optional.empty();
    private Optional<AppliedRoute> rule = Optional.empty();
    private boolean told;
    private State socketState = State.CLOSED;
    private long openedNanos;

    private PendingRequest(
            String sessionId,
            RequestFacts facts,
            ConnectionOutcomes outcomes,
            double startedAt,
            double wallTime,
            JsonObject headers) {
        this.sessionId = sessionId;
        this.facts = facts;
        this.outcomes = outcomes;
        this.startedAt = startedAt;
        this.lastSeenAt = startedAt;
        this.timestamp = instant(wallTime);
        this.requestHeaders = KeptHeaders.of(headers);
    }

    /** @param event {@code Network.requestWillBeSent} */
    static PendingRequest of(String sessionId, JsonObject event, RequestFacts facts, ConnectionOutcomes outcomes) {
        return new PendingRequest(
                sessionId,
                facts,
                outcomes,
                event.getDouble("timestamp"),
                event.getDouble("wallTime"),
                event.getJsonObject("request").getJsonObject("headers"));
    }

    /** The request of a {@code Network.webSocketCreated}, which has no timestamp: the handshake's event has it. */
    static PendingRequest webSocket(String sessionId, RequestFacts facts, ConnectionOutcomes outcomes) {
        double now = System.currentTimeMillis() / 1000.0;
        return new PendingRequest(sessionId, facts, outcomes, Double.NaN, now, new JsonObject());
    }

    String sessionId() {
        return sessionId;
    }

    /** Approximate memory: bytes. */
    int bytes() {
        return OBJECT_BYTES + facts.bytes() + messages.bytes() + requestHeaders.bytes() + responseHeaders.bytes();
    }

    boolean isSocket() {
        return facts.resourceType().equals("websocket");
    }

    boolean hasSentHeaders() {
        return sentHeaders;
    }

    /** The headers that were really sent, with cookies. */
    void headersSent(KeptHeaders headers) {
        sentHeaders = true;
        requestHeaders = headers;
    }

    boolean isFor(String url) {
        return facts.isFor(url);
    }

    void routed(AppliedRoute by) {
        rule = Optional.of(by);
    }

    void fromCache() {
        fromCache = true;
    }

    void responded(String session, JsonObject event) {
        sessionId = session;
        response(event.getJsonObject("response"), event.getDouble("timestamp"));
    }

    private void response(JsonObject response, double at) {
        status = Optional.of(response.getInteger("status"));
        mimeType = Truncation.cut(response.getString("mimeType", ""), MAX_NAME_CHARS);
        responseHeaders = KeptHeaders.of(response.getJsonObject("headers"));
        fromCache |= response.getBoolean("fromDiskCache", false) || response.getBoolean("fromPrefetchCache", false);
        fromServiceWorker = response.getBoolean("fromServiceWorker", false);
        receivedBytes = response.getDouble("encodedDataLength", 0.0);
        httpVersion = text(response, "protocol");
        // The address that Chrome tells is its proxy's.
        remoteAddress = text(response, "remoteIPAddress")
                .flatMap(ip -> outcomes.last(facts.url()))
                .flatMap(Passage::remoteAddress);
        timing = Optional.ofNullable(response.getJsonObject("timing")).map(ResponseTiming::of);
        lastSeenAt = at;
    }

    private static Optional<String> text(JsonObject object, String name) {
        return Optional.ofNullable(object.getString(name))
                .filter(text -> !text.isEmpty())
                .map(text -> Truncation.cut(text, MAX_NAME_CHARS));
    }

    /** {@code Network.dataReceived}: a part of the body. */
    void received(JsonObject event) {
        decodedBytes += event.getDouble("dataLength", 0.0);
        receivedBytes += event.getDouble("encodedDataLength", 0.0);
        lastSeenAt = event.getDouble("timestamp");
    }

    void handshakeSent(JsonObject event) {
        headersSent(KeptHeaders.of(event.getJsonObject("request").getJsonObject("headers")));
        startedAt = event.getDouble("timestamp");
        lastSeenAt = startedAt;
        timestamp = instant(event.getDouble("wallTime"));
    }

    /** Chrome has one error for all that its proxy refuses: puts the proxy's own reason in the place of Chrome's. Names the rule, too. */
    void explain(JsonObject event, String field) {
        String text = event.getString(field, "");
        if (ConnectionOutcomes.isUnexplained(text)) {
            blocked = outcomes.last(facts.url()).flatMap(Passage::blocked);
            event.put(field, outcomes.explain(text, facts.url()));
        }
        rule.filter(by -> by.action() == RouteAction.BLOCK || by.action() == RouteAction.FAIL)
                .ifPresent(by -> stopped(by, event, field, text));
    }

    private void stopped(AppliedRoute by, JsonObject event, String field, String text) {
        // For some frames Chrome says that a debugger did it.
        event.remove("blockedReason");
        event.put(field, text.replace(".Inspector", "") + " (by the session's " + by.routeId() + ")");
        if (by.action() == RouteAction.BLOCK) {
            blocked = Optional.of(new BlockedRequest(by.routeId(), "the session's " + by.routeId() + " blocks it"));
        }
    }

    /** A WebSocket failed; its close event follows. */
    void broken(String why) {
        error = Optional.of(Truncation.cut(why, MAX_ERROR_CHARS));
    }

    /** Gives an entry where the server has accepted the WebSocket, which may then stay open for as long as the session. */
    Optional<NetworkEntry> handshakeAnswered(JsonObject event, long nowNanos) {
        JsonObject response = event.getJsonObject("response");
        status = Optional.of(response.getInteger("status"));
        responseHeaders = KeptHeaders.of(response.getJsonObject("headers"));
        lastSeenAt = event.getDouble("timestamp");
        if (!status.equals(Optional.of(SWITCHING_PROTOCOLS))) {
            return Optional.empty();
        }
        socketState = State.OPEN;
        openedNanos = nowNanos;
        return Optional.of(entry(lastSeenAt, 0, Optional.empty()));
    }

    /** {@code Network.webSocketFrameSent} or {@code …Received}. */
    void message(boolean sent, JsonObject event) {
        double at = event.getDouble("timestamp");
        long millis = Double.isNaN(startedAt) ? 0 : (long) ((at - startedAt) * 1_000);
        messages.add(sent, event.getJsonObject("response"), timestamp.plusMillis(millis));
    }

    NetworkEntry redirected(JsonObject response, double at) {
        response(response, at);
        return entry(at, response.getDouble("encodedDataLength", 0.0), Optional.empty());
    }

    /** Empty if an entry was made already. */
    Optional<NetworkEntry> finished(JsonObject event) {
        return unlessTold(
                entry(event.getDouble("timestamp"), event.getDouble("encodedDataLength", 0.0), Optional.empty()));
    }

    /**
     * A failure gives a second entry for a request that has one already; but not a cancellation, as Chrome cancels by itself
     * what no one reads.
     */
    Optional<NetworkEntry> failed(JsonObject event) {
        NetworkEntry failure = failure(event);
        return event.getBoolean("canceled", false) ? unlessTold(failure) : Optional.of(failure);
    }

    private Optional<NetworkEntry> unlessTold(NetworkEntry entry) {
        return told ? Optional.empty() : Optional.of(entry);
    }

    private NetworkEntry failure(JsonObject event) {
        String text = event.getString("errorText", "");
        String blocked = event.getString("blockedReason", "");
        JsonObject cors = event.getJsonObject("corsErrorStatus");
        String why = (text.isEmpty() ? "failed" : text)
                + (blocked.isEmpty() ? "" : " (blocked: " + blocked + ")")
                + (cors == null ? "" : " (CORS: " + cors.getString("corsError") + ")")
                + (told ? " (after a response that was reported before)" : "");
        return entry(event.getDouble("timestamp"), 0, Optional.of(Truncation.cut(why, MAX_ERROR_CHARS)));
    }

    Optional<NetworkEntry> closed(double at) {
        socketState = State.CLOSED;
        return Optional.of(entry(at, 0, error));
    }

    /** The page, worker or session of the request is over: an open WebSocket ended with that, any other request came to no end. */
    Optional<NetworkEntry> left(String why, long nowNanos) {
        return socketState == State.OPEN
                ? closed(lastSeenAt + (nowNanos - openedNanos) / NANOS_PER_SECOND)
                : abandoned(why);
    }

    /** A request that came to no known end. */
    Optional<NetworkEntry> abandoned(String why) {
        socketState = State.CLOSED;
        return unlessTold(entry(lastSeenAt, 0, Optional.of(why)));
    }

    /** Whether an entry was made of it before its end. */
    boolean isTold() {
        return told;
    }

    /** Makes an entry of a request that has a response, but whose body no one reads to its end. */
    NetworkEntry unread() {
        told = true;
        return entry(lastSeenAt, receivedBytes, Optional.empty());
    }

    private static Instant instant(double epochSeconds) {
        return Instant.ofEpochMilli((long) (epochSeconds * 1000));
    }

    private NetworkEntry entry(double endedAt, double size, Optional<String> failure) {
        double millis = Double.isNaN(startedAt) ? 0 : Math.max(0, Math.round((endedAt - startedAt) * 1e6) / 1e3);
        return new NetworkEntry(
                facts.url(),
                facts.method(),
                status,
                millis,
                (long) size,
                facts.resourceType(),
                mimeType,
                timestamp,
                fromCache,
                fromServiceWorker,
                failure,
                requestHeaders.values(),
                responseHeaders.values(),
                Optional.of(facts.id()),
                facts.pageId(),
                facts.documentId(),
                facts.frameId(),
                facts.initiator(),
                facts.priority(),
                httpVersion,
                remoteAddress,
                timing.map(known -> known.phases(startedAt, endedAt)),
                decodedBytes > 0 ? Optional.of((long) decodedBytes) : Optional.empty(),
                bodySize(),
                facts.body(),
                isSocket() ? Optional.of(messages.messages(socketState)) : Optional.empty(),
                Optional.empty(),
                blocked,
                rule);
    }

    private Optional<Long> bodySize() {
        return facts.hasBody() ? requestHeaders.contentLength().or(facts::bodyBytes) : Optional.empty();
    }
}
