package dev.berth.metrics;

import dev.berth.protocol.Cost;
import dev.berth.protocol.TaskStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the AI tasks of a node use. For any thread. */
public final class AiCounts {
    private final Timer calls;
    private final Counter errors;
    private final Counter inputTokens;
    private final Counter outputTokens;
    private final Counter usd;
    private final Map<TaskStatus, Counter> tasks = new EnumMap<>(TaskStatus.class);

    AiCounts(MeterRegistry registry) {
        calls = Times.timer(
                registry, "berth.ai.call", "How long the model took for a turn, further tries included.", Times.LONG);
        errors = Counter.builder("berth.ai.call.errors")
                .description("Turns that the model did not give.")
                .register(registry);
        inputTokens = tokens(registry, "input");
        outputTokens = tokens(registry, "output");
        usd = Counter.builder("berth.ai.cost")
                .description("What the model cost, by the prices in the settings.")
                .baseUnit("usd")
                .register(registry);
        Stream.of(TaskStatus.values())
                .filter(TaskStatus::ended)
                .forEach(status -> tasks.put(
                        status,
                        Counter.builder("berth.ai.tasks.ended")
                                .description("AI tasks that ended.")
                                .tag("status", status.wireName())
                                .register(registry)));
    }

    private static Counter tokens(MeterRegistry registry, String direction) {
        return Counter.builder("berth.ai.tokens")
                .description("Tokens that the model read and wrote.")
                .tag("direction", direction)
                .register(registry);
    }

    /** The model was asked for a turn. */
    public void asked(long nanos, boolean answered, Cost cost) {
        calls.record(nanos, TimeUnit.NANOSECONDS);
        if (!answered) {
            errors.increment();
        }
        inputTokens.increment(cost.inputTokens());
        outputTokens.increment(cost.outputTokens());
        usd.increment(cost.usd());
    }

    /** @param status one of the final ones */
    public void ended(TaskStatus status) {
        tasks.get(status).increment();
    }
}
