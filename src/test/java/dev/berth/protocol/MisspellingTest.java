package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MisspellingTest {
    @Test
    void countsCharacters() {
        assertThat(Misspelling.distance("", "abc")).isEqualTo(3);
        assertThat(Misspelling.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Misspelling.distance("same", "same")).isZero();
    }
}
