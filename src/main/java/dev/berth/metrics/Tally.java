package dev.berth.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** A number that many threads add to, for what happens so often that a counter of the registry would be felt. Read at each scrape. */
final class Tally {
    private final LongAdder sum = new LongAdder();

    private Tally() {}

    /**
     * One that only grows.
     *
     * @param unit the end of its name, such as {@code bytes}; empty for a plain number
     * @param tags names and values of labels, in turn
     */
    static Tally counter(MeterRegistry registry, String name, String help, String unit, String... tags) {
        Tally tally = new Tally();
        FunctionCounter.builder(name, tally, Tally::value)
                .description(help)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags)
                .register(registry);
        return tally;
    }

    /** One that shrinks, too. */
    static Tally gauge(MeterRegistry registry, String name, String help, String unit) {
        Tally tally = new Tally();
        Gauge.builder(name, tally, Tally::value)
                .description(help)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
        return tally;
    }

    void add(long more) {
        sum.add(more);
    }

    private double value() {
        return sum.sum();
    }
}
