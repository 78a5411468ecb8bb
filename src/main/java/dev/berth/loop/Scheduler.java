package dev.berth.loop;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.concurrent.TimeoutException;

/** Clock and timers. Tests use one that they advance by hand. */
public interface Scheduler {
    /** Wall-clock time. */
    Instant now();

    /** Monotonic time in nanoseconds; only differences have a meaning. */
    long nanos();

    /** Runs {@code action} on the caller's context after {@code millis}. */
    Timer after(long millis, Runnable action);

    /** Runs {@code action} on the caller's context at this wall-clock time. */
    Timer at(Instant when, Runnable action);

    /** Completes as {@code work} does, or fails with {@link TimeoutException} after {@code millis}. */
    default <T> Future<T> within(long millis, Future<T> work) {
        if (work.isComplete()) {
            return work;
        }
        Promise<T> first = Promise.promise();
        Timer timer = after(millis, () -> first.tryFail(new TimeoutException("it took more than " + millis + " ms")));
        work.onSuccess(first::tryComplete).onFailure(first::tryFail).onComplete(done -> timer.cancel());
        return first.future();
    }

    /** A timer that was set. */
    interface Timer {
        /** Does nothing if the action has run already. */
        void cancel();
    }
}
