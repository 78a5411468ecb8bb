package dev.berth.browser.drive.element;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.drive.element.Keyboard.Combination;
import dev.berth.protocol.BerthException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyboardTest {
    @ParameterizedTest
    @CsvSource({
        "a, KeyA, 65, a, false",
        "Z, KeyZ, 90, Z, true",
        "7, Digit7, 55, 7, false",
        "&, Digit7, 55, &, true",
        "ArrowDown, ArrowDown, 40, '', false",
        "F12, F12, 123, '', false",
        "' ', Space, 32, ' ', false"
    })
    void aKeyHasItsCodesOfAUsKeyboard(String key, String code, int keyCode, String text, boolean shift) {
        assertThat(KeyStroke.of(key)).contains(new KeyStroke(key, code, keyCode, text, shift, 0));
    }

    @Test
    void newLinesAndTabsAreKeysToo() {
        assertThat(KeyStroke.of("\n")).isEqualTo(KeyStroke.of("Enter"));
        assertThat(KeyStroke.of("\r\n")).isEqualTo(KeyStroke.of("Enter"));
        assertThat(KeyStroke.of("\t")).isEqualTo(KeyStroke.of("Tab"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "😀", "ab", "", "enter"})
    void charactersWithoutAKeyHaveNone(String text) {
        assertThat(KeyStroke.of(text)).isEmpty();
    }

    @Test
    void aCombinationHoldsItsModifiers() {
        Combination combination = Combination.parse("Control+Shift+a");
        assertThat(combination.modifiers()).extracting(KeyStroke::key).containsExactly("Control", "Shift");
        assertThat(combination.key().key()).isEqualTo("A");
    }

    @ParameterizedTest
    @CsvSource({"+, +", "Control++, +", "Shift+=, +", "Shift+ArrowLeft, ArrowLeft"})
    void plusIsAKeyToo(String text, String key) {
        assertThat(Combination.parse(text).key().key()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Nope", "Control+", "a+b", "Ctrl+a", "é"})
    void invalidCombinationsAreRefused(String text) {
        assertThatThrownBy(() -> Combination.parse(text))
                .isInstanceOf(BerthException.class)
                .hasMessageStartingWith("key: '" + text + "' is not a key");
    }
}
