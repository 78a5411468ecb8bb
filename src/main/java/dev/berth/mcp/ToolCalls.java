package dev.berth.mcp;

import dev.berth.mcp.Catalogue.Offer;
import dev.berth.protocol.BerthException;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Runs tools for the SDK's servers. */
final class ToolCalls {
    /** The message of a progress notification. */
    static final String RUNNING = "running";

    private static final Logger log = LoggerFactory.getLogger(ToolCalls.class);
    private static final long PROGRESS_MILLIS = 3_000;

    private ToolCalls() {}

    /** Runs the tool when it is subscribed to. A failure is a result that tells the model why. */
    static Mono<CallToolResult> run(Offer offer, Supplier<McpCall> call) {
        return Mono.defer(() -> {
                    McpCall begun = call.get();
                    return mono(() -> offer.run().apply(begun), begun::cancel);
                })
                .onErrorResume(e -> Mono.just(CallToolResult.builder()
                        .addTextContent(message(e))
                        .isError(true)
                        .build()));
    }

    /**
     * Does the work when it is subscribed to; what {@code work} throws is its failure.
     *
     * @param onCancel is called where the subscriber leaves before the work is done
     */
    static <T> Mono<T> mono(Supplier<Future<T>> work, Runnable onCancel) {
        return Mono.create(sink -> {
            sink.onCancel(onCancel::run);
            Future.succeededFuture().compose(now -> work.get()).onComplete(sink::success, sink::error);
        });
    }

    /** Reports now and then, to a client that asked for progress, that its call is still running. */
    static <T> Mono<T> withProgress(Vertx vertx, Mono<T> result, IntFunction<Mono<Void>> tell) {
        return Mono.defer(() -> {
            AtomicInteger times = new AtomicInteger();
            long timer = vertx.setPeriodic(
                    PROGRESS_MILLIS, any -> tell.apply(times.incrementAndGet()).subscribe(none -> {}, e -> {}));
            return result.doFinally(over -> vertx.cancelTimer(timer));
        });
    }

    static String message(Throwable e) {
        if (e instanceof BerthException known) {
            return known.getMessage();
        }
        log.error("an MCP tool failed unexpectedly", e);
        return "the server failed";
    }
}
