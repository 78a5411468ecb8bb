package dev.berth.history;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs an outage in two lines: one at its start, one at its end with the number of failed calls. Thread-safe. */
final class OutageLog {
    private static final Logger log = LoggerFactory.getLogger(OutageLog.class);

    private final String who;
    private final AtomicLong failures = new AtomicLong();
    private volatile long sinceNanos;

    /** @param name of the server that does not answer */
    OutageLog(String who) {
        this.who = who;
    }

    void failed(Throwable why) {
        if (failures.getAndIncrement() == 0) {
            sinceNanos = System.nanoTime();
            log.warn("{} does not answer: {}", who, why.toString());
        }
    }

    void answered() {
        if (failures.get() == 0) {
            return;
        }
        long failed = failures.getAndSet(0);
        if (failed > 0) {
            long seconds = Duration.ofNanos(System.nanoTime() - sinceNanos).toSeconds();
            log.info("{} answers again, after {} s in which {} calls failed", who, seconds, failed);
        }
    }
}
