package dev.berth.agent.machine;

import dev.berth.protocol.Cost;
import dev.berth.protocol.TaskView.TaskStatus;
import java.util.Optional;

/**
 * A task at one moment. Immutable.
 *
 * @param steps how many it has done
 * @param work what the model's last answer still asks for
 * @param question to a person
 * @param output JSON text that matches the schema
 * @param judged JSON text that is being compared with the schema
 */
public record TaskState(
        TaskPhase phase,
        Conversation conversation,
        Spending spending,
        int steps,
        Setbacks setbacks,
        TurnWork work,
        Optional<String> question,
        Optional<String> output,
        Optional<String> judged,
        Optional<TaskOutcome> outcome) {

    public static TaskState pending(TaskRules rules) {
        return new TaskState(
                TaskPhase.PENDING,
                new Conversation(rules.task()),
                Spending.NONE,
                0,
                Setbacks.NONE,
                TurnWork.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public Cost spent() {
        return spending.spent();
    }

    public TaskStatus status() {
        return outcome.map(TaskOutcome::status).orElseGet(() -> switch (phase) {
            case PENDING -> TaskStatus.PENDING;
            case STARTING -> TaskStatus.STARTING;
            case WAITING -> TaskStatus.WAITING;
            default -> TaskStatus.RUNNING;
        });
    }

    TaskState in(TaskPhase next) {
        return new TaskState(next, conversation, spending, steps, setbacks, work, question, output, judged, outcome);
    }

    TaskState with(Conversation next) {
        return new TaskState(phase, next, spending, steps, setbacks, work, question, output, judged, outcome);
    }

    TaskState with(Spending next) {
        return new TaskState(phase, conversation, next, steps, setbacks, work, question, output, judged, outcome);
    }

    TaskState with(Setbacks next) {
        return new TaskState(phase, conversation, spending, steps, next, work, question, output, judged, outcome);
    }

    TaskState with(TurnWork next) {
        return new TaskState(phase, conversation, spending, steps, setbacks, next, question, output, judged, outcome);
    }

    /** The state after one more step. */
    TaskState stepped() {
        return new TaskState(
                phase, conversation, spending.billed(), steps + 1, setbacks, work, question, output, judged, outcome);
    }

    TaskState asking(Optional<String> next) {
        return new TaskState(phase, conversation, spending, steps, setbacks, work, next, output, judged, outcome);
    }

    TaskState judging(String json) {
        return new TaskState(
                TaskPhase.JUDGING,
                conversation,
                spending,
                steps,
                setbacks,
                work,
                question,
                output,
                Optional.of(json),
                outcome);
    }

    /** The state once the judged output was accepted. */
    TaskState accepted() {
        return new TaskState(
                phase, conversation, spending, steps, setbacks, work, question, judged, Optional.empty(), outcome);
    }

    TaskState ended(TaskOutcome how) {
        return new TaskState(
                TaskPhase.ENDED,
                conversation,
                spending.billed(),
                steps,
                setbacks,
                work,
                Optional.empty(),
                output,
                judged,
                Optional.of(how));
    }

    /**
     * The cost of a task's model.
     *
     * @param spent all of it
     * @param unbilled the part that no action of the session has in its cost yet
     */
    public record Spending(Cost spent, Cost unbilled) {
        static final Spending NONE = new Spending(Cost.NONE, Cost.NONE);

        Spending plus(Cost cost) {
            return new Spending(spent.plus(cost), unbilled.plus(cost));
        }

        Spending billed() {
            return new Spending(spent, Cost.NONE);
        }
    }

    /** The phase of a task: its present work. */
    public enum TaskPhase {
        /** The task waits for a place. */
        PENDING,
        /** The task's session is made ready. */
        STARTING,
        /** The task's model is asked. */
        THINKING,
        /** The task waits until no person acts. */
        RESTING,
        /** A tool runs. */
        ACTING,
        /** The page is read. */
        LOOKING,
        /** An output is compared with its schema. */
        JUDGING,
        /** A person is asked. */
        WAITING,
        ENDED
    }
}
