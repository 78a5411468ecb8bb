package dev.berth.agent.machine;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A transition: the new state, and the effects in order. */
public record Step(TaskState state, List<TaskEffect> effects) {
    public Step {
        effects = List.copyOf(effects);
    }

    static Step to(TaskState state, TaskEffect... effects) {
        return new Step(state, List.of(effects));
    }

    /** Applies {@code next} to this step's state and appends its effects. */
    Step then(Function<TaskState, Step> next) {
        Step second = next.apply(state);
        return new Step(
                second.state(),
                Stream.concat(effects.stream(), second.effects().stream()).toList());
    }
}
