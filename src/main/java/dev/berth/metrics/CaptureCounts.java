package dev.berth.metrics;

import dev.berth.protocol.LogKind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What the logs of a node's sessions take in. For any thread. */
public final class CaptureCounts {
    private final Map<LogKind, Adder> entries;
    private final Map<LogKind, Adder> dropped;
    private final Map<LogKind, Timer> lags;
    private final Adder waiting;

    CaptureCounts(MeterRegistry registry) {
        entries = each(log ->
                Adder.counter(registry, "berth.log.entries", "Entries that logs took in.", "", "log", log.wireName()));
        dropped = each(log -> Adder.counter(
                registry,
                "berth.log.entries.dropped",
                "Entries that came faster than they could be kept, and are missing in logs.",
                "",
                "log",
                log.wireName()));
        lags = each(log -> Times.timer(
                registry,
                "berth.log.write.lag",
                "How old the first of the entries was that were written to the disk together.",
                Times.LONG,
                "log",
                log.wireName()));
        waiting = Adder.gauge(registry, "berth.log.waiting", "Entries of logs that are only in memory yet.", "bytes");
    }

    private static <T> Map<LogKind, T> each(Function<LogKind, T> made) {
        Map<LogKind, T> all = new EnumMap<>(LogKind.class);
        for (LogKind log : LogKind.values()) {
            all.put(log, made.apply(log));
        }
        return all;
    }

    public void appended(LogKind log) {
        entries.get(log).add(1);
    }

    public void dropped(LogKind log) {
        dropped.get(log).add(1);
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
