package dev.berth.protocol;

/**
 * What happened to an AI task. Published once the history has it, on {@link Addresses#taskEvents(TaskId)} and on
 * {@link Addresses#taskEvents(SessionId)}.
 */
public sealed interface TaskEvent {
    TaskId taskId();

    /** Its status, question or outcome changed. */
    record TaskChanged(TaskView task) implements TaskEvent {
        public TaskChanged {
            Require.present("task", task);
        }

        @Override
        public TaskId taskId() {
            return task.taskId();
        }
    }

    /** It did a step. */
    record StepDone(TaskId taskId, TaskStep step) implements TaskEvent {
        public StepDone {
            Require.present("taskId", taskId);
            Require.present("step", step);
        }
    }
}
