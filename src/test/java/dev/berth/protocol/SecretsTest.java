package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    private static final Secrets SECRETS =
            new Secrets(Map.of("word", "p&s \"w\"", "longer", "p&s \"w\" and more", "level", "warn"));

    private static final Hiding HIDING = SECRETS.hiding();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a p&s \"w\" b",
                "a p%26s+%22w%22 b",
                "a p%26s%20%22w%22 b",
                "a p&s \\\"w\\\" b",
                "a P&S \"W\" b",
                "a p&s\n \"w\" b",
                "a p&s\\n\"w\" b",
                "a p&s\u00a0\"w\" b",
                "a p&amp;s &quot;w&#34; b",
                "a p&amp;s&nbsp;&#x22;w\" b",
                "a p\\u0026s \\\\\"w\\\\\" b"
            })
    void aValueIsHiddenHoweverItIsWritten(String text) {
        assertThat(HIDING.hide(text)).isEqualTo("a {{word}} b");
    }

    @Test
    void charactersBeyondAsciiAreFoundInUrls() {
        Hiding hiding = new Secrets(Map.of("word", "\u00dcber \ud83d\ude00+1")).hiding();
        assertThat(hiding.hide("?q=%C3%9Cber+%F0%9F%98%80%2B1&r=%c3%bcber%20\ud83d\ude00+1"))
                .isEqualTo("?q={{word}}&r={{word}}");
        assertThat(hiding.hide("%C3 %zz & \\ &#;")).isEqualTo("%C3 %zz & \\ &#;");
    }

    @Test
    void otherTextsStay() {
        assertThat(HIDING.hide("p&s \"… p&s w p&s \"v\"")).isEqualTo("{{longer}}… p&s w p&s \"v\"");
        assertThat(HIDING.hide("p&… war")).isEqualTo("p&… war");
        assertThat(new Secrets(Map.of("word", "a&amp;%41\\\\b")).hiding().hide("a&amp;%41\\\\b"))
                .isEqualTo("{{word}}");
    }

    @Test
    void theLongestIsHiddenFirst() {
        assertThat(HIDING.hide("p&s \"w\" and more")).isEqualTo("{{longer}}");
    }

    @Test
    void namesAreReplacedByValues() {
        assertThat(SECRETS.reveal("x {{word}} {{unknown}}")).isEqualTo("x p&s \"w\" {{unknown}}");
    }

    @Test
    void allTextsOfAnEntryAreHidden() {
        ActionEntry entry = new ActionEntry(
                "action-1",
                "fill",
                Instant.EPOCH,
                false,
                Map.of("value", "p&s \"w\"", "deep", Map.of("list", List.of("warn", 7))),
                3,
                ActionSource.AI,
                Optional.of("no 'p&s \"w\"'"),
                Cost.NONE);
        ActionEntry hidden = HIDING.hideIn(entry, ActionEntry.class);
        assertThat(hidden.details())
                .isEqualTo(Map.of("value", "{{word}}", "deep", Map.of("list", List.of("{{level}}", 7))));
        assertThat(hidden.error()).contains("no '{{word}}'");
    }

    @Test
    void namesOfTheLogStayReadable() {
        ConsoleEntry line = new ConsoleEntry(
                ConsoleLevel.WARN, "warn p&s \"w\"", Instant.EPOCH, Optional.empty(), Optional.empty(), "console-api");
        ConsoleEntry hidden = HIDING.hideIn(line, ConsoleEntry.class);
        assertThat(hidden.level()).isEqualTo(ConsoleLevel.WARN);
        assertThat(hidden.message()).isEqualTo("{{level}} {{word}}");
    }

    @Test
    void theyAreNotPrinted() {
        assertThat(SECRETS.toString()).contains("word").doesNotContain("p&s");
    }

    @Test
    void namesAndValuesAreChecked() {
        assertThatThrownBy(() -> new Secrets(Map.of("a b", "x"))).hasMessageContaining("name in variables");
        assertThatThrownBy(() -> new Secrets(Map.of("a", " "))).hasMessageContaining("variables.a");
    }

    @Test
    void aNameIsNotSearchedItself() {
        Hiding hiding = new Secrets(Map.of("b", "a", "a", "b")).hiding();
        assertThat(hiding.hide("x a b x")).isEqualTo("x {{b}} {{a}} x");
    }

    @Test
    void aTextThatWouldGrowMuchIsRedactedAsAWhole() {
        Hiding hiding = new Secrets(Map.of("n".repeat(64), "a")).hiding();
        assertThat(hiding.hide("a".repeat(10_000))).isEqualTo("[redacted]");
        assertThat(hiding.hide("bab")).isEqualTo("b{{" + "n".repeat(64) + "}}b");
    }

    @Test
    void aTextThatTakesMuchWorkIsRedactedAsAWhole() {
        Hiding hiding = new Secrets(Map.of("word", "a".repeat(4_000) + "b")).hiding();
        assertThat(hiding.hide("a".repeat(20_000))).isEqualTo("[redacted]");
    }

    /** What a page may write to hold the event loop: each character looks like the beginning of an escape. */
    @ParameterizedTest
    @ValueSource(strings = {"\\", "&", "%", "&a"})
    void aTextOfEscapesIsReadInOnePass(String part) {
        Hiding hiding = new Secrets(Map.of("word", "!a-b", "other", "a-b")).hiding();
        String text = part.repeat(2_000_000);
        assertThat(hiding.hide(text)).isEqualTo(text);
    }
}
