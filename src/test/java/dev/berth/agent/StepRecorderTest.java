package dev.berth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.machine.Replay;
import dev.berth.agent.machine.Replay.RecordedStep;
import dev.berth.agent.machine.TaskEffect.Act;
import dev.berth.protocol.Cost;
import dev.berth.protocol.Secrets;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepRecorderTest {
    private static final String HERE = "http://a/b";

    private Map<String, List<String>> page = Map.of("e7", List.of("label=Name", "#name"));
    private final StepRecorder recorder = new StepRecorder(
            element -> element.selectors().stream()
                    .filter(page::containsKey)
                    .findFirst()
                    .map(page::get)
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture("not there")),
            new Secrets(Map.of("who", "Ann")));

    private Optional<RecordedStep> record(String tool, Object... arguments) {
        JsonObject given = new JsonObject();
        for (int i = 0; i < arguments.length; i += 2) {
            given.put((String) arguments[i], arguments[i + 1]);
        }
        Act act = new Act(tool, given.getMap(), Optional.of("why"), Cost.NONE, Optional.empty());
        Optional<RecordedStep> step = recorder.of(act).result();
        recorder.done(act, step);
        return step;
    }

    private Replay kept() {
        return recorder.replay(false, HERE);
    }

    @Test
    void aRefIsKeptByNamesAndASelectorAsItIs() {
        assertThat(record("fill", "selector", "e7", "value", "{{who}}")
                        .orElseThrow()
                        .named())
                .isEqualTo(new JsonObject().put("selector", "label=Name").put("value", "{{who}}"));
        assertThat(record("click", "selector", "#send").orElseThrow().named())
                .isEqualTo(new JsonObject().put("selector", "#send"));
        assertThat(kept().steps()).hasSize(2);
        assertThat(kept().whole()).isTrue();
        assertThat(Replay.of(kept().json())).contains(kept());
    }

    @Test
    void readingIsNoStepButWaitingIs() {
        record("snapshot");
        record("content");
        record("wait_for", "selector", "#there");
        assertThat(kept().steps()).extracting(RecordedStep::tool).containsExactly("wait_for");
        assertThat(kept().whole()).isTrue();
    }

    @Test
    void aTaskThatAnsweredNeedsItsModelAgain() {
        record("click", "selector", "#send");
        assertThat(recorder.replay(true, HERE).whole()).isFalse();
        assertThat(recorder.replay(false, "").whole()).isFalse();
    }

    @Test
    void afterWhatCantBeRepeatedNothingIsKept() {
        record("click", "selector", "#first");
        record("click", "selector", "e99");
        record("click", "selector", "#later");
        assertThat(kept().steps()).hasSize(1);
        assertThat(kept().whole()).isFalse();
    }

    @Test
    void anActThatFailedIsNoStep() {
        Act act = new Act(
                "click",
                new JsonObject().put("selector", "e99").getMap(),
                Optional.empty(),
                Cost.NONE,
                Optional.empty());
        assertThat(recorder.of(act).result()).isEmpty();
        record("click", "selector", "#send");
        assertThat(kept().steps()).hasSize(1);
        assertThat(kept().whole()).isTrue();
    }

    @Test
    void aPointOfThePageCantBeRepeated() {
        record("mouse", "x", 1, "y", 2);
        assertThat(kept().whole()).isFalse();
    }

    @Test
    void aNameThatShowsAVariableIsNotKept() {
        page = Map.of("e7", List.of("role=button[name=\"Ann's cart\"s]", "#cart"), "e8", List.of("label=Ann"));
        assertThat(record("click", "selector", "e7").orElseThrow().names()).containsValue(List.of("#cart"));
        assertThat(record("click", "selector", "e8")).isEmpty();
        assertThat(kept().whole()).isFalse();
    }

    @Test
    void aRepeatedStepTakesWhatThePageCallsItNow() {
        RecordedStep before = record("click", "selector", "e7").orElseThrow();
        page = Map.of("#name", List.of("testid=name", "#name"));
        assertThat(recorder.again(before).result().named().getString("selector"))
                .isEqualTo("testid=name");
        page = Map.of();
        assertThat(recorder.again(before).cause()).hasMessage("not there");
    }

    @Test
    void stepsThatAreTooLongAreNotKept() {
        record("fill", "selector", "#first", "value", "short");
        record("fill", "selector", "#long", "value", "x".repeat(1 << 20));
        record("click", "selector", "#later");
        assertThat(kept().steps()).hasSize(1);
        assertThat(kept().whole()).isFalse();
    }

    @Test
    void stepsOfAnotherVersionAreNotUsed() {
        assertThat(Replay.of(new JsonObject().put("steps", 7))).isEmpty();
        assertThat(Replay.of(new JsonObject())).isEmpty();
    }
}
