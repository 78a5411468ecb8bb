package dev.berth.browser;

import dev.berth.clock.LivedTime;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** Several steps share one timeout. */
public final class Deadline {
    private static final long PAUSE_MILLIS = 30;

    private final long millis;
    private final long startNanos = LivedTime.nanos();
    private volatile Optional<Supplier<BerthException>> late = Optional.empty();

    public Deadline(long millis) {
        this.millis = millis;
    }

    /** What there will be to say where the time is up now: whoever does the work knows best what it waits for. Any thread may call. */
    public void onLate(Supplier<BerthException> why) {
        late = Optional.of(why);
    }

    /** What there is to say now that the time is up. */
    public BerthException late() {
        return late.map(Supplier::get).orElseGet(() -> Failures.timeout("the page", millis));
    }

    /** A failure of a step: one that took what was left was late as a whole. */
    public <T> Future<T> told(Throwable e) {
        boolean late = e instanceof BerthException known && known.code() == ErrorCode.TIMEOUT;
        return late ? Future.failedFuture(late()) : Failures.told(e);
    }

    /** What was given, in milliseconds. */
    public long millis() {
        return millis;
    }

    /** Milliseconds; never less than one, so that the step which is too late says so itself. */
    public long left() {
        return Math.max(1, millis - passed());
    }

    private long passed() {
        return (LivedTime.nanos() - startNanos) / 1_000_000;
    }

    public boolean over() {
        return passed() >= millis;
    }

    /** Blocks for a moment before another try; throws {@link #late} where there is no time for one. For the lane's thread. */
    public void pause() throws InterruptedException {
        if (over()) {
            throw late();
        }
        Thread.sleep(Math.min(PAUSE_MILLIS, left()));
    }
}
