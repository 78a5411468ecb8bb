package dev.berth.live;

import dev.berth.protocol.AgentClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskView.TaskEvent;
import io.vertx.core.Future;
import java.util.List;

/**
 * Where viewers hear of AI tasks.
 *
 * @param agents may talk to every task, on any node
 */
public record SessionTasks(AgentClient agents, Open open) {
    /** Reads what is kept of tasks that have not ended. */
    public interface Open {
        /** What the tasks of a session told last: each its state, and its last step. At most {@code limit} tasks. */
        Future<List<TaskEvent>> in(SessionId id, int limit);
    }
}
