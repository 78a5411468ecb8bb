package dev.berth.mcp;

import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Tells a client that asked for it, now and then, that its call is still running. */
final class Progress {
    private static final long EVERY_MILLIS = 3_000;

    private Progress() {}

    static <T> Mono<T> tell(Vertx vertx, McpAsyncServerExchange exchange, CallToolRequest request, Mono<T> result) {
        Object token = request.meta() == null ? null : request.meta().get("progressToken");
        return token == null
                ? result
                : Mono.defer(() -> {
                    AtomicInteger times = new AtomicInteger();
                    long timer = vertx.setPeriodic(
                            EVERY_MILLIS,
                            any -> exchange.progressNotification(
                                            new ProgressNotification(token, times.incrementAndGet(), null, "running"))
                                    .subscribe(none -> {}, e -> {}));
                    return result.doFinally(over -> vertx.cancelTimer(timer));
                });
    }
}
