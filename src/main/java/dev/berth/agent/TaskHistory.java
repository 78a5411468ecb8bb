package dev.berth.agent;

import dev.berth.agent.machine.Replay;
import dev.berth.history.task.LostTasks;
import dev.berth.history.task.ReusableSteps;
import dev.berth.history.task.TaskRepository;
import dev.berth.protocol.ExecuteTask;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskView;
import dev.berth.protocol.TaskView.TaskStep;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** The record of tasks. */
public interface TaskHistory {
    /** Claims a task; gives that of an earlier request where this one repeats it. */
    Future<TaskView> started(ExecuteTask request, TaskView first);

    /**
     * Fails what is recorded as this node's although it does not run it; gives the number.
     *
     * @param run the tasks that it ran, or was about to run, at that time
     */
    Future<Integer> correct(Instant at, Collection<TaskId> run);

    Future<Void> changed(TaskView task);

    Future<Void> step(TaskId id, TaskStep step);

    /** The steps of the latest run of the same task that succeeded. */
    Future<Optional<Replay>> replay(ExecuteTask request);

    /** Keeps the steps of a run that succeeded, instead of earlier ones. */
    Future<Void> keep(ExecuteTask request, Replay steps);

    static TaskHistory of(TaskRepository tasks, LostTasks lost, ReusableSteps reusable, String machineId) {
        return new TaskHistory() {
            @Override
            public Future<TaskView> started(ExecuteTask request, TaskView first) {
                return tasks.started(request, first, machineId);
            }

            @Override
            public Future<Integer> correct(Instant at, Collection<TaskId> run) {
                return lost.correct(at, run);
            }

            @Override
            public Future<Void> changed(TaskView task) {
                return tasks.changed(task);
            }

            @Override
            public Future<Void> step(TaskId id, TaskStep step) {
                return tasks.step(id, step);
            }

            @Override
            public Future<Optional<Replay>> replay(ExecuteTask request) {
                return reusable.find(request.userId(), request.spec()).map(found -> found.flatMap(Replay::of));
            }

            @Override
            public Future<Void> keep(ExecuteTask request, Replay steps) {
                return steps.steps().isEmpty()
                        ? Future.succeededFuture()
                        : reusable.save(request.userId(), request.spec(), steps.json());
            }
        };
    }
}
