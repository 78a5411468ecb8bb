package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TruncationTest {
    @Test
    void keepsShortText() {
        assertThat(Truncation.cut("", 0)).isEmpty();
        assertThat(Truncation.cut("abc", 3)).isEqualTo("abc");
        assertThat(Truncation.marked("abc", 3)).isEqualTo("abc");
    }

    @Test
    void neverSplitsACharacter() {
        assertThat(Truncation.cut("a😀b", 2)).isEqualTo("a");
        assertThat(Truncation.cut("a😀b", 3)).isEqualTo("a😀");
        assertThat(Truncation.marked("a😀b", 2)).isEqualTo("a… (3 more characters)");
        assertThat(Truncation.cut("😀", 0)).isEmpty();
    }

    @Test
    void marksHowMuchIsMissing() {
        assertThat(Truncation.ellipsis("abc", 3)).isEqualTo("abc");
        assertThat(Truncation.ellipsis("a😀b", 2)).isEqualTo("a…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "größer", "日本語", "a😀b😀", "\ud83d\ude00\ud83d", "\udc00x"})
    void takesAsManyWholeCharactersAsFitIntoTheBytes(String text) {
        int all = text.getBytes(StandardCharsets.UTF_8).length;
        for (int max = 0; max <= all + 1; max++) {
            String cut = Truncation.cutBytes(text, max);
            assertThat(text).startsWith(cut);
            assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(max);
            if (cut.length() < text.length()) {
                String longer = text.substring(0, cut.length() + Character.charCount(text.codePointAt(cut.length())));
                assertThat(longer.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(max);
            }
        }
    }
}
