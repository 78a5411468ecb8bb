package dev.berth.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ConsoleEntry;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.Cost;
import dev.berth.protocol.Secrets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HidingTest {
    private static final Hiding HIDING =
            of(Map.of("word", "p&s \"w\" (1)", "longer", "p&s \"w\" (1) and more", "level", "warn"));

    private static Hiding of(Map<String, String> values) {
        return new Hiding(new Secrets(values));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a p&s \"w\" (1) b",
                "a P&S \"W\" (1) b",
                "a p%26s+%22w%22+%281%29 b",
                "a p%26s%20%22w%22%20%281%29 b",
                "a p%26s%20%22w%22%20(1) b",
                "a p&s \\\"w\\\" (1) b"
            })
    void aValueIsHiddenAsItIsAndAsUrlsAndJsonHaveIt(String text) {
        assertThat(HIDING.hide(text)).isEqualTo("a {{word}} b");
    }

    @Test
    void charactersBeyondAsciiAreFoundInUrls() {
        Hiding hiding = of(Map.of("word", "\u00dcber \ud83d\ude00+1"));
        assertThat(hiding.hide(
                        "?q=%C3%9Cber+%F0%9F%98%80%2B1&r=%c3%9cber%20%f0%9f%98%80%2b1&s=\u00fcber \ud83d\ude00+1"))
                .isEqualTo("?q={{word}}&r={{word}}&s={{word}}");
        assertThat(hiding.hide("%C3 %zz & \\ &#;")).isEqualTo("%C3 %zz & \\ &#;");
    }

    @Test
    void blanksAroundAValueDoNotMatter() {
        assertThat(of(Map.of("word", " open sesame\n")).hide("<p>open sesame</p>"))
                .isEqualTo("<p>{{word}}</p>");
    }

    @ParameterizedTest
    @CsvSource({
        "abcd and bc, {{long}} and {{inner}}",
        "abc, a{{inner}}",
        "abcdex, {{end}}x",
        "abcbc, a{{inner}}{{inner}}",
        "dd, {{twice}}",
        "ddddd, {{twice}}",
        "nothing, nothing",
        "'', ''"
    })
    void theLongestIsHiddenAndWhatOverlapsIsHiddenAsOne(String text, String shown) {
        Hiding hiding = of(Map.of("long", "abcd", "inner", "bc", "end", "de", "twice", "dd"));
        assertThat(hiding.hide(text)).isEqualTo(shown);
    }

    @Test
    void aNameIsNotSearchedItself() {
        assertThat(of(Map.of("b", "a", "a", "b")).hide("x a b x")).isEqualTo("x {{b}} {{a}} x");
    }

    @Test
    void allTextsOfAnEntryAreHidden() {
        ActionEntry entry = new ActionEntry(
                "action-1",
                "fill",
                Instant.EPOCH,
                false,
                Map.of("value", "p&s \"w\" (1)", "deep", Map.of("list", List.of("warn", 7))),
                3,
                ActionSource.AI,
                Optional.of("no 'p&s \"w\" (1)'"),
                Cost.NONE);
        ActionEntry hidden = HIDING.hideIn(entry, ActionEntry.class);
        assertThat(hidden.details())
                .isEqualTo(Map.of("value", "{{word}}", "deep", Map.of("list", List.of("{{level}}", 7))));
        assertThat(hidden.error()).contains("no '{{word}}'");
    }

    @Test
    void namesOfTheLogStayReadable() {
        ConsoleEntry line = new ConsoleEntry(
                ConsoleLevel.WARN,
                "warn p&s \"w\" (1)",
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                "console-api");
        ConsoleEntry hidden = HIDING.hideIn(line, ConsoleEntry.class);
        assertThat(hidden.level()).isEqualTo(ConsoleLevel.WARN);
        assertThat(hidden.message()).isEqualTo("{{level}} {{word}}");
    }

    @Test
    void aTextThatWouldGrowMuchIsRedactedAsAWhole() {
        Hiding hiding = of(Map.of("n".repeat(64), "a"));
        assertThat(hiding.hide("ab".repeat(10_000))).isEqualTo("[redacted]");
        assertThat(hiding.hide("bab")).isEqualTo("b{{" + "n".repeat(64) + "}}b");
    }

    /** A search that compared each value at each place of the text would take some minutes. */
    @Test
    void aTextThatIsNearlyTheValuesIsReadInOnePass() {
        Hiding hiding = of(IntStream.range(0, 20)
                .boxed()
                .collect(Collectors.toMap(i -> "word" + i, i -> "a".repeat(4_000) + (char) ('b' + i))));
        String text = "a".repeat(2_000_000);
        assertThat(hiding.hide(text)).isSameAs(text);
    }
}
