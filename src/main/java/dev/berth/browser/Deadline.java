package dev.berth.browser;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** A timeout that several steps share. */
public final class Deadline {
    public static final int PAUSE_MILLIS = 30;

    private final long millis;
    private final long startNanos = System.nanoTime();
    private volatile Optional<Supplier<BerthException>> late = Optional.empty();

    public Deadline(long millis) {
        this.millis = millis;
    }

    /** Sets the exception of {@link #late}: the step in progress knows best what it waits for. Any thread may call. */
    public void onLate(Supplier<BerthException> why) {
        late = Optional.of(why);
    }

    /** The exception that reports the timeout. */
    public BerthException late() {
        return late.map(Supplier::get).orElseGet(() -> Failures.timeout("the page", millis));
    }

    /** Maps a step's failure. A step gets only the time that is left, so its timeout is reported as that of the whole command. */
    public <T> Future<T> told(Throwable e) {
        boolean late = e instanceof BerthException known && known.code() == ErrorCode.TIMEOUT;
        return late ? Future.failedFuture(late()) : Failures.told(e);
    }

    /** The whole timeout, in milliseconds. */
    public long millis() {
        return millis;
    }

    /** The milliseconds that are left; at least 1, so that a late step fails by its own timeout. */
    public long left() {
        return Math.max(1, millis - passed());
    }

    private long passed() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    public boolean over() {
        return passed() >= millis;
    }

    /** Blocks for up to 30 ms before another try; throws {@link #late} if the time is up. Call it on the lane's thread only. */
    public void pause() throws InterruptedException {
        Thread.sleep(Math.min(PAUSE_MILLIS, left()));
        // A try that begins now would be late in the middle.
        if (over()) {
            throw late();
        }
    }
}
