package dev.berth.agent;

import dev.berth.history.TaskRepository;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStep;
import dev.berth.protocol.TaskView;
import io.vertx.core.Future;

/** Where tasks are recorded. */
public interface TaskHistory {
    /** Claims a task; gives that of an earlier request where this one repeats it. */
    Future<TaskView> started(ExecuteTask request, TaskView first);

    Future<Void> changed(TaskView task);

    Future<Void> step(TaskId id, TaskStep step);

    /** The tables of tasks. */
    static TaskHistory of(TaskRepository tasks, String machineId) {
        return new TaskHistory() {
            @Override
            public Future<TaskView> started(ExecuteTask request, TaskView first) {
                return tasks.started(request, first, machineId);
            }

            @Override
            public Future<Void> changed(TaskView task) {
                return tasks.changed(task);
            }

            @Override
            public Future<Void> step(TaskId id, TaskStep step) {
                return tasks.step(id, step);
            }
        };
    }
}
