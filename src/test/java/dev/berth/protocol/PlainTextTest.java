package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {
    private static String unescaped(String text) {
        return text.replace("ESC", "\u001b")
                .replace("BEL", "\u0007")
                .replace("CSI", "\u009b")
                .replace("RLO", "\u202e");
    }

    @ParameterizedTest
    @CsvSource({
        "ESC[31;1mredESC[0m,red",
        "ESC]8;;http://a.bBELlinkESC]8;;BEL,link",
        "ESC]0;titleESC\\rest,rest",
        "CSI2Jcleared,cleared",
        "aESC,a",
        "ESCc,c",
        "aRLOb,ab",
        "plain,plain"
    })
    void escapesAreRemoved(String text, String plain) {
        assertThat(PlainText.lines(unescaped(text), 100)).isEqualTo(plain);
    }

    @Test
    void linesStayOrBecomeOne() {
        assertThat(PlainText.lines("a\r\n\tb", 100)).isEqualTo("a\n\tb");
        assertThat(PlainText.line(" a\r\n\tb ", 100)).isEqualTo("a b");
    }

    @Test
    void whatIsCutIsMarked() {
        assertThat(PlainText.lines("a".repeat(50), 3)).isEqualTo("aaa… (47 more characters)");
        assertThat(PlainText.line("a".repeat(50), 3)).isEqualTo("aaa…");
    }
}
