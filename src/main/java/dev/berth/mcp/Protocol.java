package dev.berth.mcp;

import dev.berth.protocol.BerthException;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The SDK's server, with the catalogue's tools and resources. */
final class Protocol implements McpStreamableServerTransportProvider {
    private static final Logger log = LoggerFactory.getLogger(Protocol.class);

    private final Vertx vertx;
    private final ClientSessions sessions;
    private final Set<String> toolNames;
    private McpStreamableServerSession.Factory factory;

    Protocol(Vertx vertx, McpJsonMapper json, ClientSessions sessions, Catalogue catalogue) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.toolNames = catalogue.offers().stream().map(Offer::name).collect(Collectors.toUnmodifiableSet());
        McpServer.async(this)
                .jsonMapper(json)
                // The verbs check their arguments, and say what is wrong.
                .jsonSchemaValidator((schema, value) -> ValidationResponse.asValid(null))
                .validateToolInputs(false)
                .serverInfo(Greeting.SERVER)
                .instructions(Greeting.INSTRUCTIONS)
                .capabilities(Greeting.CAPABILITIES)
                .tools(catalogue.offers().stream().map(this::tool).toList())
                .resources(catalogue.resources().stream().map(this::resource).toList())
                .build();
    }

    McpStreamableServerSession.McpStreamableServerSessionInit start(InitializeRequest request) {
        return factory.startSession(request);
    }

    /** The name of the tool that is called and does not exist: the SDK does not repeat it. */
    Optional<String> unknownTool(JSONRPCRequest asked) {
        return asked.method().equals(McpSchema.METHOD_TOOLS_CALL)
                        && asked.params() instanceof Map<?, ?> params
                        && params.get("name") instanceof String name
                        && !toolNames.contains(name)
                ? Optional.of(name)
                : Optional.empty();
    }

    private AsyncToolSpecification tool(Offer offer) {
        // Decoded, it is of maps and lists, which any mapper writes as JSON.
        JsonObject schema = new JsonObject(offer.inputSchema().encode());
        McpSchema.Tool tool = McpSchema.Tool.builder(offer.name(), schema.getMap())
                .title(offer.title())
                .description(offer.description())
                .annotations(ToolAnnotations.builder()
                        .title(offer.title())
                        .readOnlyHint(offer.readOnly())
                        .destructiveHint(offer.destructive())
                        .openWorldHint(true)
                        .build())
                .build();
        return AsyncToolSpecification.builder()
                .tool(tool)
                .callHandler((exchange, request) -> call(exchange, request, offer))
                .build();
    }

    private Mono<CallToolResult> call(McpAsyncServerExchange exchange, CallToolRequest request, Offer offer) {
        JsonObject arguments = request.arguments() == null ? new JsonObject() : new JsonObject(request.arguments());
        return Mono.defer(() -> call(offer, new Call(session(exchange).workbench(), arguments)))
                .onErrorResume(e -> Mono.just(CallToolResult.builder()
                        .addTextContent(message(e))
                        .isError(true)
                        .build()))
                .transform(result -> Progress.tell(vertx, exchange, request, result));
    }

    private static Mono<CallToolResult> call(Offer offer, Call call) {
        return Bridge.mono(() -> offer.run().apply(call), call::cancel);
    }

    private ClientSession session(McpAsyncServerExchange exchange) {
        return sessions.find(exchange.sessionId()).orElseThrow(() -> Given.invalid("the MCP session has ended"));
    }

    private static String message(Throwable e) {
        if (e instanceof BerthException known) {
            return known.getMessage();
        }
        log.error("a tool failed", e);
        return "the server failed";
    }

    private AsyncResourceSpecification resource(SessionResources.Readable readable) {
        return new AsyncResourceSpecification(
                readable.resource(),
                (exchange, request) -> Bridge.mono(() -> read(exchange, readable))
                        .onErrorMap(e -> McpError.builder(McpSchema.ErrorCodes.RESOURCE_NOT_FOUND)
                                .message(message(e))
                                .build()));
    }

    private Future<ReadResourceResult> read(McpAsyncServerExchange exchange, SessionResources.Readable readable) {
        return readable.read()
                .apply(session(exchange).workbench())
                .map(contents -> new ReadResourceResult(List.of(contents)));
    }

    @Override
    public void setSessionFactory(McpStreamableServerSession.Factory newFactory) {
        factory = newFactory;
    }

    @Override
    public List<String> protocolVersions() {
        return Greeting.VERSIONS;
    }

    /** There is nothing to tell all clients. */
    @Override
    public Mono<Void> notifyClients(String method, Object parameters) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
