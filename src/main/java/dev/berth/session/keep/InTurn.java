package dev.berth.session.keep;

import io.vertx.core.Future;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Keeps the entries of one kind one after the other, each with an offset greater than those before it: so none becomes readable
 * after one with a greater offset. On the session's context.
 */
final class InTurn {
    private long next;
    private Future<Void> last = Future.succeededFuture();

    /**
     * Keeps one when those before it are kept, or can't be.
     *
     * @param keeping given its offset, which is not used again
     * @param told given the offset, once it is kept
     */
    Future<Void> next(LongFunction<Future<Void>> keeping, LongConsumer told) {
        last = last.transform(before -> {
            long offset = next++;
            return keeping.apply(offset).onSuccess(kept -> told.accept(offset));
        });
        return last;
    }
}
