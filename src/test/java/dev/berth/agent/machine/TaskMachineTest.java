package dev.berth.agent.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.machine.Replay.RecordedStep;
import dev.berth.agent.machine.TaskEffect.Act;
import dev.berth.agent.machine.TaskEffect.Finish;
import dev.berth.agent.machine.TaskEffect.GiveUp;
import dev.berth.agent.machine.TaskEffect.Judge;
import dev.berth.agent.machine.TaskEffect.KeepStep;
import dev.berth.agent.machine.TaskEffect.Look;
import dev.berth.agent.machine.TaskEffect.Note;
import dev.berth.agent.machine.TaskEffect.Rest;
import dev.berth.agent.machine.TaskEffect.Think;
import dev.berth.agent.machine.TaskInput.Acted;
import dev.berth.agent.machine.TaskInput.Answered;
import dev.berth.agent.machine.TaskInput.CancelAsked;
import dev.berth.agent.machine.TaskInput.Judged;
import dev.berth.agent.machine.TaskInput.Looked;
import dev.berth.agent.machine.TaskInput.Placed;
import dev.berth.agent.machine.TaskInput.Ready;
import dev.berth.agent.machine.TaskInput.Rested;
import dev.berth.agent.machine.TaskInput.SessionOver;
import dev.berth.agent.machine.TaskInput.TimeUp;
import dev.berth.agent.machine.TaskInput.TurnCame;
import dev.berth.agent.model.Prompt.ToolSpec;
import dev.berth.agent.model.PromptMessage.Image;
import dev.berth.agent.model.PromptMessage.ToolCall;
import dev.berth.agent.model.PromptMessage.ToolResult;
import dev.berth.agent.model.Turn;
import dev.berth.protocol.Cost;
import dev.berth.protocol.SessionStatus.EndReason;
import dev.berth.protocol.TaskSpec.TaskLimits;
import dev.berth.protocol.TaskView.TaskStatus;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskMachineTest {
    private static final Cost TURN = new Cost(0.01, 100, 10);
    private static final ShownPage SAME = new ShownPage("as before", false, List.of());

    private final List<TaskEffect> effects = new ArrayList<>();
    private double mostUsd = 0.02;
    private int pages;
    private TaskRules rules;
    private TaskMachine machine;
    private TaskState state;

    private TaskMachineTest begin(int maxSteps, double maxCostUsd, boolean outputRequired) {
        rules = new TaskRules(
                "system",
                "task",
                new TaskLimits(maxSteps, maxCostUsd, 60_000),
                outputRequired,
                Stream.concat(
                                Stream.of("click", "snapshot").map(name -> new ToolSpec(name, "", new JsonObject())),
                                OwnTools.specs().stream())
                        .toList(),
                Set.of("click"),
                prompt -> new Cost(mostUsd, 0, 0));
        machine = new TaskMachine(rules);
        state = TaskState.pending(rules);
        return tell(new Placed()).tell(new Ready(page()));
    }

    private TaskMachineTest begin() {
        return begin(40, 1, false);
    }

    private ShownPage page() {
        return new ShownPage("page " + ++pages, true, List.of());
    }

    private TaskMachineTest tell(TaskInput input) {
        TaskTransition step = machine.on(state, input);
        state = step.state();
        effects.clear();
        effects.addAll(step.effects());
        return this;
    }

    private TaskMachineTest answer(ToolCall... calls) {
        return tell(new TurnCame(new Turn(Optional.of("so it goes"), List.of(calls), TURN)));
    }

    private static ToolCall call(String tool, String arguments) {
        return new ToolCall("id-" + tool + arguments.hashCode(), tool, arguments);
    }

    private static ToolCall click(String selector) {
        return call("click", new JsonObject().put("selector", selector).encode());
    }

    private TaskMachineTest rested() {
        return tell(new Rested(false));
    }

    private TaskMachineTest acted(boolean success) {
        return tell(new Acted(success, success ? "ok" : "no such element", List.of()));
    }

    private TaskMachineTest looked() {
        return tell(new Looked(page()));
    }

    private <E extends TaskEffect> E only(Class<E> type) {
        List<E> found =
                effects.stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).as("%s in %s", type.getSimpleName(), effects).hasSize(1);
        return found.get(0);
    }

    private void assertEnded(TaskStatus status, String why) {
        TaskOutcome outcome = only(Finish.class).outcome();
        assertThat(outcome.status()).isEqualTo(status);
        assertThat(outcome.error().orElse("")).contains(why);
        assertThat(effects).hasAtLeastOneElementOfType(GiveUp.class);
    }

    private String toldLast() {
        var messages = state.conversation().messages();
        return messages.get(messages.size() - 1).toString();
    }

    @Test
    void callsOfATurnRunOneAfterAnotherAndThenThePageIsRead() {
        begin().answer(click("a"), click("b"));
        only(Rest.class);
        rested();
        assertThat(only(Act.class).arguments()).containsEntry("selector", "a");
        acted(true).rested();
        assertThat(only(Act.class).arguments()).containsEntry("selector", "b");
        acted(true);
        assertThat(only(Look.class).whole()).isFalse();
        looked();
        only(Think.class);
    }

    @Test
    void whatATurnCostsIsOnItsFirstActionOnly() {
        begin().answer(click("a"), click("b")).rested();
        assertThat(only(Act.class).cost()).isEqualTo(TURN);
        acted(true);
        assertThat(only(KeepStep.class).cost()).isEqualTo(TURN);
        rested();
        assertThat(only(Act.class).cost()).isEqualTo(Cost.NONE);
        assertThat(state.spent()).isEqualTo(TURN);
    }

    @Test
    void whatNoActionHasInItsCostIsOnTheLastNote() {
        begin().answer(call("done", "{}"));
        assertThat(only(Note.class).cost()).isEqualTo(TURN);
        assertThat(only(Note.class).type()).isEqualTo("task_done");
    }

    @Test
    void afterAFailureTheRestOfTheTurnDoesNotRun() {
        begin().answer(click("a"), click("b")).rested().acted(false);
        only(Look.class);
        looked();
        only(Think.class);
        assertThat(state.steps()).isEqualTo(1);
        assertThat(state.conversation().messages().toString()).contains("Not run, because the previous call failed");
    }

    @Test
    void aPersonWhoActsMakesTheModelLookAgain() {
        begin().answer(click("a")).tell(new Rested(true));
        assertThat(only(Look.class).whole()).isTrue();
        assertThat(state.steps()).isZero();
    }

    @Test
    void aCallThatMayExceedTheBudgetIsNotMade() {
        mostUsd = 0.05;
        begin(40, 0.055, false);
        only(Think.class);
        answer(call("snapshot", "{}")).rested().acted(true);
        assertEnded(TaskStatus.FAILED, "maxCostUsd");
        assertThat(only(Finish.class).outcome().session()).isEqualTo(EndReason.BUDGET_EXHAUSTED);
    }

    @Test
    void nothingRunsAfterTheLastStepButTheEnd() {
        begin(1, 1, false).answer(click("a")).rested().acted(true).looked();
        assertThat(toldLast()).contains("All 1 steps are used");
        answer(click("b"));
        assertEnded(TaskStatus.FAILED, "maxSteps");
    }

    @Test
    void theResultOfTheLastStepMayBeGiven() {
        begin(1, 1, false).answer(click("a")).rested().acted(true).looked().answer(call("done", "{\"output\":7}"));
        assertThat(only(Judge.class).output()).isEqualTo("7");
        tell(new Judged(Optional.empty()));
        assertThat(only(Finish.class).outcome().output()).contains("7");
    }

    @Test
    void theSameStepThatFailsThreeTimesEndsIt() {
        begin();
        for (int i = 0; i < 2; i++) {
            answer(click("a")).rested().acted(false).looked();
            only(Think.class);
        }
        answer(click("a")).rested().acted(false).looked();
        assertEnded(TaskStatus.FAILED, "the same step failed 3 times");
    }

    @Test
    void aPageThatStaysThroughFiveActsEndsIt() {
        begin();
        for (int i = 0; i < 4; i++) {
            answer(click("e" + i)).rested().acted(true).tell(new Looked(SAME));
            only(Think.class);
        }
        answer(click("e5")).rested().acted(true).tell(new Looked(SAME));
        assertEnded(TaskStatus.FAILED, "did not change through 5 acts");
    }

    @Test
    void readingDoesNotCountAsAnActThatChangesNothing() {
        begin();
        for (int i = 0; i < 8; i++) {
            answer(call("snapshot", "{}")).rested().acted(true);
            only(Think.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1]", "\"x\"", "null"})
    void malformedArgumentsAreToldAndBounded(String arguments) {
        begin().answer(call("click", arguments));
        only(Think.class);
        assertThat(toldLast()).contains("not a JSON object");
        answer(call("click", arguments)).answer(call("click", arguments));
        assertEnded(
                TaskStatus.FAILED,
                "3 unusable answers in a row. The objection to the last one: The arguments are not a JSON object");
    }

    @Test
    void unknownToolsAndEmptyAnswersAreToldAndBounded() {
        begin().answer(call("fly", "{}"));
        assertThat(toldLast()).contains("There is no tool 'fly'");
        answer();
        assertThat(toldLast()).contains("must call a tool");
        answer();
        assertEnded(TaskStatus.FAILED, "The objection to the last one: Nothing was done: an answer must call a tool");
    }

    @Test
    void aUsefulCallForgivesUselessOnes() {
        begin().answer()
                .answer()
                .answer(call("snapshot", "{}"))
                .rested()
                .acted(true)
                .answer();
        only(Think.class);
    }

    @Test
    void outputThatDoesNotMatchIsToldToTheModel() {
        begin(40, 1, true).answer(call("done", "{\"output\":1}")).tell(new Judged(Optional.of("must be text")));
        only(Think.class);
        assertThat(toldLast()).contains("must be text");
        answer(call("done", "{}"));
        assertThat(toldLast()).contains("has a schema");
    }

    @Test
    void extractedOutputIsThatOfTheEnd() {
        begin(40, 1, true).answer(call("extract", "{\"output\":[1]}"), call("done", "{}"));
        tell(new Judged(Optional.empty()));
        assertThat(only(Finish.class).outcome().output()).contains("[1]");
    }

    @Test
    void aPersonIsAskedAndItsAnswerGoesToTheModel() {
        begin().answer(call("ask_human", "{\"question\":\"Which?\"}"));
        assertThat(state.status()).isEqualTo(TaskStatus.WAITING);
        assertThat(state.question()).contains("Which?");
        tell(new Answered("the left one"));
        assertThat(state.status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(state.question()).isEmpty();
        assertThat(toldLast()).contains("the left one");
    }

    @Test
    void whatAPersonDoesIsAnAnswerToo() {
        begin().answer(call("ask_human", "{\"question\":\"Which?\"}"), click("a"));
        tell(new Rested(false));
        assertThat(state.status()).isEqualTo(TaskStatus.WAITING);
        tell(new Rested(true));
        assertThat(only(Look.class).whole()).isTrue();
    }

    @Test
    void itsEndTakesEffectBeforeTheNextAct() {
        begin().answer(click("a")).tell(new CancelAsked("enough"));
        assertEnded(TaskStatus.CANCELLED, "enough");
        rested();
        assertThat(effects).isEmpty();
    }

    /** The provider charges for what it began to answer. */
    @Test
    void aQuestionThatBreaksOffCountsAsTheMostThatItMayCost() {
        begin().tell(new CancelAsked("enough"));
        assertThat(only(Note.class).cost().usd()).isEqualTo(mostUsd);
        begin().answer(click("a")).tell(new TimeUp());
        assertThat(state.spent()).isEqualTo(TURN);
    }

    @Test
    void itsTimeAndItsSessionEndIt() {
        begin().tell(new TimeUp());
        assertEnded(TaskStatus.TIMEOUT, "timeoutMs");
        begin().tell(new SessionOver("the session ended: browser_crashed", false));
        assertEnded(TaskStatus.FAILED, "browser_crashed");
        begin().tell(new SessionOver("the session ended: client", true));
        assertEnded(TaskStatus.CANCELLED, "client");
    }

    @Test
    void aConversationThatIsTooLongIsShortenedAtOnceAndThePageShownWhole() {
        begin();
        for (int i = 0; i < 12; i++) {
            answer(click("e" + i)).rested().acted(true);
            boolean whole = only(Look.class).whole();
            assertThat(whole).as("act %d", i).isEqualTo(i == 10);
            tell(new Looked(new ShownPage("x".repeat(17_000) + i, true, List.of())));
        }
    }

    /** A model's answer may have 2 MiB, and all tasks of a node share an event loop. */
    @Test
    void ofManyCallsInOneAnswerOnlyTheFirstAreTaken() {
        ToolCall[] calls =
                Stream.generate(() -> call("fly", "{}")).limit(30_000).toArray(ToolCall[]::new);
        begin().answer(calls);
        assertThat(state.conversation().messages()).hasSizeLessThan(100);
    }

    @Test
    void aConversationThatReadingMadeTooLongIsShortenedToo() {
        begin();
        for (int i = 0; i < 10; i++) {
            answer(call("snapshot", "{}")).rested().tell(new Acted(true, "x".repeat(39_000) + i, List.of()));
            if (effects.stream().anyMatch(Look.class::isInstance)) {
                assertThat(only(Look.class).whole()).isTrue();
                looked();
            }
            assertThat(state.conversation().isTooLong()).isFalse();
        }
    }

    @Test
    void aModelSeesWhatItReadThoughTheConversationIsShortened() {
        begin();
        for (int i = 0; i < 20; i++) {
            answer(call("snapshot", "{}"), click("e" + i)).rested();
            tell(new Acted(true, "x".repeat(39_000) + " read " + i, List.of()))
                    .rested()
                    .acted(true);
            assertThat(state.conversation().messages().toString()).contains(" read " + i);
            looked();
        }
    }

    /** A task holds its pictures, and each prompt of it holds them twice more, as text. */
    @Test
    void picturesAreHeldInBoundedMemory() {
        begin();
        Image picture = new Image("image/png", new byte[3_000_000]);
        for (int i = 0; i < 20; i++) {
            answer(call("snapshot", "{}")).rested().tell(new Acted(true, "taken", List.of(picture)));
            if (effects.stream().anyMatch(Look.class::isInstance)) {
                looked();
            }
            assertThat(pictures()).isBetween(1L, 5L);
        }
    }

    private long pictures() {
        return state.conversation().messages().stream()
                .filter(ToolResult.class::isInstance)
                .mapToLong(result -> ((ToolResult) result).images().size())
                .sum();
    }

    private static RecordedStep recorded(String name) {
        return new RecordedStep(
                "click",
                new JsonObject().put("selector", "e7").getMap(),
                Map.of("selector", List.of("label=" + name, "#" + name)),
                Optional.of("it was so"));
    }

    private TaskMachineTest beginAgain(boolean whole) {
        return beginAgain(whole, false);
    }

    private TaskMachineTest beginAgain(boolean whole, boolean outputRequired) {
        begin(40, 1, outputRequired);
        state = TaskState.pending(rules);
        return tell(new Placed())
                .tell(new Ready(
                        page(),
                        Optional.of(new Replay(List.of(recorded("a"), recorded("b")), whole, "http://b/done"))));
    }

    private static ShownPage at(String place) {
        return new ShownPage("the end", true, List.of(), place);
    }

    @Test
    void recordedStepsAreRepeatedWithoutTheModel() {
        beginAgain(true).rested();
        assertThat(only(Act.class).arguments()).containsEntry("selector", "label=a");
        assertThat(only(Act.class).again()).contains(recorded("a"));
        assertThat(only(Act.class).reason()).contains("as in an earlier run: it was so");
        acted(true).rested();
        assertThat(only(Act.class).again()).contains(recorded("b"));
        acted(true);
        assertThat(only(Look.class).destination()).contains("http://b/done");
        tell(new Looked(at("http://b/done")));
        assertEnded(TaskStatus.COMPLETED, "");
        assertThat(state.steps()).isEqualTo(2);
        assertThat(state.spent()).isEqualTo(Cost.NONE);
    }

    @Test
    void theModelGoesOnWhereAStepDoesNotFit() {
        beginAgain(true).rested().acted(true).rested().acted(false);
        assertThat(only(Look.class).destination()).isEmpty();
        tell(new Looked(at("http://b/done")));
        assertThat(only(Think.class).prompt().messages().toString())
                .contains("an earlier run")
                .contains("label=b", "no such element");
        answer(click("c")).rested();
        assertThat(only(Act.class).again()).isEmpty();
    }

    @Test
    void theModelGoesOnWhereTheStepsLeadElsewhere() {
        beginAgain(true).rested().acted(true).rested().acted(true).tell(new Looked(at("http://b/failed")));
        only(Think.class);
    }

    @Test
    void theModelGoesOnAfterStepsThatAreNotTheWhole() {
        beginAgain(false).rested().acted(true).rested().acted(true);
        assertThat(only(Look.class).destination()).isEmpty();
        tell(new Looked(at("http://b/done")));
        only(Think.class);
    }

    @Test
    void theModelGivesTheOutputThatATaskRequires() {
        beginAgain(true, true).rested().acted(true).rested().acted(true);
        assertThat(only(Look.class).destination()).isEmpty();
        tell(new Looked(at("http://b/done")));
        only(Think.class);
    }

    @Test
    void aPersonWhoActsStopsTheRepetition() {
        beginAgain(true).rested().acted(true).tell(new Rested(true)).tell(new Looked(at("http://b/done")));
        only(Think.class);
    }

    @Test
    void repeatedStepsThatChangeNothingAreNotIdle() {
        beginAgain(false).rested().acted(true).rested().acted(true).tell(new Looked(SAME));
        for (int i = 0; i < 4; i++) {
            answer(click("e" + i)).rested().acted(true).tell(new Looked(SAME));
            only(Think.class);
        }
    }
}
