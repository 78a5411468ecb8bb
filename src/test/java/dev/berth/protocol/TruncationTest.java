package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TruncationTest {
    @Test
    void keepsWhatIsShortEnough() {
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
}
