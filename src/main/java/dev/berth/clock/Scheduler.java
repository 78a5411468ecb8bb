package dev.berth.clock;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.concurrent.TimeoutException;

/** Tells the time, and acts when it comes. Tests have one that they turn by hand. */
public interface Scheduler {
    /** By the clock on the wall. */
    Instant now();

    /** Lived time, see {@link LivedTime}; of use for differences only. */
    long nanos();

    /** Runs {@code action} when so much time was lived, on the context of the caller. */
    Timer after(long millis, Runnable action);

    /** Runs {@code action} when the clock on the wall shows {@code when}, on the context of the caller. */
    Timer at(Instant when, Runnable action);

    /** Completes as {@code work} does, or fails with {@link TimeoutException} where that takes too long. */
    default <T> Future<T> within(long millis, Future<T> work) {
        if (work.isComplete()) {
            return work;
        }
        Promise<T> first = Promise.promise();
        Timer timer = after(millis, () -> first.tryFail(new TimeoutException("it took more than " + millis + " ms")));
        work.onSuccess(first::tryComplete).onFailure(first::tryFail).onComplete(done -> timer.cancel());
        return first.future();
    }

    /** One that is set. */
    interface Timer {
        /** Harmless once it has acted. */
        void cancel();
    }
}
