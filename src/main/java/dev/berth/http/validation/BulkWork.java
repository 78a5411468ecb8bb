package dev.berth.http.validation;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Parses and validates large requests on a worker, one after another, so that neither the event loop nor small requests wait
 * for them.
 */
public final class BulkWork {
    /** Bodies with more bytes are large. */
    static final int BYTES = 16 << 10;

    private final Vertx vertx;
    private final Context worker;

    public BulkWork(Vertx vertx) {
        this.vertx = vertx;
        this.worker = ((VertxInternal) vertx).createWorkerContext();
    }

    /**
     * Runs {@code judgement} on {@code body}: at once where the body is small, else on the worker. Fails with what it throws.
     */
    Future<Void> judge(Buffer body, Consumer<Buffer> judgement) {
        return body.length() > BYTES ? call(() -> judged(body, judgement)) : attempt(() -> judged(body, judgement));
    }

    private static Void judged(Buffer body, Consumer<Buffer> judgement) {
        judgement.accept(body);
        return null;
    }

    /** Runs {@code work} on the worker. The result arrives on the caller's context. */
    public <T> Future<T> call(Supplier<T> work) {
        return compose(() -> attempt(work));
    }

    private static <T> Future<T> attempt(Supplier<T> work) {
        try {
            return Future.succeededFuture(work.get());
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /**
     * Runs asynchronous work on the worker.
     *
     * @param work starts on the worker, and so do its calls of executeBlocking
     */
    <T> Future<T> compose(Supplier<Future<T>> work) {
        Promise<T> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        worker.runOnContext(
                ignored -> Future.succeededFuture().compose(now -> work.get()).onComplete(done));
        return done.future();
    }
}
