package dev.berth.agent.machine;

import dev.berth.agent.machine.TaskEffect.Finish;
import dev.berth.agent.machine.TaskEffect.GiveUp;
import dev.berth.agent.machine.TaskEffect.Look;
import dev.berth.agent.machine.TaskEffect.Note;
import dev.berth.agent.machine.TaskEffect.Prepare;
import dev.berth.agent.machine.TaskEffect.Tell;
import dev.berth.agent.machine.TaskEffect.Think;
import dev.berth.agent.machine.TaskInput.Acted;
import dev.berth.agent.machine.TaskInput.Answered;
import dev.berth.agent.machine.TaskInput.Broken;
import dev.berth.agent.machine.TaskInput.CancelAsked;
import dev.berth.agent.machine.TaskInput.Judged;
import dev.berth.agent.machine.TaskInput.Looked;
import dev.berth.agent.machine.TaskInput.ModelFailed;
import dev.berth.agent.machine.TaskInput.Placed;
import dev.berth.agent.machine.TaskInput.Ready;
import dev.berth.agent.machine.TaskInput.Rested;
import dev.berth.agent.machine.TaskInput.SessionOver;
import dev.berth.agent.machine.TaskInput.TimeUp;
import dev.berth.agent.machine.TaskInput.TurnCame;
import dev.berth.agent.machine.TaskState.TaskPhase;
import dev.berth.agent.model.Prompt;
import dev.berth.agent.model.PromptMessage.Assistant;
import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.agent.model.PromptMessage.User;
import dev.berth.agent.model.Turn;
import dev.berth.protocol.TaskView.TaskStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The logic of an AI task: {@code (state, input) → (state, effects)}. Its limits hold whatever the model or a page says. */
public final class TaskMachine {
    private static final String USE_TOOLS =
            "Nothing was done: an answer must call a tool. If the task is over, call done or fail.";
    private static final String AGAIN = "I repeat the steps of an earlier run of this task that succeeded.";
    private static final String NO_ANSWER = "(no answer)";
    /** Limit for the calls of one answer; further ones count as not said. */
    private static final int MAX_CALLS = 30;

    private final TaskRules rules;
    private final Calls calls;
    private final Map<Class<?>, Move> moves = new HashMap<>();

    private record Move(Optional<TaskPhase> phase, BiFunction<TaskState, TaskInput, TaskTransition> next) {}

    public TaskMachine(TaskRules rules) {
        this.rules = rules;
        this.calls = new Calls(rules, this);
        always(CancelAsked.class, (state, asked) -> end(brokenOff(state), TaskOutcome.cancelled(asked.why())));
        always(
                TimeUp.class,
                (state, up) -> end(
                        brokenOff(state),
                        TaskOutcome.timedOut(withLessons(
                                state,
                                "the task took longer than " + rules.limits().timeoutMillis() + " ms (timeoutMs)"))));
        always(
                SessionOver.class,
                (state, over) -> end(
                        brokenOff(state),
                        over.client()
                                ? TaskOutcome.cancelled(over.why())
                                : TaskOutcome.failed(withLessons(state, over.why()))));
        always(Broken.class, (state, broken) -> end(brokenOff(state), TaskOutcome.failed(broken.why())));
        in(
                TaskPhase.PENDING,
                Placed.class,
                (state, placed) ->
                        TaskTransition.to(state.in(TaskPhase.STARTING), new Tell(TaskStatus.STARTING), new Prepare()));
        in(TaskPhase.STARTING, Ready.class, this::ready);
        in(TaskPhase.THINKING, TurnCame.class, (state, came) -> answered(state, came.turn()));
        in(
                TaskPhase.THINKING,
                ModelFailed.class,
                (state, failed) -> end(
                        state.with(state.spending().plus(failed.cost())),
                        TaskOutcome.failed(withLessons(state, failed.why()))));
        in(TaskPhase.ACTING, Acted.class, calls::acted);
        in(TaskPhase.JUDGING, Judged.class, calls::judged);
        in(TaskPhase.WAITING, Answered.class, calls::answered);
        in(TaskPhase.LOOKING, Looked.class, this::looked);
        always(Rested.class, (state, rested) -> calls.rested(state, rested));
    }

    private <I extends TaskInput> void always(Class<I> input, BiFunction<TaskState, I, TaskTransition> move) {
        moves.put(input, new Move(Optional.empty(), (state, given) -> move.apply(state, input.cast(given))));
    }

    private <I extends TaskInput> void in(
            TaskPhase phase, Class<I> input, BiFunction<TaskState, I, TaskTransition> move) {
        moves.put(input, new Move(Optional.of(phase), (state, given) -> move.apply(state, input.cast(given))));
    }

    /** Applies an input. A late one, such as a model's answer after the end, changes nothing. */
    public TaskTransition on(TaskState state, TaskInput input) {
        Move move = moves.get(input.getClass());
        boolean fits = move.phase().map(state.phase()::equals).orElse(state.phase() != TaskPhase.ENDED);
        return fits ? move.next().apply(state, input) : TaskTransition.to(state);
    }

