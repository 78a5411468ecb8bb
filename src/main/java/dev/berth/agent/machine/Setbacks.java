package dev.berth.agent.machine;

import dev.berth.protocol.Truncation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The setbacks of a task, which speak against going on.
 *
 * @param nonsense answers in a row of which nothing could be done
 * @param objection why nothing could be done of the latest of them
 * @param failures of a step since it last succeeded
 * @param idleActs acts in a row after which the page was as before
 */
public record Setbacks(int nonsense, String objection, Map<String, Integer> failures, int idleActs) {
    static final Setbacks NONE = new Setbacks(0, "", Map.of(), 0);

    private static final int MAX_NONSENSE = 3;
    private static final int MAX_FAILURES = 3;
    private static final int MAX_IDLE_ACTS = 5;
    private static final int MAX_STEP_CHARS = 500;

    public Setbacks {
        failures = Map.copyOf(failures);
    }

    Setbacks nonsense(String why) {
        return new Setbacks(nonsense + 1, why, failures, idleActs);
    }

    Setbacks sense() {
        return new Setbacks(0, "", failures, idleActs);
    }

    Setbacks acted(String step, boolean success) {
        Map<String, Integer> counted = new HashMap<>(failures);
        if (success) {
            counted.remove(step);
        } else {
            counted.merge(step, 1, Integer::sum);
        }
        return new Setbacks(nonsense, objection, counted, idleActs);
    }

    /** @param acts that were done since the page was seen before */
    Setbacks seen(boolean changed, int acts) {
        return new Setbacks(nonsense, objection, failures, changed ? 0 : idleActs + acts);
    }

    /** Why the task should not go on. */
    Optional<String> verdict() {
        if (nonsense >= MAX_NONSENSE) {
            return Optional.of("the model gave " + nonsense
                    + " unusable answers in a row. The objection to the last one: "
                    + Truncation.ellipsis(objection, MAX_STEP_CHARS));
        }
        if (idleActs >= MAX_IDLE_ACTS) {
            return Optional.of("the page did not change through " + idleActs + " acts");
        }
        return failures.entrySet().stream()
                .filter(step -> step.getValue() >= MAX_FAILURES)
                .findFirst()
                .map(step -> "the same step failed " + step.getValue() + " times: "
                        + Truncation.ellipsis(step.getKey(), MAX_STEP_CHARS));
    }
}
