package dev.berth.browser.watch.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.browser.watch.network.AddedHeaders;
import dev.berth.browser.watch.target.TargetSteps.SetupCommand;
import dev.berth.protocol.BrowserAction.Emulate;
import dev.berth.protocol.Emulation;
import dev.berth.protocol.ProtocolSamples;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From one look to another. */
class EmulationStepsTest {
    private static final TargetSteps CHANGED = TargetSteps.PLAIN.with(ProtocolSamples.EMULATION);

    private static Stream<String> methods(List<SetupCommand> steps) {
        return steps.stream().map(SetupCommand::method);
    }

    private static JsonObject userAgent(Emulate change) {
        TargetSteps own = new TargetSteps(
                TargetSteps.PLAIN.emulation(),
                false,
                AddedHeaders.NONE,
                () ->
                        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.8078.108 Safari/537.36");
        return own.with(own.emulation().with(change))
                .changesSince(own, "worker")
                .get(0)
                .params();
    }

    private static Emulate change(Optional<Boolean> mobile, Optional<String> device) {
        return new Emulate(
                false,
                Optional.empty(),
                Optional.empty(),
                mobile,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                device,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void aDevicesUserAgentHasTheVersionOfTheChromeThatRuns() {
        JsonObject pixel = userAgent(change(Optional.empty(), Optional.of("Pixel 7")));
        assertThat(pixel.getString("userAgent"))
                .isEqualTo("Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko)"
                        + " Chrome/156.0.0.0 Mobile Safari/537.36");
        assertThat(pixel.getJsonObject("userAgentMetadata"))
                .isEqualTo(new JsonObject("{\"platform\":\"Android\",\"platformVersion\":\"14\",\"architecture\":\"\","
                        + "\"model\":\"Pixel 7\",\"mobile\":true}"));
        JsonObject iPhone = userAgent(change(Optional.empty(), Optional.of("iPhone 15")));
        assertThat(iPhone.getString("userAgent")).contains("iPhone", "Safari").doesNotContain("Chrome");
        assertThat(iPhone.containsKey("userAgentMetadata")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "iframe", "worker"})
    void allThatIsChangedIsTakenBack(String type) {
        List<SetupCommand> there = CHANGED.changesSince(TargetSteps.PLAIN, type);
        List<SetupCommand> back = TargetSteps.PLAIN.changesSince(CHANGED, type);
        assertThat(there).isNotEmpty().doesNotContainAnyElementsOf(back);
        assertThat(methods(back).map(method -> method.replace(".clear", ".set")))
                .containsExactlyInAnyOrderElementsOf(methods(there).toList());
        assertThat(back).allSatisfy(step -> assertThat(step.params()).isNotNull());
    }

    @Test
    void onlyWhatChangesIsSent() {
        Emulation other = CHANGED.emulation().with(ProtocolSamples.EMULATE);
        assertThat(CHANGED.with(other).changesSince(CHANGED, "page")).isEmpty();
    }
}
