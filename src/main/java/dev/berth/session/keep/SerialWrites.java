package dev.berth.session.keep;

import io.vertx.core.Future;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Writes the entries of one kind one after the other and numbers them, so that no entry becomes readable after one with
 * a greater offset. Runs on the session's context.
 */
final class SerialWrites {
    private long next;
    private Future<Void> last = Future.succeededFuture();

    /**
     * Writes one entry after those before it have been written or have failed.
     *
     * @param keeping writes the entry with the given offset, which is not used again
     * @param told receives the offset once the entry is kept
     */
    Future<Void> next(LongFunction<Future<Void>> keeping, LongConsumer told) {
        last = last.transform(before -> {
            long offset = next++;
            return keeping.apply(offset).onSuccess(kept -> told.accept(offset));
        });
        return last;
    }
}
