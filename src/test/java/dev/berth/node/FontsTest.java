package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FontsTest {
    @Test
    void aScriptThatNoFontHasIsMissing() {
        assertThat(Fonts.missing(":lang=en|fr|zh-cn\n:lang=ar|th,hi\n")).containsExactly("Japanese", "Korean", "emoji");
        assertThat(Fonts.missing(":lang=zh-cn|ja|ko\n:lang=hi|ar|th\n:lang=und-zsye\n"))
                .isEmpty();
    }
}
