package dev.berth.metrics;

import dev.berth.protocol.ActionEntry;
import dev.berth.verbs.Verb;
import dev.berth.verbs.Verbs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the sessions of a node do. For any thread. */
public final class ActionCounts {
    /** Of what is no verb: whoever may write to the action log may choose any name, and each would be a series for ever. */
    static final String OTHER = "other";
    /** Types in the action log that are no verbs. */
    private static final Set<String> BESIDE = Set.of(
            "ask_human",
            "copy",
            "dialog",
            "download",
            "extract",
            "input",
            "navigate-history",
            "paste",
            "set-content",
            "set-cookies",
            "tap",
            "task_cancelled",
            "task_done",
            "task_failed",
            "task_timeout",
            "useless_call");

    private static final Set<String> KNOWN = Stream.concat(Verbs.all().stream().map(Verb::name), BESIDE.stream())
            .collect(Collectors.toUnmodifiableSet());

    private final MeterRegistry registry;
    private final Map<String, OfVerb> verbs = new ConcurrentHashMap<>();

    ActionCounts(MeterRegistry registry) {
        this.registry = registry;
    }

    private record OfVerb(Timer times, Counter done, Counter failed) {
        static OfVerb of(MeterRegistry registry, String verb) {
            return new OfVerb(
                    Times.timer(
                            registry,
                            "berth.action.duration",
                            "How long actions took, failed ones included.",
                            Times.ACTIONS,
                            "verb",
                            verb),
                    counter(registry, verb, "success"),
                    counter(registry, verb, "failure"));
        }

        private static Counter counter(MeterRegistry registry, String verb, String outcome) {
            return Counter.builder("berth.actions")
                    .description("Actions in the action logs, whoever did them.")
                    .tags("verb", verb, "outcome", outcome)
                    .register(registry);
        }
    }

    /** An action is in the action log. */
    public void performed(ActionEntry action) {
        OfVerb of = verbs.computeIfAbsent(
                KNOWN.contains(action.type()) ? action.type() : OTHER, verb -> OfVerb.of(registry, verb));
        of.times().record(action.duration(), TimeUnit.MILLISECONDS);
        (action.success() ? of.done() : of.failed()).increment();
    }
}
