package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.TaskSpec.TaskLimits;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskSpecTest {
    private static final TaskLimits LIMITS = new TaskLimits(40, 1, 600_000);

    private static TaskSpec spec(String instruction, Map<String, String> variables, List<String> domains) {
        return new TaskSpec(instruction, Optional.empty(), LIMITS, Optional.empty(), variables, domains, false, false);
    }

    @Test
    void namesTheFieldThatIsTooLarge() {
        assertThatThrownBy(() -> spec("x".repeat(TaskSpec.MAX_INSTRUCTION_CHARS + 1), Map.of(), List.of()))
                .hasMessageStartingWith("instruction ");
        assertThatThrownBy(() -> spec("x", Map.of("name", "x".repeat(5_000)), List.of()))
                .hasMessageStartingWith("variables.name ")
                .hasMessageNotContaining("xxx");
        assertThatThrownBy(() -> spec("x", Map.of(), Collections.nCopies(101, "a.b")))
                .hasMessageStartingWith("allowedDomains ");
        assertThatThrownBy(() -> new TaskLimits(0, 1, 600_000)).hasMessageStartingWith("maxSteps ");
        assertThatThrownBy(() -> new TaskLimits(1, Double.NaN, 600_000)).hasMessageStartingWith("maxCostUsd ");
        assertThatThrownBy(() -> new TaskLimits(1, 1, 999)).hasMessageStartingWith("timeoutMs ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "nul\0"})
    void anInstructionSaysSomething(String nothing) {
        assertThatThrownBy(() -> spec(nothing, Map.of(), List.of())).hasMessageStartingWith("instruction ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "*.a.b", "https://a.b", "a.b:80", "a b"})
    void aDomainIsAHostName(String none) {
        assertThatThrownBy(() -> spec("x", Map.of(), List.of(none))).hasMessageStartingWith("allowedDomains ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "example.com", "my-shop.xn--bcher-kva.example"})
    void hostNamesAreDomains(String domain) {
        assertThat(spec("x", Map.of(), List.of(domain)).allowedDomains()).containsExactly(domain);
    }

    @Test
    void valuesOfVariablesAreNotInItsText() {
        assertThat(spec("x", Map.of("password", "hunter2"), List.of()).toString())
                .doesNotContain("hunter2");
    }
}
