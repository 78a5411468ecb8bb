package dev.berth.http.request;

import dev.berth.loop.LoopPromise;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;

/** Brings a result that may arrive on any thread back to the caller's context, such as the event loop of a request. */
public final class CallersContext {
    private CallersContext() {}

    /** The same result as {@code answer}, delivered on the current context. */
    public static <T> Future<T> bring(Future<T> answer) {
        ContextInternal caller = ContextInternal.current();
        if (caller == null) {
            return answer;
        }
        Promise<T> told = LoopPromise.on(caller);
        answer.onComplete(told);
        return told.future();
    }
}