    /** The task ends while its model answers, perhaps: the provider charges for that, and tells nobody how much. */
    private TaskState brokenOff(TaskState state) {
        return state.phase() == TaskPhase.THINKING
                ? state.with(state.spending().plus(rules.most().apply(rules.prompt(state.conversation()))))
                : state;
    }

    private TaskTransition ready(TaskState state, Ready ready) {
        return TaskTransition.to(
                        state.with(state.conversation().startingAt(ready.page())), new Tell(TaskStatus.RUNNING))
                .then(running ->
                        ready.replay().map(replay -> again(running, replay)).orElseGet(() -> think(running)));
    }

    /** The model is told of it as of its own answer: if it has to go on, it knows what was done. */
    private TaskTransition again(TaskState state, Replay replay) {
        TurnWork work = TurnWork.again(replay);
        return calls.next(state.with(state.conversation().said(new Assistant(Optional.of(AGAIN), work.calls())))
                .with(work));
    }

    /** Asks the model, if it may go on and can be afforded. */
    TaskTransition think(TaskState state) {
        Optional<String> verdict = state.setbacks().verdict();
        if (verdict.isPresent()) {
            return end(state, TaskOutcome.failed(withLessons(state, verdict.get())));
        }
        TaskState asking = state.steps() < rules.limits().maxSteps() ? state : told(state, noSteps());
        Prompt prompt = rules.prompt(asking.conversation());
        double most = rules.most().apply(prompt).usd();
        double limit = rules.limits().maxCostUsd();
        if (asking.spent().usd() + most > limit) {
            return end(
                    asking,
                    TaskOutcome.tooExpensive(withLessons(
                            asking,
                            String.format(
                                    Locale.ROOT,
                                    "the next model call may cost up to %.4f USD, and %.4f of %.4f USD is spent (maxCostUsd)",
                                    most,
                                    asking.spent().usd(),
                                    limit))));
        }
        return TaskTransition.to(
                asking.in(TaskPhase.THINKING),
                new Think(prompt, limit - asking.spent().usd()));
    }

    private String noSteps() {
        return "All " + rules.limits().maxSteps() + " steps are used. Call done or fail now; nothing else will run.";
    }

    private static TaskState told(TaskState state, String text) {
        return state.with(state.conversation().alsoTold(text));
    }

    private TaskTransition answered(TaskState state, Turn turn) {
        TaskState paid = state.with(state.spending().plus(turn.cost()));
        Optional<String> words = turn.text().filter(text -> !text.isBlank());
        List<ToolCall> first = turn.calls().stream().limit(MAX_CALLS).toList();
        if (first.isEmpty()) {
            Assistant said = new Assistant(Optional.of(words.orElse(NO_ANSWER)), first);
            return think(paid.with(paid.setbacks().nonsense(USE_TOOLS))
                    .with(paid.conversation().said(said).then(new User(USE_TOOLS))));
        }
        return calls.next(
                paid.with(paid.conversation().said(new Assistant(words, first))).with(TurnWork.of(first, words)));
    }

    /** Reads the page after acts. */
    TaskTransition look(TaskState state) {
        return state.work()
                .replay()
                .map(done -> look(state, new Look(true, destination(done))))
                .orElseGet(() -> look(state, new Look(false)));
    }

    /** The next page that the steps lead to, if the model need not be asked there. */
    private Optional<String> destination(Replay replay) {
        return replay.whole() && !rules.outputRequired() ? Optional.of(replay.place()) : Optional.empty();
    }

    /** Reads the page after somebody else has acted. */
    TaskTransition lookAnew(TaskState state) {
        return look(state, new Look(true));
    }

    /** Whole where the conversation has to be shortened. */
    private TaskTransition look(TaskState state, Look look) {
        boolean tooLong = state.conversation().isTooLong();
        TaskState shorter = tooLong ? state.with(state.conversation().compacted()) : state;
        return TaskTransition.to(shorter.in(TaskPhase.LOOKING), new Look(look.whole() || tooLong, look.destination()));
    }

    private TaskTransition looked(TaskState state, Looked looked) {
        ShownPage page = looked.page();
        Optional<Replay> replayed = state.work().replay();
        if (replayed.flatMap(this::destination).filter(page.place()::equals).isPresent()) {
            return end(state, TaskOutcome.completed(Optional.empty()));
        }
        int acts = replayed.isPresent() ? 0 : state.work().acts();
        return think(state.with(state.conversation().then(new User(page.text(), page.images())))
                .with(state.setbacks().seen(page.changed(), acts))
                .with(TurnWork.NONE));
    }

    TaskTransition end(TaskState state, TaskOutcome outcome) {
        Map<String, Object> details = new HashMap<>();
        outcome.error().ifPresent(why -> details.put("reason", why));
        details.put("steps", state.steps());
        Note note = new Note(noteOf(outcome), details, state.spending().unbilled());
        return TaskTransition.to(state.ended(outcome), new GiveUp(), note, new Finish(outcome));
    }

    private static String noteOf(TaskOutcome outcome) {
        return outcome.status() == TaskStatus.COMPLETED
                ? "task_done"
                : "task_" + outcome.status().wireName();
    }

    static String withLessons(TaskState state, String why) {
        return state.conversation()
                .lastWords()
                .map(words -> why + ". The model's last words: " + words)
                .orElse(why);
    }
}
