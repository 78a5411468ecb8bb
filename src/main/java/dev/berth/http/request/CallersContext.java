package dev.berth.http.request;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;

/** Brings an answer that may come on any thread to the context of its caller, such as the event loop of a request. */
public final class CallersContext {
    private CallersContext() {}

    /** {@code answer}, told on the context that this is called on. */
    public static <T> Future<T> bring(Future<T> answer) {
        ContextInternal caller = ContextInternal.current();
        if (caller == null) {
            return answer;
        }
        Promise<T> told = caller.promise();
        answer.onComplete(told);
        return told.future();
    }
}
