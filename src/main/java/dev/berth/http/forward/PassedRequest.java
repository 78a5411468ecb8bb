package dev.berth.http.forward;

import dev.berth.http.request.BodyReceiver;
import dev.berth.http.request.Problem;
import dev.berth.http.request.RequestIds;
import dev.berth.http.request.Validation;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.NodeCommand.ClusterNode;
import dev.berth.websocket.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that another node answers: its body goes there and the answer comes back, each as fast as its reader takes it. An
 * upgraded connection is joined to one with that node, byte by byte. On the event loop of the request.
 */
final class PassedRequest {
    private static final Logger log = LoggerFactory.getLogger(PassedRequest.class);
    /** Time for a client to read the last event of a stream. */
    private static final long FAREWELL_MILLIS = 500;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int MAX_UNLINKED_LOOKS = 3;
    private static final String CLOSE = "close";
    private static final String EVENTS = "text/event-stream";
    /** To other protocols, such as HTTP/2, no connection is upgraded: its requests would pass the entrance of this node by. */
    private static final String WEBSOCKET = "websocket";

    /** Headers between two neighbours only (RFC 9110, 7.6.1). The answer is compressed here, if at all. */
    private static final Set<String> NOT_PASSED = Set.of(
            "connection",
            // This node has told the client to go on.
            "expect",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "accept-encoding");

    /** The header is left out of a request for an upgrade, which has no body: the other node must not wait for one. */
    private static final String LENGTH = "content-length";

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ClusterNode to;
    private final String requestId;
    private final Promise<Void> over = Promise.promise();
    private Optional<HttpClientRequest> passed = Optional.empty();
    /** A connection on which not all of a request was sent can carry no other; one for an upgrade has no end. */
    private boolean sent;

    private int unlinkedLooks;
    private Optional<JoinedEnd> upgraded = Optional.empty();
    private boolean joined;
    /** Whether what the client has had of a stream of events is whole events, so that one more may follow. */
    private boolean wholeEvents;

    private boolean left;

    PassedRequest(HttpServerRequest request, ClusterNode to, String requestId) {
        this.request = request;
        this.response = request.response();
        this.to = to;
        this.requestId = requestId;
    }

    ClusterNode to() {
        return to;
    }

    /** Completes when the client has its answer, or has left. */
    Future<Void> over() {
        return over.future();
    }

    /** @param otherwise answers where the node can't be connected to; empty where only that node can */
    void start(HttpClient client, Optional<Runnable> otherwise) {
        if (isUpgrade() && hasBody()) {
            // A server may take the body for what follows the upgrade, and its next reader for a request.
            end(Validation.invalid(
                    "an upgrade to a WebSocket has no body: leave out Content-Length and Transfer-Encoding"));
            return;
        }
        response.exceptionHandler(e -> log.debug("a client whose request was passed on: {}", e.toString()));
        if (isHttp2()) {
            response.closeHandler(closed -> left());
        } else {
            // The response's own handler would not be called for a client that leaves before it has begun.
            request.connection().closeHandler(closed -> left());
        }
        client.request(new RequestOptions()
                        .setServer(SocketAddress.inetSocketAddress(to.requestPort(), to.host()))
                        .setHost(to.host())
                        .setPort(to.requestPort())
                        .setMethod(request.method())
                        .setURI(request.uri()))
                .onSuccess(this::send)
                .onFailure(e -> unconnected(e, otherwise));
    }

    private boolean hasBody() {
        return BodyReceiver.declaredBytes(request) != 0;
    }

    /** Whether the client speaks HTTP/2. Its connection then carries other requests, too: only the failed one ends. */
    private boolean isHttp2() {
        return request.version() == HttpVersion.HTTP_2;
    }

    private void unconnected(Throwable e, Optional<Runnable> otherwise) {
        if (otherwise.isEmpty()) {
            failed(e);
        } else if (over.tryComplete()) {
            log.debug("{} can't be connected to: {}", to.machineId(), e.toString());
            otherwise.get().run();
        }
    }

    private void left() {
        left = true;
        passed.ifPresent(HttpClientRequest::reset);
        over.tryComplete();
    }

    private void send(HttpClientRequest out) {
        passed = Optional.of(out);
        out.exceptionHandler(e -> log.debug("a request to {}: {}", to.machineId(), e.toString()));
        if (left || over.future().isComplete()) {
            out.reset();
            return;
        }
        copy(request.headers(), out.headers());
        if (isHttp2() && request.authority() != null) {
            // The other node makes links with this host.
            out.putHeader(HttpHeaders.HOST, request.authority().toString());
        }
        out.putHeader(RequestIds.HEADER, requestId);
        if (isUpgrade()) {
            out.headers().remove(LENGTH);
            out.putHeader("Connection", "Upgrade").putHeader("Upgrade", WEBSOCKET);
            request.resume();
            upgraded = Optional.of(JoinedEnd.of(out.connection()));
            out.connect().onSuccess(this::answer).onFailure(this::failed);
            return;
        }
        out.response().onSuccess(this::answer).onFailure(this::failed);
        sendBody(out);
    }

    private boolean isUpgrade() {
        String connection = request.getHeader("Connection");
        return request.method().equals(HttpMethod.GET)
                && WEBSOCKET.equalsIgnoreCase(request.getHeader("Upgrade"))
                && connection != null
                && connection.toLowerCase(Locale.ROOT).contains("upgrade");
    }

