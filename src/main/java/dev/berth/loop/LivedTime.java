package dev.berth.loop;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time during which this process was running: while the process is stopped (SIGSTOP, a frozen container, a paused
 * machine), none passes. Input that arrives during a stop waits in the sockets, and a timeout by wall clock would
 * expire before it is read. Thread-safe.
 */
public final class LivedTime {
    private static final Logger log = LoggerFactory.getLogger(LivedTime.class);
    private static final long LOOK_MILLIS = 500;
    /** A late event loop is late by less than this; a longer gap counts as a stop. */
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final LivedTime OF_PROCESS = new LivedTime();

    private int watches;
    private long seenNanos;
    private long stoppedNanos;
    private long stops;

    LivedTime() {}

    /** Detects stops until the returned action runs. Without a watch, all time counts as lived. */
    public static Runnable watch(Vertx vertx) {
        OF_PROCESS.watched(System.nanoTime());
        long timer = vertx.setPeriodic(LOOK_MILLIS, look -> nanos());
        return () -> {
            vertx.cancelTimer(timer);
            OF_PROCESS.unwatched();
        };
    }

    /** Lived time in nanoseconds. Like {@link System#nanoTime}, only differences have a meaning. */
    public static long nanos() {
        return OF_PROCESS.nanosAt(System.nanoTime());
    }

    /** The number of stops so far. If it has grown, input that arrived during a stop may not be read yet. */
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
        // Another thread may have called with a later time.
        if (unseen > 0) {
            seenNanos = now;
        }
    }
}
