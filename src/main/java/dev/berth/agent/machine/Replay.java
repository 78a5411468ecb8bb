package dev.berth.agent.machine;

import java.util.List;

/**
 * The steps of a task that succeeded, to be done again without its model.
 *
 * @param steps that are left
 * @param whole whether they alone did the task: otherwise the model goes on after them
 * @param place where they led: see {@link Page#place}
 */
public record Replay(List<RecordedStep> steps, boolean whole, String place) {
    public Replay {
        steps = List.copyOf(steps);
    }

    RecordedStep step() {
        return steps.get(0);
    }

    Replay next() {
        return new Replay(steps.subList(1, steps.size()), whole, place);
    }
}
