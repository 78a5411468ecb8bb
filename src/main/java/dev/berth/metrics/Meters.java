package dev.berth.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Makes the meters of a registry. Names are in small letters, with dots. A unit is the end of a name, such as {@code bytes}, and empty for
 * a plain number. Tags are names and values of labels by turns.
 */
record Meters(MeterRegistry registry) {
    /** Buckets for what takes a moment: calls to servers. A bucket costs every series one more line, so there are few. */
    static final Duration[] SHORT = millis(1, 2, 5, 10, 25, 50, 100, 250, 1_000, 5_000);
    /** Buckets for what a browser does. */
    static final Duration[] ACTIONS = millis(10, 50, 100, 250, 1_000, 5_000, 30_000);
    /** Buckets for what somebody waits for. */
    static final Duration[] LONG = millis(25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000);

    private static Duration[] millis(long... bounds) {
        return LongStream.of(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    Counter counter(String name, String help, String unit, String... tags) {
        return Counter.builder(name)
                .description(help)
                .baseUnit(orNull(unit))
                .tags(tags)
                .register(registry);
    }

    /** A histogram of durations. */
    Timer timer(String name, String help, Duration[] buckets, String... tags) {
        return Timer.builder(name)
                .description(help)
                .serviceLevelObjectives(buckets)
                .tags(tags)
                .register(registry);
    }

    /** A number that is read at each scrape. */
    void gauge(String name, String help, String unit, Supplier<Number> value, String... tags) {
        Gauge.builder(name, value)
                .description(help)
                .baseUnit(orNull(unit))
                .tags(tags)
                .register(registry);
    }

    /** A number that many threads raise and lower. */
    LongAdder level(String name, String help, String unit) {
        LongAdder level = new LongAdder();
        gauge(name, help, unit, level::sum);
        return level;
    }

    static <E extends Enum<E>, T> Map<E, T> each(Class<E> type, Function<E, T> made) {
        Map<E, T> all = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            all.put(constant, made.apply(constant));
        }
        return all;
    }

    private static String orNull(String unit) {
        return unit.isEmpty() ? null : unit;
    }
}
