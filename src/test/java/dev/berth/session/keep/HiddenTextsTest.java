package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.Secrets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        for (int i = 0; i < 4; i++) {
            hidden.add(fifty(i));
            hidden.add(fifty(i));
        }
        assertThatThrownBy(() -> hidden.add(fifty(4)))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("250 different variables");
        assertThat(hidden.hide("word-0-0 word-4-0")).isEqualTo("{{v0}} word-4-0");
    }

    private static Secrets fifty(int task) {
        return new Secrets(IntStream.range(0, 50)
                .boxed()
                .collect(Collectors.toMap(each -> "v" + each, each -> "word-" + task + "-" + each)));
    }
}
