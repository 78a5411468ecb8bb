package dev.berth.loop;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;

/**
 * Promises that tell the listeners of their future on one context, whichever thread completes them. Promises of Vert.x's
 * {@link Promise#promise()} tell on the thread that completes them; the others have no public factory (Vert.x 5.0).
 */
public final class LoopPromise {
    private LoopPromise() {}

    public static <T> Promise<T> on(Context context) {
        return ((ContextInternal) context).promise();
    }

    /** Completes as {@code result} does, on this context. */
    public static <T> Future<T> on(Context context, Future<T> result) {
        Promise<T> here = on(context);
        result.onComplete(here);
        return here.future();
    }

    /** A promise on the context of the caller. */
    public static <T> Promise<T> here(Vertx vertx) {
        return on(vertx.getOrCreateContext());
    }
}
