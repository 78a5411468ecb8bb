package dev.berth.agent.machine;

import dev.berth.agent.machine.TaskEffect.Act;
import dev.berth.agent.machine.TaskEffect.AwaitPerson;
import dev.berth.agent.machine.TaskEffect.Judge;
import dev.berth.agent.machine.TaskEffect.KeepStep;
import dev.berth.agent.machine.TaskEffect.Note;
import dev.berth.agent.machine.TaskEffect.Rest;
import dev.berth.agent.machine.TaskEffect.Tell;
import dev.berth.agent.machine.TaskInput.Acted;
import dev.berth.agent.machine.TaskInput.Answered;
import dev.berth.agent.machine.TaskInput.Judged;
import dev.berth.agent.machine.TaskInput.Rested;
import dev.berth.agent.machine.TaskState.TaskPhase;
import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.agent.model.PromptMessage.ToolResult;
import dev.berth.protocol.Cost;
import dev.berth.protocol.TaskView.TaskStatus;
import dev.berth.protocol.Truncation;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out the calls of a model's answer, one after another. */
final class Calls {
    private static final int MAX_OUTPUT_CHARS = 1 << 16;
    private static final int MAX_NAME_CHARS = 100;
    private static final String AFTER_FAILURE = "Not run, because the previous call failed.";
    private static final String AFTER_PERSON =
            "Not run: a person acted in the browser meanwhile. Continue from the page below.";
    private static final String PERSON_ACTED =
            "A person acted in the browser instead of answering. Continue from the page below.";

    private final TaskRules rules;
    private final TaskMachine machine;

    Calls(TaskRules rules, TaskMachine machine) {
        this.rules = rules;
        this.machine = machine;
    }

    TaskTransition next(TaskState state) {
        if (state.work().calls().isEmpty()) {
            boolean look = state.work().look() || state.conversation().isTooLong();
            return look ? machine.look(state) : machine.think(state);
        }
        ToolCall call = state.work().call();
        if (state.steps() >= rules.limits().maxSteps() && !OwnTools.ends(call.name())) {
            return machine.end(
                    state,
                    TaskOutcome.failed(TaskMachine.withLessons(
                            state, "the task used all of its " + rules.limits().maxSteps() + " steps (maxSteps)")));
        }
        Optional<JsonObject> arguments = arguments(call);
        if (arguments.isEmpty()) {
            return useless(state, "The arguments are not a JSON object, or were truncated.");
        }
        if (!rules.knows(call.name())) {
            return useless(state, "There is no tool '" + Truncation.ellipsis(call.name(), MAX_NAME_CHARS) + "'.");
        }
        return OwnTools.has(call.name())
                ? own(state, call.name(), arguments.get())
                : TaskTransition.to(state.in(TaskPhase.RESTING), new Rest());
    }

