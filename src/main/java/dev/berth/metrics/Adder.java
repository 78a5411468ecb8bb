package dev.berth.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** A number that many threads add to, for what happens so often that a counter of the registry would be felt. Read at each scrape. */
final class Adder {
    private final LongAdder sum = new LongAdder();

    private Adder() {}

    /**
     * One that only grows.
     *
     * @param unit the end of its name, such as {@code bytes}; empty for a plain number
     * @param tags names and values of labels, in turn
     */
    static Adder counter(MeterRegistry registry, String name, String help, String unit, String... tags) {
        Adder adder = new Adder();
        FunctionCounter.builder(name, adder, Adder::value)
                .description(help)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags)
                .register(registry);
        return adder;
    }

    /** One that shrinks, too. */
    static Adder gauge(MeterRegistry registry, String name, String help, String unit) {
        Adder adder = new Adder();
        Gauge.builder(name, adder, Adder::value)
                .description(help)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
        return adder;
    }

    void add(long more) {
        sum.add(more);
    }

    private double value() {
        return sum.sum();
    }
}
