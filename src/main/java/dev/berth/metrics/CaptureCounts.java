package dev.berth.metrics;

import dev.berth.protocol.LogKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts of the entries that the logs of a node's sessions take in, delay or drop. For any thread. */
public final class CaptureCounts {
    private final Map<LogKind, Counter> entries;
    private final Map<LogKind, Counter> dropped;
    private final Map<LogKind, Timer> lags;
    private final LongAdder waiting;

    CaptureCounts(Meters meters) {
        entries = Meters.each(
                LogKind.class,
                log -> meters.counter("berth.log.entries", "Log entries captured.", "", "log", log.wireName()));
        dropped = Meters.each(
                LogKind.class,
                log -> meters.counter(
                        "berth.log.entries.dropped",
                        "Log entries lost because they arrived faster than the node could write them.",
                        "",
                        "log",
                        log.wireName()));
        lags = Meters.each(
                LogKind.class,
                log -> meters.timer(
                        "berth.log.write.lag",
                        "Age of the oldest entry in each write to disk.",
                        Meters.LONG,
                        "log",
                        log.wireName()));
        waiting = meters.level("berth.log.waiting", "Log entries that are not on disk yet.", "bytes");
    }

    public void appended(LogKind log) {
        entries.get(log).increment();
    }

    public void dropped(LogKind log) {
        dropped.get(log).increment();
    }

    /** @param bytes negative for entries that are no longer held */
    public void held(long bytes) {
        waiting.add(bytes);
    }

    /** @param lagNanos how old the first of some entries was when they were written */
    public void written(LogKind log, long lagNanos) {
        lags.get(log).record(lagNanos, TimeUnit.NANOSECONDS);
    }
}