    private void sendBody(HttpClientRequest out) {
        boolean declared = request.headers().contains(HttpHeaders.CONTENT_LENGTH);
        if (!declared && !hasBody()) {
            request.resume();
            sent = true;
            out.end();
            return;
        }
        out.setChunked(!declared);
        // A node that refuses the request may stop reading it: what counts is its answer.
        request.pipe()
                .endOnFailure(false)
                .to(out)
                .onSuccess(all -> sent = true)
                .onFailure(e -> log.debug("a body could not be passed on: {}", e.toString()));
    }

    private static void copy(MultiMap from, MultiMap to) {
        from.forEach((name, value) -> {
            if (!NOT_PASSED.contains(name.toLowerCase(Locale.ROOT))) {
                to.add(name, value);
            }
        });
    }

    private void answer(HttpClientResponse answer) {
        answer.exceptionHandler(this::failed);
        if (over.future().isComplete()) {
            passed.ifPresent(HttpClientRequest::reset);
        } else if (answer.statusCode() == SWITCHING_PROTOCOLS && upgraded.isPresent()) {
            join(answer, upgraded.get());
        } else {
            send(answer);
        }
    }

    private void send(HttpClientResponse answer) {
        response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
        copy(answer.headers(), response.headers());
        if (!isHttp2() && (isUpgrade() || CLOSE.equalsIgnoreCase(answer.getHeader(HttpHeaders.CONNECTION)))) {
            // Bytes that the client sends after its request can't be told from another request.
            response.putHeader(HttpHeaders.CONNECTION, CLOSE);
        }
        boolean bodiless =
                request.method().equals(HttpMethod.HEAD) || answer.statusCode() == 204 || answer.statusCode() == 304;
        response.setChunked(!bodiless && !answer.headers().contains(HttpHeaders.CONTENT_LENGTH));
        (bodiless ? response.end() : pipe(answer))
                .onSuccess(done -> {
                    over.tryComplete();
                    if (!sent) {
                        passed.ifPresent(out -> out.connection().close());
                    }
                    // The rest of a request is read also where it was answered before all of it was read.
                    if (isHttp2()) {
                        request.resume();
                    } else if (!request.isEnded() || response.headers().contains(HttpHeaders.CONNECTION)) {
                        request.connection().close();
                    }
                })
                .onFailure(this::failed);
    }

    /** An answer that breaks off must not look like a whole one. */
    private Future<Void> pipe(HttpClientResponse answer) {
        String type = answer.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.startsWith(EVENTS)
                ? passEvents(answer)
                : answer.pipe().endOnFailure(false).to(response);
    }

    /** Passes a stream of events on, and keeps whether its last byte ended an event: only then may another event be added. */
    private Future<Void> passEvents(HttpClientResponse answer) {
        wholeEvents = true;
        answer.handler(bytes -> {
            if (over.future().isComplete()) {
                return; // the stream has its last event
            }
            int end = bytes.length();
            wholeEvents = end > 1 && bytes.getByte(end - 1) == '\n' && bytes.getByte(end - 2) == '\n';
            response.write(bytes).onFailure(this::failed);
            if (response.writeQueueFull()) {
                answer.pause();
                response.drainHandler(drained -> answer.resume());
            }
        });
        return answer.end().compose(whole -> response.end());
    }

    private void join(HttpClientResponse answer, JoinedEnd there) {
        JoinedEnd here = JoinedEnd.of(request.connection());
        response.setStatusCode(SWITCHING_PROTOCOLS);
        answer.headers().forEach((name, value) -> response.headers().add(name, value));
        request.toNetSocket()
                .onSuccess(socket -> {
                    socket.closeHandler(closed -> over.tryComplete());
                    joined = true;
                    here.join(there, closing(Forwarding.unreachable(to)));
                })
                .onFailure(e -> {
                    answer.netSocket().close();
                    failed(e);
                });
    }

    private void failed(Throwable e) {
        if (!left) {
            log.debug("{} could not answer a request: {}", to.machineId(), e.toString());
        }
        end(Forwarding.unreachable(to));
    }

    /**
     * Gives up where a node can't be reached any more; not at once: a link that is made anew, such as that of a node which joins the
     * cluster again, is away for a moment.
     *
     * @param linked whether it can be reached now
     */
    void look(boolean linked) {
        unlinkedLooks = linked ? 0 : unlinkedLooks + 1;
        if (unlinkedLooks == MAX_UNLINKED_LOOKS) {
            lost();
        }
    }

    /** The node is no longer alive. */
    void lost() {
        end(Forwarding.unreachable(to));
    }

    /** This node stops. */
    void stop() {
        end(new BerthException(ErrorCode.NOT_READY, "this node is stopping"));
    }

    /** A client that reads nothing does not get the event, and must not keep the connection. */
    private void farewell(BerthException why) {
        response.drainHandler(null);
        response.end(Problem.event(
                        new BerthException(why.code(), why.getMessage() + ": connect again with Last-Event-ID")))
                .timeout(FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
                .onFailure(unread -> close());
    }

    private void close() {
        if (isHttp2()) {
            response.reset();
        } else {
            request.connection().close();
        }
    }

    private static CloseReason closing(BerthException why) {
        return new CloseReason(CloseReason.TRY_AGAIN_LATER, why.getMessage());
    }

    private void end(BerthException why) {
        if (!over.tryComplete()) {
            return;
        }
        if (joined) {
            upgraded.ifPresent(there -> there.lose(closing(why)));
            return;
        }
        passed.ifPresent(HttpClientRequest::reset);
        if (left) {
            return;
        }
        if (wholeEvents) {
            farewell(why);
        } else if (response.headWritten()) {
            close();
        } else {
            request.resume();
            Forwarding.refuse(request, why);
        }
    }
}
