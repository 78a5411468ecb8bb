package dev.berth.mcp;

import dev.berth.limits.CountLimit;
import dev.berth.limits.CountLimit.Bound;
import dev.berth.mcp.Workbench.Caller;
import io.modelcontextprotocol.modern.JsonRpc.JSONRPCMessage;
import io.modelcontextprotocol.modern.JsonRpc.JSONRPCRequest;
import io.modelcontextprotocol.modern.JsonRpc.JSONRPCResponse;
import io.modelcontextprotocol.modern.McpHttp.Headers;
import io.modelcontextprotocol.modern.McpSchema;
import io.modelcontextprotocol.modern.McpSchema.ErrorCodes;
import io.modelcontextprotocol.modern.McpSchema.MetaKeys;
import io.modelcontextprotocol.modern.server.McpHeaders;
import io.modelcontextprotocol.modern.server.McpTransportResponse;
import io.modelcontextprotocol.modern.server.transport.McpHeaderDecoder;
import io.modelcontextprotocol.server.transport.HeaderAccessor;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** The HTTP of requests that stand alone. For any event loop. */
final class StatelessRequests {
    private static final Logger log = LoggerFactory.getLogger(StatelessRequests.class);
    private static final int MAX_OF_USER = 128;
    private static final int MAX = 1_024;
    private static final Set<Integer> BAD_REQUESTS = Set.of(
            ErrorCodes.PARSE_ERROR,
            ErrorCodes.INVALID_REQUEST,
            ErrorCodes.INVALID_PARAMS,
            ErrorCodes.HEADER_MISMATCH,
            ErrorCodes.MISSING_REQUIRED_CLIENT_CAPABILITY,
            ErrorCodes.UNSUPPORTED_PROTOCOL_VERSION);

    private final StatelessProtocol protocol;
    private final CountLimit<Long> running = new CountLimit<>(
            new Bound(MAX_OF_USER, "you have " + MAX_OF_USER + " requests of MCP under way"),
            new Bound(MAX, "this node has no place for another request of MCP"));

    StatelessRequests(StatelessProtocol protocol) {
        this.protocol = protocol;
    }

    /** Whether the message names its revision itself, as requests that stand alone do. */
    static boolean standsAlone(Object params) {
        return version(params).isPresent();
    }

    private static Optional<String> version(Object params) {
        return params instanceof Map<?, ?> fields
                        && fields.get("_meta") instanceof Map<?, ?> meta
                        && meta.get(MetaKeys.PROTOCOL_VERSION) instanceof String version
                ? Optional.of(version)
                : Optional.empty();
    }

    /** Answers on the present context, until it is disposed of. Throws {@link Refusal} where headers and body differ, {@code limit_reached} beyond the bounds. */
    Disposable answer(HttpServerRequest http, Caller caller, JSONRPCRequest asked, ResponseTransport transport) {
        requireSame(http, asked);
        running.add(caller.userId());
        AtomicBoolean over = new AtomicBoolean();
        Runnable leave = () -> {
            if (over.compareAndSet(false, true)) {
                running.remove(caller.userId());
            }
        };
        Map<String, Object> headers =
                Map.of(McpHeaders.TRANSPORT_CONTEXT_KEY, McpHeaderDecoder.headers(new Given(http)));
        return protocol.answer(caller, headers, asked)
                .flatMapMany(answer -> messages(answer, transport))
                .doFinally(any -> leave.run())
                .subscribe(message -> told(message, transport), e -> {
                    log.warn("an MCP request failed unexpectedly", e);
                    transport.refuse(asked.id(), new Refusal(500, ErrorCodes.INTERNAL_ERROR, "the server failed"));
                });
    }

    private static Flux<JSONRPCMessage> messages(McpTransportResponse answer, ResponseTransport transport) {
        if (answer instanceof McpTransportResponse.Streaming streaming) {
            return streaming.messages();
        } else if (answer instanceof McpTransportResponse.Error error) {
            transport.last(error.response().id(), error.response(), status(error.response()));
            return Flux.empty();
        }
        return Flux.just(((McpTransportResponse.Result) answer).response());
    }

    private static void told(JSONRPCMessage message, ResponseTransport transport) {
        if (message instanceof JSONRPCResponse last) {
            transport.last(last.id(), last, 200);
        } else {
            transport.event(message);
        }
    }

    private static int status(JSONRPCResponse error) {
        int code = error.error().code();
        if (code == ErrorCodes.METHOD_NOT_FOUND) {
            return 404;
        }
        return BAD_REQUESTS.contains(code) ? 400 : 500;
    }

    /** The headers of a request with this method and these params, as a client sends them. */
    static Map<String, String> headers(String method, Map<String, Object> params) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(Headers.MCP_METHOD, method);
        version(params).ifPresent(version -> headers.put(Headers.MCP_PROTOCOL_VERSION, version));
        name(method, params)
                .ifPresent(name -> headers.put(
                        Headers.MCP_NAME,
                        Headers.BASE64_VALUE_PREFIX
                                + Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8))
                                + Headers.BASE64_VALUE_SUFFIX));
        return headers;
    }

    /** Proxies act on the headers, the server on the body. */
    private static void requireSame(HttpServerRequest http, JSONRPCRequest asked) {
        requireSame(http, Headers.MCP_METHOD, Optional.of(asked.method()));
        requireSame(http, Headers.MCP_PROTOCOL_VERSION, version(asked.params()));
        requireSame(http, Headers.MCP_NAME, name(asked.method(), asked.params()));
    }

    private static Optional<String> name(String method, Object of) {
        String field =
                switch (method) {
                    case McpSchema.METHOD_TOOLS_CALL, McpSchema.METHOD_PROMPTS_GET -> "name";
                    case McpSchema.METHOD_RESOURCES_READ -> "uri";
                    default -> "";
                };
        return of instanceof Map<?, ?> params && params.get(field) instanceof String name
                ? Optional.of(name)
                : Optional.empty();
    }

    private static void requireSame(HttpServerRequest http, String header, Optional<String> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        List<String> given = http.headers().getAll(header);
        if (given.size() != 1) {
            throw Refusal.invalid(ErrorCodes.HEADER_MISMATCH, header + " must be given, once, as in the body");
        }
        if (!wanted.get().equals(McpHeaderDecoder.decodeValue(given.get(0).strip()))) {
            throw Refusal.invalid(ErrorCodes.HEADER_MISMATCH, header + " must be the same as in the body");
        }
    }

    private record Given(HttpServerRequest http) implements HeaderAccessor {
        @Override
        public List<String> getHeader(String name) {
            return http.headers().getAll(name);
        }

        @Override
        public List<String> getHeaderNames() {
            return List.copyOf(http.headers().names());
        }
    }
}
