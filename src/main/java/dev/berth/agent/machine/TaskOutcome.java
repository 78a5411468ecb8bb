package dev.berth.agent.machine;

import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskView.TaskStatus;
import java.util.Optional;

/**
 * How a task ended.
 *
 * @param output JSON text, of a task that completed
 * @param error why it did not complete
 * @param session why a session that was made for it ends
 */
public record TaskOutcome(TaskStatus status, Optional<String> output, Optional<String> error, EndReason session) {
    static TaskOutcome completed(Optional<String> output) {
        return new TaskOutcome(TaskStatus.COMPLETED, output, Optional.empty(), EndReason.TASK_FINISHED);
    }

    static TaskOutcome failed(String why) {
        return new TaskOutcome(TaskStatus.FAILED, Optional.empty(), Optional.of(why), EndReason.TASK_FAILED);
    }

    static TaskOutcome tooExpensive(String why) {
        return new TaskOutcome(TaskStatus.FAILED, Optional.empty(), Optional.of(why), EndReason.BUDGET_EXHAUSTED);
    }

    static TaskOutcome timedOut(String why) {
        return new TaskOutcome(TaskStatus.TIMEOUT, Optional.empty(), Optional.of(why), EndReason.TASK_FAILED);
    }

    static TaskOutcome cancelled(String why) {
        return new TaskOutcome(TaskStatus.CANCELLED, Optional.empty(), Optional.of(why), EndReason.TASK_CANCELLED);
    }
}
