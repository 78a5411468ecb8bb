package dev.berth.mcp;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Between the futures of Vert.x and the SDK's publishers. None of it blocks or brings threads of its own. */
final class Bridge {
    private Bridge() {}

    /** Does the work when it is subscribed to; what {@code work} throws is its failure. */
    static <T> Mono<T> mono(Supplier<Future<T>> work) {
        return mono(work, () -> {});
    }

    /** @param onCancel is called where the subscriber leaves before the work is done */
    static <T> Mono<T> mono(Supplier<Future<T>> work, Runnable onCancel) {
        return Mono.create(sink -> {
            sink.onCancel(onCancel::run);
            Future.succeededFuture().compose(now -> work.get()).onComplete(sink::success, sink::error);
        });
    }

    /** The result, on {@code context}. */
    static <T> Future<T> future(Context context, Mono<T> mono) {
        Promise<T> result = ((ContextInternal) context).promise();
        mono.subscribe(result::tryComplete, result::tryFail, () -> result.tryFail("no result"));
        return result.future();
    }
}
