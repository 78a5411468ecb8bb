package dev.berth.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/** Histograms of durations. A bucket costs every series one more line, so there are few. */
final class Times {
    /** Of what takes a moment: calls to servers. */
    static final Duration[] SHORT = millis(1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000);
    /** Of what a browser does. */
    static final Duration[] ACTIONS = millis(10, 50, 100, 250, 1_000, 5_000, 30_000);
    /** Of what somebody waits for. */
    static final Duration[] LONG = millis(25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000);

    private Times() {}

    private static Duration[] millis(long... bounds) {
        return LongStream.of(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    /** @param tags names and values of labels, in turn */
    static Timer timer(MeterRegistry registry, String name, String help, Duration[] buckets, String... tags) {
        return Timer.builder(name)
                .description(help)
                .serviceLevelObjectives(buckets)
                .tags(tags)
                .register(registry);
    }
}
