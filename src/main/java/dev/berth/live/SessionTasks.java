package dev.berth.live;

import dev.berth.protocol.AgentClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskView.TaskEvent;
import io.vertx.core.Future;
import java.util.List;

/**
 * The AI tasks of sessions, for viewers.
 *
 * @param agents may talk to every task, on any node
 */
public record SessionTasks(AgentClient agents, Open open) {
    /** Reads what is kept of tasks that have not ended. */
    public interface Open {
        /** The last events of a session's tasks: of each its state, and its last step. At most {@code limit} tasks. */
        Future<List<TaskEvent>> in(SessionId id, int limit);
    }
}
