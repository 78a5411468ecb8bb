package dev.berth.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.Secrets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HiddenTextsTest {
    private final HiddenTexts hidden = new HiddenTexts();

    @Test
    void hidesTheValuesOfAllTasks() {
        for (int i = 100; i < 200; i++) {
            hidden.add(new Secrets(Map.of("code", "once-" + i)));
        }
        assertThat(hidden.hide("once-100, once-199, once-200")).isEqualTo("{{code}}, {{code}}, once-200");
    }

    @Test
    void refusesMoreThanItCanHide() {
        for (int task = 0; task < 24; task++) {
            hidden.add(long4k(task));
            hidden.add(long4k(task));
        }
        assertThatThrownBy(() -> hidden.add(long4k(24)))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("102400 characters");
        assertThat(hidden.hide(value(0) + " " + value(24))).isEqualTo("{{code}} " + value(24));
    }

    private static Secrets long4k(int task) {
        return new Secrets(Map.of("code", value(task)));
    }

    private static String value(int task) {
        return String.valueOf((char) ('a' + task)).repeat(4_096);
    }
}
