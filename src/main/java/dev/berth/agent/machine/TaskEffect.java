package dev.berth.agent.machine;

import dev.berth.agent.machine.Replay.RecordedStep;
import dev.berth.agent.model.Prompt;
import dev.berth.protocol.Cost;
import dev.berth.protocol.TaskView.TaskStatus;
import java.util.Map;
import java.util.Optional;

/** An effect: work that the actor carries out for a task. */
public sealed interface TaskEffect {
    /** Make its session ready: {@link TaskInput.Ready}. */
    record Prepare() implements TaskEffect {}

    /**
     * Ask its model: {@link TaskInput.TurnCame}.
     *
     * @param maxUsd what all tries may cost together
     */
    record Think(Prompt prompt, double maxUsd) implements TaskEffect {}

    /** Give up asking its model, and what its session does for it. */
    record GiveUp() implements TaskEffect {}

    /** Wait until no person acts: {@link TaskInput.Rested}. */
    record Rest() implements TaskEffect {}

    /**
     * Run a tool: {@link TaskInput.Acted}.
     *
     * @param reason why, in the model's words
     * @param cost of deciding on it
     * @param again the step of an earlier run that this one repeats
     */
    record Act(
            String tool,
            Map<String, Object> arguments,
            Optional<String> reason,
            Cost cost,
            Optional<RecordedStep> again)
            implements TaskEffect {}

    /**
     * Read the page: {@link TaskInput.Looked}.
     *
     * @param whole not only what changed
     * @param destination the place that the page may still be on its way to
     */
    record Look(boolean whole, Optional<String> destination) implements TaskEffect {
        Look(boolean whole) {
            this(whole, Optional.empty());
        }
    }

    /** Compare an output with its schema: {@link TaskInput.Judged}. */
    record Judge(String output) implements TaskEffect {}

    /** Give the answer of a person, {@link TaskInput.Answered}, or what one does in the live view, {@link TaskInput.Rested}. */
    record AwaitPerson() implements TaskEffect {}

    /** Make an entry in the session's action log. */
    record Note(String type, Map<String, Object> details, Cost cost) implements TaskEffect {}

    /** Record a step. */
    record KeepStep(
            int number,
            String tool,
            Map<String, Object> arguments,
            boolean success,
            Optional<String> reason,
            Optional<String> error,
            Cost cost)
            implements TaskEffect {}

    /** Record and tell the task's new status. */
    record Tell(TaskStatus status, Optional<String> question) implements TaskEffect {
        Tell(TaskStatus status) {
            this(status, Optional.empty());
        }
    }

    /** Record and tell its outcome, and end what was made for it. */
    record Finish(TaskOutcome outcome) implements TaskEffect {}
}
