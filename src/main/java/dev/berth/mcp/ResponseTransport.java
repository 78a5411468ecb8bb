package dev.berth.mcp;

import dev.berth.loop.LoopPromise;
import dev.berth.protocol.BerthException;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The HTTP response to one request of a client: JSON, or a stream of events where other messages come before the result. Writes on
 * the response's context; may be called from any. A client that does not read gets no progress, so what waits for it is one result.
 */
final class ResponseTransport implements McpStreamableServerTransport {
    private static final Logger log = LoggerFactory.getLogger(ResponseTransport.class);

    private final McpJsonMapper json;
    private final Context context;
    private final HttpServerResponse response;
    private final McpEndpoint.SendBudget budget;

    ResponseTransport(McpJsonMapper json, Context context, HttpServerResponse response, McpEndpoint.SendBudget budget) {
        this.json = json;
        this.context = context;
        this.response = response;
        this.budget = budget;
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromRunnable(() -> send(message));
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, String id) {
        return sendMessage(message);
    }

    private void send(JSONRPCMessage message) {
        if (message instanceof JSONRPCResponse last) {
            last(last.id(), last, 200);
        } else {
            event(message);
        }
    }

    /**
     * Sends the last message, a result or an error.
     *
     * @param status of HTTP, where no other message was sent before
     */
    void last(Object id, Object message, int status) {
        // A worker writes the JSON: a picture takes some milliseconds.
        context.executeBlocking(() -> json(message), false)
                .compose(text -> budget.counted(text.length(), () -> written(text, Optional.of(status))))
                .onFailure(e -> failed(id, e));
    }

    /** Sends a message before the last one. */
    void event(Object message) {
        written(json(message), Optional.empty());
    }

    private void failed(Object id, Throwable e) {
        if (e instanceof BerthException known) {
            refuse(id, known.getMessage());
        } else {
            log.error("an MCP message could not be written as JSON", e);
            abandon();
        }
    }

    private Buffer json(Object message) {
        try {
            return Buffer.buffer(json.writeValueAsBytes(message));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Completes when the client has received it, or has left. */
    private Future<Void> written(Buffer text, Optional<Integer> last) {
        Promise<Void> written = LoopPromise.on(context);
        context.runOnContext(any -> write(text, last).otherwiseEmpty().onComplete(written));
        return written.future();
    }

    /** @param last the status, where the message is the last one */
    private Future<Void> write(Buffer text, Optional<Integer> last) {
        if (isOver()) {
            return Future.succeededFuture();
        } else if (last.isPresent() && !response.headWritten()) {
            return response.setStatusCode(last.get())
                    .putHeader("Content-Type", "application/json")
                    .end(text);
        } else if (last.isPresent()) {
            return response.end(event(text));
        } else if (!response.headWritten() || !response.writeQueueFull()) {
            begin();
            return response.write(event(text));
        }
        return Future.succeededFuture();
    }

    private boolean isOver() {
        return response.ended() || response.closed();
    }

    private void begin() {
        if (!response.headWritten()) {
            response.putHeader("Content-Type", "text/event-stream")
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("Content-Encoding", "identity")
                    .putHeader("X-Accel-Buffering", "no")
                    .setChunked(true);
        }
    }

    /** JSON has no line breaks. */
    private static Buffer event(Buffer text) {
        return Buffer.buffer("event: message\ndata: ").appendBuffer(text).appendString("\n\n");
    }

    void refuse(Object id, String why) {
        refuse(id, new Refusal(200, ErrorCodes.INVALID_REQUEST, why));
    }

    /** @param id null where the request has none that can be read */
    void refuse(Object id, Refusal refusal) {
        Map<String, Object> error = Map.of("code", refusal.code(), "message", refusal.getMessage());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("jsonrpc", "2.0");
        answer.put("id", id);
        answer.put("error", error);
        if (refusal.status() == Refusal.TOO_MANY && !response.headWritten()) {
            response.putHeader("Retry-After", "1");
        }
        last(id, answer, refusal.status());
    }

    /** Ends the response without a result: nobody waits for it. */
    void abandon() {
        context.runOnContext(any -> {
            if (!isOver()) {
                begin();
                response.end();
            }
        });
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return json.convertValue(data, type);
    }

    /** Each request ends with its result. */
    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
