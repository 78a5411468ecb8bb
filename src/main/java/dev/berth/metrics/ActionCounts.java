package dev.berth.metrics;

import dev.berth.protocol.ActionEntry;
import dev.berth.verbs.Verb;
import dev.berth.verbs.Verbs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Counts of the actions of a node's sessions. For any thread. */
public final class ActionCounts {
    /** For actions that are no verbs: their types may be anything, and each type would be a series for ever. */
    private static final String OTHER = "other";

    private static final Set<String> VERBS =
            Verbs.all().stream().map(Verb::name).collect(Collectors.toSet());

    private final Meters meters;
    private final Map<String, OfVerb> verbs = new ConcurrentHashMap<>();

    ActionCounts(Meters meters) {
        this.meters = meters;
    }

    private record OfVerb(Timer times, Counter done, Counter failed) {
        static OfVerb of(Meters meters, String verb) {
            return new OfVerb(
                    meters.timer(
                            "berth.action.duration",
                            "Duration of actions, including failed ones.",
                            Meters.ACTIONS,
                            "verb",
                            verb),
                    counter(meters, verb, "success"),
                    counter(meters, verb, "failure"));
        }

        private static Counter counter(Meters meters, String verb, String outcome) {
            return meters.counter(
                    "berth.actions",
                    "Actions in the action logs, by any client.",
                    "",
                    "verb",
                    verb,
                    "outcome",
                    outcome);
        }
    }

    /** An action is in the action log. */
    public void performed(ActionEntry action) {
        String name = VERBS.contains(action.type()) ? action.type() : OTHER;
        OfVerb of = verbs.computeIfAbsent(name, verb -> OfVerb.of(meters, verb));
        of.times().record(action.duration(), TimeUnit.MILLISECONDS);
        (action.success() ? of.done() : of.failed()).increment();
    }
}
