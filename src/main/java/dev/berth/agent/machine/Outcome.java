package dev.berth.agent.machine;

import dev.berth.protocol.EndReason;
import dev.berth.protocol.TaskStatus;
import java.util.Optional;

/**
 * How a task ended.
 *
 * @param output JSON text, of a task that completed
 * @param error why it did not complete
 * @param session why a session that was made for it ends
 */
public record Outcome(TaskStatus status, Optional<String> output, Optional<String> error, EndReason session) {
    static Outcome completed(Optional<String> output) {
        return new Outcome(TaskStatus.COMPLETED, output, Optional.empty(), EndReason.TASK_FINISHED);
    }

    static Outcome failed(String why) {
        return new Outcome(TaskStatus.FAILED, Optional.empty(), Optional.of(why), EndReason.TASK_FAILED);
    }

    static Outcome tooExpensive(String why) {
        return new Outcome(TaskStatus.FAILED, Optional.empty(), Optional.of(why), EndReason.BUDGET_EXHAUSTED);
    }

    static Outcome timedOut(String why) {
        return new Outcome(TaskStatus.TIMEOUT, Optional.empty(), Optional.of(why), EndReason.TASK_FAILED);
    }

    static Outcome cancelled(String why) {
        return new Outcome(TaskStatus.CANCELLED, Optional.empty(), Optional.of(why), EndReason.TASK_CANCELLED);
    }
}
