package dev.berth.http.request;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads and judges large requests, one after the other, on a worker: neither the event loop nor small requests wait for them. */
public final class BulkWork {
    /** A body is large from here on. */
    static final int BYTES = 16 << 10;

    private final Vertx vertx;
    private final Context worker;

    public BulkWork(Vertx vertx) {
        this.vertx = vertx;
        this.worker = ((VertxInternal) vertx).createWorkerContext();
    }

    /** Judges {@code body} by {@code judgement}, which throws: here and now where it is small. */
    Future<Void> judge(Buffer body, Consumer<Buffer> judgement) {
        return body.length() > BYTES ? call(() -> judged(body, judgement)) : attempt(() -> judged(body, judgement));
    }

    private static Void judged(Buffer body, Consumer<Buffer> judgement) {
        judgement.accept(body);
        return null;
    }

    /** The result comes on the caller's context. */
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

    /** @param work begins on the worker, as does what it has done by executeBlocking */
    <T> Future<T> compose(Supplier<Future<T>> work) {
        Promise<T> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        worker.runOnContext(
                ignored -> Future.succeededFuture().compose(now -> work.get()).onComplete(done));
        return done.future();
    }
}
