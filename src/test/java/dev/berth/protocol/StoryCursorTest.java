package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.StoryCursor.StoryKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoryCursorTest {
    @ParameterizedTest
    @ValueSource(strings = {"1.2.3.4.5.6", "1.2.3.4.5.6.7", "0.0.0.0.0.0.0.9"})
    void aCursorIsWrittenAsItWasRead(String text) {
        assertThat(StoryCursor.parse(text)).hasToString("Optional[" + text + "]");
    }

    @Test
    void aCursorOfAnEarlierVersionIsBeforeAllOfTheNewKinds() {
        StoryCursor cursor = StoryCursor.parse("1.2.3.4.5.6").orElseThrow();
        assertThat(cursor.next(StoryKind.ARTIFACT)).isEqualTo(6);
        assertThat(cursor.next(StoryKind.STEP)).isZero();
        assertThat(cursor.with(StoryKind.STEP, 2)).hasToString("1.2.3.4.5.6.0.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1.2.3.4.5", "1.2.3.4.5.6.7.8.9", "1.2.3.4.5.x"})
    void anythingElseIsNone(String text) {
        assertThat(StoryCursor.parse(text)).isEmpty();
    }
}
