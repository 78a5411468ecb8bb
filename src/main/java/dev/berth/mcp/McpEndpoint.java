package dev.berth.mcp;

import dev.berth.artifact.ArtifactStore;
import dev.berth.logs.LogReader;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionStatus.EndReason;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Streamable HTTP: answers requests that were authenticated, whose bodies are bounded. For any event loop.
 *
 * <p>It gives no stream of its own (GET): the server has nothing to say that no client asked for.
 */
public final class McpEndpoint {
    private static final String SESSION = "Mcp-Session-Id";
    private static final String CANCELLED = "notifications/cancelled";
    private static final long SWEEP_MILLIS = 30_000;

    private final Vertx vertx;
    private final String node;
    private final SessionClient client;
    private final SessionOptions defaults;
    private final LongFunction<SendBudget> budgets;
    private final McpJsonMapper json = new JacksonMapper();
    private final ClientSessions sessions = new ClientSessions(System::nanoTime);
    private final Protocol protocol;
    private final long sweep;

    /** Bounds the memory of large answers that the clients of one user have not received yet, whichever way they asked. */
    public interface SendBudget {
        /**
         * Counts an answer until it is sent; fails with {@link BerthException} where there is no room for it.
         *
         * @param chars the approximate length
         * @param sending completes when the client has received the answer, or has left
         */
        Future<Void> counted(long chars, Supplier<Future<Void>> sending);
    }

    /** Makes links to sessions of one user, which a person can open who has no key. */
    public interface SessionLinks {
        /** @param whole whether the link is to all that is kept of the session, read only; otherwise to its live view, to act there */
        Future<String> link(SessionId id, boolean whole);
    }

    /**
     * @param node begins the ids of its sessions, so that other nodes know where they are
     * @param client asks for new browser sessions
     * @param defaults of the browser sessions that it makes for clients
     * @param budgets by the id of the user, what answers share with others
     */
    public McpEndpoint(
            Vertx vertx,
            String node,
            SessionClient client,
            SessionOptions defaults,
            LongFunction<SendBudget> budgets,
            ArtifactStore store,
            LogReader logs) {
        this.vertx = vertx;
        this.node = node + ".";
        this.client = client;
        this.defaults = defaults;
        this.budgets = budgets;
        this.protocol = new Protocol(vertx, json, sessions, Catalogue.of(vertx, store, logs));
        this.sweep = vertx.setPeriodic(SWEEP_MILLIS, any -> sessions.endIdle());
    }

    public Future<?> close() {
        vertx.cancelTimer(sweep);
        return sessions.endAll();
    }

    /**
     * Answers a request.
     *
     * @param links those of the first request of a client hold for all of its calls
     * @return fails where it is refused before anything was sent
     */
    public Future<?> handle(HttpServerRequest request, long userId, long keyId, SessionLinks links, Buffer body) {
        try {
            return request.method().equals(HttpMethod.DELETE)
                    ? delete(request, userId)
                    : post(request, userId, keyId, links, body);
        } catch (BerthException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<?> delete(HttpServerRequest request, long userId) {
        return sessions.end(session(request, userId), EndReason.CLIENT)
                .compose(ended -> request.response().end());
    }

    private ClientSession session(HttpServerRequest request, long userId) {
        return Optional.ofNullable(request.getHeader(SESSION))
                .filter(id -> id.startsWith(node))
                .flatMap(id -> sessions.find(id.substring(node.length()), userId))
                .orElseThrow(() -> new BerthException(
                        ErrorCode.NOT_FOUND, "you have no MCP session with this " + SESSION + ": send initialize"));
    }

    private Future<?> post(HttpServerRequest request, long userId, long keyId, SessionLinks links, Buffer body) {
        requireJson(request);
        JSONRPCMessage message = parse(body);
        if (message instanceof JSONRPCRequest asked && asked.method().equals(McpSchema.METHOD_INITIALIZE)) {
            return initialize(request.response(), new Workbench(vertx, client, userId, keyId, defaults, links), asked);
        }
        ClientSession session = session(request, userId);
        if (message instanceof JSONRPCRequest asked) {
            answer(request.response(), session, asked);
            return Future.succeededFuture();
        }
        session.context().runOnContext(any -> heard(session, message));
        return request.response().setStatusCode(202).end();
    }

    private static void requireJson(HttpServerRequest request) {
        if (!String.valueOf(request.getHeader("Content-Type"))
                .toLowerCase(Locale.ROOT)
                .startsWith("application/json")) {
            throw new BerthException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
        }
        String accept = request.headers().contains("Accept") ? request.getHeader("Accept") : "*/*";
        if (Stream.of("application/json", "application/*", "*/*").noneMatch(accept::contains)) {
            throw new BerthException(
                    ErrorCode.INVALID_ARGUMENT, "Accept must allow application/json and text/event-stream");
        }
    }

    private JSONRPCMessage parse(Buffer body) {
        try {
            JSONRPCMessage message = McpSchema.deserializeJsonRpcMessage(json, body.toString());
            if (message instanceof JSONRPCRequest asked && (asked.id() == null || asked.method() == null)
                    || message instanceof JSONRPCNotification told && told.method() == null) {
                throw new IllegalArgumentException("no method");
            }
            return message;
        } catch (Exception e) {
            throw new BerthException(ErrorCode.INVALID_ARGUMENT, "the body is not one JSON-RPC message", e);
        }
    }

    private Future<?> initialize(HttpServerResponse response, Workbench workbench, JSONRPCRequest asked) {
        InitializeRequest wanted = convert(asked);
        Context context = vertx.getOrCreateContext();
        var started = protocol.start(wanted);
        ClientSession session = new ClientSession(started.session(), context, workbench);
        sessions.add(session);
        return Future.fromCompletionStage(started.initResult().toFuture(), context)
                .compose(result -> response.putHeader(SESSION, node + session.id())
                        .putHeader("Content-Type", "application/json")
                        .end(write(JSONRPCResponse.result(asked.id(), result))))
                .onFailure(e -> sessions.end(session, EndReason.CLIENT_DISCONNECTED));
    }

    private InitializeRequest convert(JSONRPCRequest asked) {
        try {
            return Optional.ofNullable(json.convertValue(asked.params(), InitializeRequest.class))
                    .orElseThrow();
        } catch (RuntimeException e) {
            throw new BerthException(ErrorCode.INVALID_ARGUMENT, "the parameters of initialize are invalid", e);
        }
    }

    private Buffer write(Object message) {
        try {
            return Buffer.buffer(json.writeValueAsBytes(message));
        } catch (java.io.IOException e) {
            throw new IllegalStateException("a message has no JSON form", e);
        }
    }

    private void answer(HttpServerResponse response, ClientSession session, JSONRPCRequest asked) {
        ResponseTransport transport =
                new ResponseTransport(json, vertx.getOrCreateContext(), response, budgets.apply(session.userId()));
        session.context().runOnContext(any -> session.request(asked, transport));
    }

    private static void heard(ClientSession session, JSONRPCMessage message) {
        if (message instanceof JSONRPCNotification told) {
            if (told.method().equals(CANCELLED)
                    && told.params() instanceof Map<?, ?> of
                    && of.get("requestId") != null) {
                session.cancel(of.get("requestId"));
            } else {
                session.notify(told);
            }
        }
    }
}
