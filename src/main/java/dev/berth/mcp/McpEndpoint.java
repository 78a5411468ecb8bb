package dev.berth.mcp;

import dev.berth.artifact.ArtifactStore;
import dev.berth.logs.LogReader;
import dev.berth.mcp.Workbench.Caller;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import dev.berth.protocol.SessionStatus.EndReason;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.modern.JsonRpc;
import io.modelcontextprotocol.modern.JsonRpc.JSONRPCMessage;
import io.modelcontextprotocol.modern.JsonRpc.JSONRPCNotification;
import io.modelcontextprotocol.modern.JsonRpc.JSONRPCRequest;
import io.modelcontextprotocol.modern.JsonRpc.JSONRPCResponse;
import io.modelcontextprotocol.modern.McpHttp.Headers;
import io.modelcontextprotocol.modern.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * Streamable HTTP: answers requests that were authenticated, whose bodies are bounded. For any event loop.
 *
 * <p>It gives no stream of its own (GET): the server has nothing to say that no client asked for.
 */
public final class McpEndpoint {
    private static final Logger log = LoggerFactory.getLogger(McpEndpoint.class);
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
    private final StatelessRequests stateless;
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

    /** Finds sessions that have not ended, on every node. */
    public interface LiveSessions {
        /** @param labels those that a session must all have */
        Future<List<LiveSession>> of(long userId, long keyId, Map<String, String> labels);
    }

    /** @param profile the name of the profile that the session began with */
    public record LiveSession(SessionId id, Optional<String> profile) {}

    /**
     * @param node begins the ids of its sessions, so that other nodes know where they are
     * @param client asks for new browser sessions
     * @param defaults of the browser sessions that it makes for clients
     * @param live finds the sessions of clients that send requests without a session of MCP
     * @param budgets by the id of the user, what answers share with others
     */
    public McpEndpoint(
            Vertx vertx,
            String node,
            SessionClient client,
            SessionOptions defaults,
            LiveSessions live,
            LongFunction<SendBudget> budgets,
            ArtifactStore store,
            LogReader logs) {
        this.vertx = vertx;
        this.node = node + ".";
        this.client = client;
        this.defaults = defaults;
        this.budgets = budgets;
        Catalogue catalogue = Catalogue.of(vertx, store, logs);
        this.protocol = new Protocol(vertx, json, sessions, catalogue);
        this.stateless = new StatelessRequests(
                new StatelessProtocol(vertx, json, client, defaults, new KeySessions(live), catalogue));
        this.sweep = vertx.setPeriodic(SWEEP_MILLIS, any -> sessions.endIdle());
    }

    public Future<?> close() {
        vertx.cancelTimer(sweep);
        return sessions.endAll();
    }

    /**
     * Answers a request. Where it is refused, the answer is an error of JSON-RPC.
     *
     * @param links those of the first request of a client hold for all calls of its session
     * @param over completes when the client has the answer, or has left: a request that stands alone is given up then
     */
    public void handle(
            HttpServerRequest request, long userId, long keyId, SessionLinks links, Buffer body, Future<?> over) {
        Caller caller = new Caller(userId, keyId, links);
        ResponseTransport transport =
                new ResponseTransport(json, vertx.getOrCreateContext(), request.response(), budgets.apply(userId));
        Object id = null;
        try {
            if (request.method().equals(HttpMethod.DELETE)) {
                delete(request, userId);
                return;
            }
            requireJson(request);
            JSONRPCMessage message = parse(body);
            if (message instanceof JSONRPCRequest asked) {
                id = asked.id();
                asked(request, caller, asked, transport, over);
            } else {
                heard(request, caller, message);
            }
        } catch (JsonRpc.InvalidMessageException e) {
            transport.refuse(
                    e.id(), Refusal.invalid(ErrorCodes.INVALID_REQUEST, "the body is not one JSON-RPC message"));
        } catch (RuntimeException e) {
            transport.refuse(id, Refusal.of(e));
        }
    }

    private void delete(HttpServerRequest request, long userId) {
        sessions.end(session(request, userId), EndReason.CLIENT)
                .onComplete(ended -> request.response().end());
    }

