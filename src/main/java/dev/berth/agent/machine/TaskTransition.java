package dev.berth.agent.machine;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A transition: the new state, and the effects in order. */
public record TaskTransition(TaskState state, List<TaskEffect> effects) {
    public TaskTransition {
        effects = List.copyOf(effects);
    }

    static TaskTransition to(TaskState state, TaskEffect... effects) {
        return new TaskTransition(state, List.of(effects));
    }

    /** Applies {@code next} to this step's state and appends its effects. */
    TaskTransition then(Function<TaskState, TaskTransition> next) {
        TaskTransition second = next.apply(state);
        return new TaskTransition(
                second.state(),
                Stream.concat(effects.stream(), second.effects().stream()).toList());
    }
}
