package dev.berth.mcp;

import dev.berth.mcp.Catalogue.Offer;
import dev.berth.mcp.Workbench.Caller;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.SessionOptions;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.modern.JsonRpc.JSONRPCRequest;
import io.modelcontextprotocol.modern.McpException;
import io.modelcontextprotocol.modern.McpSchema.CacheScope;
import io.modelcontextprotocol.modern.McpSchema.CallToolOutcome;
import io.modelcontextprotocol.modern.McpSchema.CallToolRequest;
import io.modelcontextprotocol.modern.McpSchema.CallToolResult;
import io.modelcontextprotocol.modern.McpSchema.Implementation;
import io.modelcontextprotocol.modern.McpSchema.ReadResourceOutcome;
import io.modelcontextprotocol.modern.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.modern.McpSchema.Resource;
import io.modelcontextprotocol.modern.McpSchema.ResourceContents;
import io.modelcontextprotocol.modern.McpSchema.Tool;
import io.modelcontextprotocol.modern.McpSchema.ToolAnnotations;
import io.modelcontextprotocol.modern.server.HmacRequestStateCodec;
import io.modelcontextprotocol.modern.server.McpAsyncResponse;
import io.modelcontextprotocol.modern.server.McpRequestContext;
import io.modelcontextprotocol.modern.server.McpServer;
import io.modelcontextprotocol.modern.server.McpTransportResponse;
import io.modelcontextprotocol.modern.server.feature.McpAsyncResource;
import io.modelcontextprotocol.modern.server.feature.McpAsyncResourceRepository;
import io.modelcontextprotocol.modern.server.feature.McpAsyncTool;
import io.modelcontextprotocol.modern.server.feature.McpAsyncToolRepository;
import io.modelcontextprotocol.modern.server.feature.ResourcesFeature;
import io.modelcontextprotocol.modern.server.feature.ResourcesPage;
import io.modelcontextprotocol.modern.server.feature.ToolsFeature;
import io.modelcontextprotocol.modern.server.feature.ToolsPage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** The SDK's server for requests that stand alone (revision 2026-07-28), with the catalogue's tools and resources. */
final class StatelessProtocol {
    static final String VERSION = "2026-07-28";

    private static final String CALLER = "caller";
    private static final String SESSION = "session";
    private static final String PROFILE = "profile";
    private static final long LISTS_LAST_MILLIS = 3_600_000;
    private static final String INSTRUCTIONS = Protocol.INSTRUCTIONS
            + " Tools work with the only browser session that you opened; where you open several, name one as session.";

    private final Vertx vertx;
    private final McpJsonMapper json;
    private final SessionClient client;
    private final SessionOptions defaults;
    private final KeySessions sessions;
    private final McpServer server;

    StatelessProtocol(
            Vertx vertx,
            McpJsonMapper json,
            SessionClient client,
            SessionOptions defaults,
            KeySessions sessions,
            Catalogue catalogue) {
        this.vertx = vertx;
        this.json = json;
        this.client = client;
        this.defaults = defaults;
        this.sessions = sessions;
        this.server = McpServer.builder()
                .serverInfo(Implementation.builder("berth", "1.0").build())
                .instructions(INSTRUCTIONS)
                .supportedVersions(List.of(VERSION))
                .jsonMapper(json)
                // No tool asks its client for input: there is no state to seal.
                .requestStateCodec(HmacRequestStateCodec.builder()
                        .jsonMapper(json)
                        .key(key())
                        .build())
                .discoverCache(LISTS_LAST_MILLIS, CacheScope.PUBLIC)
                .feature(ToolsFeature.ofAsync(
                        tools(catalogue),
                        json,
                        // The verbs check their arguments, and say what is wrong.
                        (schema, value) -> ValidationResponse.asValid(null),
                        LISTS_LAST_MILLIS,
                        CacheScope.PUBLIC))
                .feature(ResourcesFeature.ofAsync(resources(catalogue), json, 0, CacheScope.PRIVATE))
                .build();
    }

    private static byte[] key() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** Answers a request on the context that subscribes. */
    Mono<McpTransportResponse> answer(Caller caller, Map<String, Object> transport, JSONRPCRequest asked) {
        Map<String, Object> context = new LinkedHashMap<>(transport);
        context.put(CALLER, caller);
        return server.handle(McpTransportContext.create(context), asked);
    }

    private McpAsyncToolRepository tools(Catalogue catalogue) {
        Map<String, McpAsyncTool> tools = new LinkedHashMap<>();
        catalogue.stateless().forEach(offer -> tools.put(offer.name(), tool(offer)));
        ToolsPage page = ToolsPage.of(
                tools.values().stream().map(McpAsyncTool::definition).toList());
        return new McpAsyncToolRepository() {
            @Override
            public Mono<ToolsPage> list(McpRequestContext context, String cursor) {
                return whole(page, cursor);
            }

            @Override
            public Mono<McpAsyncTool> find(McpRequestContext context, String name) {
                return Mono.justOrEmpty(tools.get(name));
            }
        };
    }