    private static Optional<JsonObject> arguments(ToolCall call) {
        try {
            return Optional.of(call.arguments().isBlank() ? new JsonObject() : new JsonObject(call.arguments()));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> given(ToolCall call) {
        return arguments(call).map(JsonObject::getMap).orElse(Map.of());
    }

    TaskTransition rested(TaskState state, Rested rested) {
        if (state.phase() == TaskPhase.WAITING) {
            return rested.personActed()
                    ? replied(state, PERSON_ACTED)
                            .then(asked -> skipRest(asked, AFTER_PERSON))
                            .then(asked -> machine.lookAnew(asked))
                    : TaskTransition.to(state);
        }
        if (state.phase() != TaskPhase.RESTING) {
            return TaskTransition.to(state);
        }
        return rested.personActed()
                ? skipRest(state, AFTER_PERSON).then(skipped -> machine.lookAnew(skipped))
                : act(state);
    }

    private TaskTransition act(TaskState state) {
        ToolCall call = state.work().call();
        Act act = new Act(
                call.name(),
                given(call),
                state.work().reason(),
                state.spending().unbilled(),
                state.work().again());
        return TaskTransition.to(state.in(TaskPhase.ACTING), act);
    }

    TaskTransition acted(TaskState state, Acted acted) {
        ToolCall call = state.work().call();
        boolean changes = rules.acts().contains(call.name());
        TaskState counted = state.with(
                        state.setbacks().sense().acted(call.name() + " " + call.arguments(), acted.success()))
                .with(changes ? state.work().acted() : state.work());
        TaskTransition kept = kept(
                        counted, acted.success(), acted.success() ? Optional.empty() : Optional.of(acted.text()))
                .then(done -> TaskTransition.to(result(done, acted.text(), acted.images())));
        return kept.then(done ->
                acted.success() ? next(done) : skipRest(done, AFTER_FAILURE).then(this::next));
    }

    /** Ends the current call. */
    private static TaskState result(TaskState state, String text, List<Image> images) {
        ToolCall call = state.work().call();
        return state.with(state.conversation().with(new ToolResult(call.id(), call.name(), text, images)))
                .with(state.work().next());
    }

    private static TaskTransition skipRest(TaskState state, String why) {
        TaskState skipped = state;
        while (!skipped.work().calls().isEmpty()) {
            skipped = result(skipped, why, List.of());
        }
        return TaskTransition.to(skipped.with(skipped.work().stopped()));
    }

    /** Counts the current call as a step. */
    private static TaskTransition kept(TaskState state, boolean success, Optional<String> error) {
        ToolCall call = state.work().call();
        TaskState stepped = state.stepped();
        return TaskTransition.to(
                stepped,
                new KeepStep(
                        stepped.steps(),
                        call.name(),
                        given(call),
                        success,
                        state.work().reason(),
                        error,
                        state.spending().unbilled()));
    }

    /** Tells the model that its call was useless. */
    private TaskTransition useless(TaskState state, String why) {
        TaskState counted = state.with(state.setbacks().nonsense(why));
        Cost cost = state.spending().unbilled();
        TaskTransition told = cost.equals(Cost.NONE)
                ? kept(counted, false, Optional.of(why))
                : kept(counted, false, Optional.of(why))
                        .then(done -> TaskTransition.to(done, note("useless_call", why, cost)));
        return told.then(done -> TaskTransition.to(result(done, why, List.of())))
                .then(done -> skipRest(done, AFTER_FAILURE))
                .then(this::next);
    }

    private static Note note(String type, String text, Cost cost) {
        return new Note(type, Map.of("text", text), cost);
    }

    private TaskTransition own(TaskState state, String tool, JsonObject arguments) {
        return switch (tool) {
            case OwnTools.DONE -> done(state, arguments);
            case OwnTools.EXTRACT ->
                arguments.containsKey("output") ? judge(state, arguments) : useless(state, "output is missing.");
            case OwnTools.ASK_HUMAN -> ask(state, text(arguments, "question"));
            default -> fail(state, text(arguments, "reason"));
        };
    }

    private static Optional<String> text(JsonObject arguments, String field) {
        return Optional.ofNullable(arguments.getValue(field))
                .map(Object::toString)
                .filter(text -> !text.isBlank());
    }

    private TaskTransition done(TaskState state, JsonObject arguments) {
        if (arguments.getValue("output") != null) {
            return judge(state, arguments);
        }
        return rules.outputRequired() && state.output().isEmpty()
                ? useless(state, "output is missing: the task has a schema for it.")
                : machine.end(state, TaskOutcome.completed(state.output()));
    }

    private TaskTransition judge(TaskState state, JsonObject arguments) {
        String output = Json.encode(arguments.getValue("output"));
        return output.length() > MAX_OUTPUT_CHARS
                ? useless(state, "output is longer than " + MAX_OUTPUT_CHARS + " characters.")
                : TaskTransition.to(state.judging(output), new Judge(output));
    }

    TaskTransition judged(TaskState state, Judged judged) {
        if (judged.objection().isPresent()) {
            return useless(
                    state,
                    "output does not match its schema: " + judged.objection().get());
        }
        TaskState accepted = state.accepted().with(state.setbacks().sense());
        if (state.work().call().name().equals(OwnTools.DONE)) {
            return machine.end(accepted, TaskOutcome.completed(accepted.output()));
        }
        Note note = note(
                OwnTools.EXTRACT, accepted.output().orElse(""), state.spending().unbilled());
        return kept(accepted, true, Optional.empty())
                .then(done -> TaskTransition.to(result(done, "Kept.", List.of()), note))
                .then(this::next);
    }

    private TaskTransition ask(TaskState state, Optional<String> question) {
        if (question.isEmpty()) {
            return useless(state, "question is missing.");
        }
        Note note = note(OwnTools.ASK_HUMAN, question.get(), state.spending().unbilled());
        return kept(state, true, Optional.empty())
                .then(asked -> TaskTransition.to(
                        asked.asking(question).in(TaskPhase.WAITING),
                        note,
                        new Tell(TaskStatus.WAITING, question),
                        new AwaitPerson()));
    }

    TaskTransition answered(TaskState state, Answered answered) {
        return replied(state, "The person answered: " + answered.text()).then(this::next);
    }

    /** Meanwhile the page may have changed. */
    private static TaskTransition replied(TaskState state, String reply) {
        TaskState going = result(state, reply, List.of());
        return TaskTransition.to(
                going.asking(Optional.empty())
                        .in(TaskPhase.RESTING)
                        .with(going.work().looking())
                        .with(going.setbacks().sense()),
                new Tell(TaskStatus.RUNNING));
    }

    private TaskTransition fail(TaskState state, Optional<String> reason) {
        return machine.end(state, TaskOutcome.failed(reason.orElse("the model gave up without giving a reason")));
    }
}
