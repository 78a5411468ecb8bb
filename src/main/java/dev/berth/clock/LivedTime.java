package dev.berth.clock;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that this process has lived: while it is stopped (SIGSTOP, a frozen container, a paused machine), none passes. What
 * others do meanwhile waits in its sockets, and what counts by the clock on the wall is over before that is read. Any thread may ask.
 */
public final class LivedTime {
    private static final Logger log = LoggerFactory.getLogger(LivedTime.class);
    private static final long LOOK_MILLIS = 500;
    /** An event loop that is late is late by less. */
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final LivedTime OF_PROCESS = new LivedTime();

    private int watches;
    private long seenNanos;
    private long stoppedNanos;
    private long stops;

    LivedTime() {}

    /** Has stops noticed, until what it gives is run; where nobody does, all time counts. */
    public static Runnable watch(Vertx vertx) {
        OF_PROCESS.watched(System.nanoTime());
        long timer = vertx.setPeriodic(LOOK_MILLIS, look -> nanos());
        return () -> {
            vertx.cancelTimer(timer);
            OF_PROCESS.unwatched();
        };
    }

    /** Like {@link System#nanoTime}, of use for differences only. */
    public static long nanos() {
        return OF_PROCESS.nanosAt(System.nanoTime());
    }

    /** How often it was stopped: where that is more than before, what came meanwhile may not be read yet. */
    public static long stops() {
        return OF_PROCESS.stopsAt(System.nanoTime());
    }

    synchronized void watched(long now) {
        if (watches++ == 0) {
            seenNanos = now;
        }
    }

    synchronized void unwatched() {
        watches--;
    }

    synchronized long nanosAt(long now) {
        look(now);
        return now - stoppedNanos;
    }

    synchronized long stopsAt(long now) {
        look(now);
        return stops;
    }

    private void look(long now) {
        long unseen = now - seenNanos;
        if (watches > 0 && unseen > STOP_NANOS) {
            stops++;
            stoppedNanos += unseen;
            log.warn("the process stood still for {} ms", TimeUnit.NANOSECONDS.toMillis(unseen));
        }
        // Another thread may have been here with a later time.
        if (unseen > 0) {
            seenNanos = now;
        }
    }
}
