package dev.berth.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * The answers of a server of this version that need no server: a client lists the tools before the server is up. Made by the same code
 * as the server's. Blocks, until the SDK's classes are loaded.
 */
final class EarlyAnswers {
    private static final Set<String> LISTS = Set.of(
            McpSchema.METHOD_TOOLS_LIST, McpSchema.METHOD_RESOURCES_LIST, McpSchema.METHOD_RESOURCES_TEMPLATES_LIST);

    private final McpJsonMapper json = new JacksonMapper();
    private final Vertx vertx;
    private Optional<McpStreamableServerSession> session = Optional.empty();

    EarlyAnswers(Vertx vertx) {
        this.vertx = vertx;
    }

    static boolean has(Object method) {
        return McpSchema.METHOD_INITIALIZE.equals(method) || LISTS.contains(method);
    }

    /** Empty before {@code initialize}. Throws where the message is none of the protocol. */
    Optional<Buffer> answer(JsonObject message) throws IOException {
        JSONRPCRequest asked = (JSONRPCRequest) McpSchema.deserializeJsonRpcMessage(json, message.encode());
        if (asked.method().equals(McpSchema.METHOD_INITIALIZE)) {
            return Optional.of(begin(asked));
        }
        Heard heard = new Heard(json);
        session.ifPresent(begun -> begun.responseStream(asked, heard).block());
        return heard.message.isPresent() ? Optional.of(bytes(heard.message.get())) : Optional.empty();
    }

    private Buffer begin(JSONRPCRequest initialize) throws IOException {
        Protocol protocol = new Protocol(vertx, json, new ClientSessions(System::nanoTime), Catalogue.listed());
        var begun = protocol.start(json.convertValue(initialize.params(), InitializeRequest.class));
        session = Optional.of(begun.session());
        return bytes(JSONRPCResponse.result(initialize.id(), begun.initResult().block()));
    }

    private Buffer bytes(JSONRPCMessage message) throws IOException {
        return Buffer.buffer(json.writeValueAsBytes(message));
    }

    /** Keeps the latest message. */
    private static final class Heard implements McpStreamableServerTransport {
        private final McpJsonMapper json;
        private Optional<JSONRPCMessage> message = Optional.empty();

        Heard(McpJsonMapper json) {
            this.json = json;
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage said) {
            return Mono.fromRunnable(() -> message = Optional.of(said));
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage said, String id) {
            return sendMessage(said);
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
            return json.convertValue(data, type);
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }
    }
}
