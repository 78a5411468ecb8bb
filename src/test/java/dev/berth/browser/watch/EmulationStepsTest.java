package dev.berth.browser.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.watch.TargetSteps.Step;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.ProtocolSamples;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From one look to another. */
class EmulationStepsTest {
    private static final TargetSteps CHANGED = TargetSteps.PLAIN.with(ProtocolSamples.EMULATION);

    private static Stream<String> methods(List<Step> steps) {
        return steps.stream().map(Step::method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "iframe", "worker"})
    void allThatIsChangedIsTakenBack(String type) {
        List<Step> there = CHANGED.changesSince(TargetSteps.PLAIN, type);
        List<Step> back = TargetSteps.PLAIN.changesSince(CHANGED, type);
        assertThat(there).isNotEmpty().doesNotContainAnyElementsOf(back);
        assertThat(methods(back))
                .containsExactlyInAnyOrderElementsOf(methods(there).toList());
        assertThat(back).allSatisfy(step -> assertThat(step.params()).isNotNull());
    }

    @Test
    void onlyWhatChangesIsSent() {
        Emulation other = CHANGED.emulation().with(ProtocolSamples.EMULATE);
        assertThat(CHANGED.with(other).changesSince(CHANGED, "page")).isEmpty();
    }

    @Test
    void aPopupOfAScriptKeepsTheSizeThatItGave() {
        JsonObject popup = new JsonObject().put("type", "page").put("canAccessOpener", true);
        assertThat(methods(CHANGED.of(popup))).doesNotContain("Emulation.setDeviceMetricsOverride");
        assertThat(methods(CHANGED.of(popup.put("canAccessOpener", false))))
                .contains("Emulation.setDeviceMetricsOverride");
    }
}