    private ClientSession session(HttpServerRequest request, long userId) {
        return Optional.ofNullable(request.getHeader(SESSION))
                .filter(id -> id.startsWith(node))
                .flatMap(id -> sessions.find(id.substring(node.length()), userId))
                .orElseThrow(
                        () -> Refusal.noSession("you have no MCP session with this " + SESSION + ": send initialize"));
    }

    private static void requireJson(HttpServerRequest request) {
        if (!String.valueOf(request.getHeader("Content-Type"))
                .toLowerCase(Locale.ROOT)
                .startsWith("application/json")) {
            throw new Refusal(415, ErrorCodes.INVALID_REQUEST, "Content-Type must be application/json");
        }
        String accept = request.headers().contains("Accept") ? request.getHeader("Accept") : "*/*";
        if (Stream.of("application/json", "application/*", "*/*").noneMatch(accept::contains)) {
            throw Refusal.invalid(
                    ErrorCodes.INVALID_REQUEST, "Accept must allow application/json and text/event-stream");
        }
    }

    private JSONRPCMessage parse(Buffer body) {
        try {
            return JsonRpc.deserializeMessage(json, body.toString());
        } catch (IOException e) {
            throw Refusal.invalid(ErrorCodes.PARSE_ERROR, "the body is not JSON");
        }
    }

    private void asked(
            HttpServerRequest http, Caller caller, JSONRPCRequest asked, ResponseTransport transport, Future<?> over) {
        boolean alone = StatelessRequests.standsAlone(asked.params());
        if (!alone && asked.method().equals(McpSchema.METHOD_INITIALIZE)) {
            initialize(http.response(), new ClientWorkbench(vertx, client, caller, defaults), asked, transport);
        } else if (alone || http.getHeader(SESSION) == null && http.getHeader(Headers.MCP_METHOD) != null) {
            Disposable work = stateless.answer(http, caller, asked, transport);
            over.onComplete(any -> work.dispose());
        } else {
            ClientSession session = session(http, caller.userId());
            var earlier = new McpSchema.JSONRPCRequest(asked.jsonrpc(), asked.method(), asked.id(), asked.params());
            session.context().runOnContext(any -> session.request(earlier, transport));
        }
    }

    private void initialize(
            HttpServerResponse response, ClientWorkbench workbench, JSONRPCRequest asked, ResponseTransport transport) {
        InitializeRequest wanted = convert(asked);
        Context context = vertx.getOrCreateContext();
        var started = protocol.start(wanted);
        ClientSession session = new ClientSession(started.session(), context, workbench);
        sessions.add(session);
        Future.fromCompletionStage(started.initResult().toFuture(), context)
                .onSuccess(result -> {
                    response.putHeader(SESSION, node + session.id());
                    transport.last(asked.id(), JSONRPCResponse.result(asked.id(), result), 200);
                })
                .onFailure(e -> {
                    log.error("an MCP session can't start", e);
                    sessions.end(session, EndReason.CLIENT_DISCONNECTED);
                    transport.refuse(asked.id(), new Refusal(500, ErrorCodes.INTERNAL_ERROR, "the server failed"));
                });
    }

    private InitializeRequest convert(JSONRPCRequest asked) {
        try {
            return Optional.ofNullable(json.convertValue(asked.params(), InitializeRequest.class))
                    .orElseThrow();
        } catch (RuntimeException e) {
            throw Refusal.invalid(ErrorCodes.INVALID_PARAMS, "the parameters of initialize are invalid");
        }
    }

    /** Takes a notification, or a client's answer to a request that the server never sends. Without a session, neither means anything. */
    private void heard(HttpServerRequest request, Caller caller, JSONRPCMessage message) {
        if (request.getHeader(SESSION) != null) {
            ClientSession session = session(request, caller.userId());
            session.context().runOnContext(any -> heard(session, message));
        }
        request.response().setStatusCode(202).end();
    }

    private static void heard(ClientSession session, JSONRPCMessage message) {
        if (message instanceof JSONRPCNotification told) {
            if (told.method().equals(CANCELLED)
                    && told.params() instanceof Map<?, ?> of
                    && of.get("requestId") != null) {
                session.cancel(of.get("requestId"));
            } else {
                session.notify(new McpSchema.JSONRPCNotification(told.jsonrpc(), told.method(), told.params()));
            }
        }
    }
}
