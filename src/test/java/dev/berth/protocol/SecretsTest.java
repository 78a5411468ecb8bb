package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest {
    @Test
    void theyAreNotPrinted() {
        assertThat(new Secrets(Map.of("word", "p&s")).toString())
                .contains("word")
                .doesNotContain("p&s");
    }

    @Test
    void namesAndValuesAreChecked() {
        assertThatThrownBy(() -> new Secrets(Map.of("a b", "x"))).hasMessageContaining("name in variables");
        assertThatThrownBy(() -> new Secrets(Map.of("a", " "))).hasMessageContaining("variables.a");
    }
}
