package dev.berth.metrics;

import dev.berth.protocol.Cost;
import dev.berth.protocol.TaskView.TaskStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts of a node's AI tasks: their model calls, tokens, cost and ends. For any thread. */
public final class AiCounts {
    private final Timer calls;
    private final Counter errors;
    private final Counter inputTokens;
    private final Counter outputTokens;
    private final Counter usd;
    private final Map<TaskStatus, Counter> ended;

    AiCounts(Meters meters) {
        calls = meters.timer("berth.ai.call", "Time that the model took for a turn, including retries.", Meters.LONG);
        errors = meters.counter("berth.ai.call.errors", "Turns that the model did not answer.", "");
        inputTokens = tokens(meters, "input");
        outputTokens = tokens(meters, "output");
        usd = meters.counter("berth.ai.cost", "Cost of the model, by the prices in the settings.", "usd");
        ended = Stream.of(TaskStatus.values())
                .filter(TaskStatus::ended)
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        status -> meters.counter(
                                "berth.ai.tasks.ended", "AI tasks that ended.", "", "status", status.wireName())));
    }

    private static Counter tokens(Meters meters, String direction) {
        return meters.counter("berth.ai.tokens", "Tokens read and written by the model.", "", "direction", direction);
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

    /** @param status a final status */
    public void ended(TaskStatus status) {
        ended.get(status).increment();
    }
}