    /** Lists have one page. */
    private static <T> Mono<T> whole(T page, String cursor) {
        return cursor == null ? Mono.just(page) : Mono.error(McpException.invalidParams("there is no such cursor"));
    }

    private McpAsyncTool tool(Offer offer) {
        boolean chooses = !offer.inputSchema().getJsonObject("properties").containsKey(PROFILE);
        JsonObject schema = new JsonObject(offer.inputSchema().encode());
        if (chooses) {
            JsonObject text = new JsonObject().put("type", "string");
            schema.getJsonObject("properties").put(SESSION, text).put(PROFILE, text);
        }
        // Decoded, the schema is of maps and lists, which any mapper writes as JSON.
        Tool tool = Tool.builder(offer.name(), new JsonObject(schema.encode()).getMap())
                .title(offer.title())
                .description(offer.description())
                .annotations(ToolAnnotations.builder()
                        .title(offer.title())
                        .readOnlyHint(offer.readOnly())
                        .destructiveHint(offer.destructive())
                        .openWorldHint(true)
                        .build())
                .build();
        return McpAsyncTool.of(tool, (context, request) -> Mono.just(call(context, request, offer, chooses)));
    }

    private McpAsyncResponse<CallToolOutcome> call(
            McpRequestContext context, CallToolRequest request, Offer offer, boolean chooses) {
        Mono<CallToolOutcome> result = ToolCalls.run(offer, () -> call(context, request, chooses))
                // The records of both revisions have the same JSON.
                .map(done -> json.convertValue(done, CallToolResult.class));
        return McpAsyncResponse.streaming(notifier -> context.progressToken() == null
                ? result
                : ToolCalls.withProgress(vertx, result, times -> notifier.progress(times, null, ToolCalls.RUNNING)));
    }

    private McpCall call(McpRequestContext context, CallToolRequest request, boolean chooses) {
        JsonObject arguments = new JsonObject(
                request.arguments() == null ? new LinkedHashMap<>() : new LinkedHashMap<>(request.arguments()));
        Optional<String> session = chooses ? taken(arguments, SESSION) : Optional.empty();
        Optional<String> profile = chooses ? taken(arguments, PROFILE) : Optional.empty();
        Optional<SessionId> named = session.map(id -> SessionId.parse(id)
                .orElseThrow(() -> Offer.invalid("session must be the id of a session, as new_session tells it")));
        if (named.isPresent() && profile.isPresent()) {
            throw Offer.invalid("session and profile can't both choose the session: give one of them");
        }
        return new McpCall(bench(context, named, profile), arguments);
    }

    private static Optional<String> taken(JsonObject arguments, String name) {
        Object value = arguments.remove(name);
        if (value != null && !(value instanceof String)) {
            throw Offer.invalid(name + " must be a text");
        }
        return Optional.ofNullable((String) value);
    }

    private Workbench bench(McpRequestContext context, Optional<SessionId> named, Optional<String> profile) {
        Caller caller = (Caller) context.transportContext().get(CALLER);
        return new CallWorkbench(vertx.getOrCreateContext(), client, caller, defaults, sessions, named, profile);
    }

    private McpAsyncResourceRepository resources(Catalogue catalogue) {
        Map<String, McpAsyncResource> all = new LinkedHashMap<>();
        catalogue.resources().forEach(each -> all.put(each.resource().uri(), resource(each)));
        List<Resource> listed = catalogue.resources().stream()
                .map(each -> json.convertValue(each.resource(), Resource.class))
                .toList();
        ResourcesPage page = new ResourcesPage(listed, null, LISTS_LAST_MILLIS, CacheScope.PUBLIC);
        return new McpAsyncResourceRepository() {
            @Override
            public Mono<ResourcesPage> list(McpRequestContext context, String cursor) {
                return whole(page, cursor);
            }

            @Override
            public Mono<McpAsyncResource> find(McpRequestContext context, String uri) {
                return Mono.justOrEmpty(all.get(uri));
            }
        };
    }

    private McpAsyncResource resource(SessionResources.Readable readable) {
        return McpAsyncResource.of((context, request) -> ToolCalls.mono(() -> read(context, readable), () -> {})
                .map(McpAsyncResponse::result)
                .onErrorMap(e -> McpException.invalidParams(ToolCalls.message(e))));
    }

    private Future<ReadResourceOutcome> read(McpRequestContext context, SessionResources.Readable readable) {
        return readable.read()
                .apply(bench(context, Optional.empty(), Optional.empty()))
                .map(read -> ReadResourceResult.builder(List.of(json.convertValue(read, ResourceContents.class)))
                        .build());
    }
}
