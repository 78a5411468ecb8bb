package dev.berth.session.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.ConfigLoader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class RedactionTest {
    private final Redaction usual =
            new Redaction(ConfigLoader.withoutFile(Map.of()).bodies().secrets());

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"password\":\"s3cret\",\"a\":1} | {\"password\":\"[redacted]\",\"a\":1}",
                "{\"access_token\" : \"s3\\\"cret\", \"b\":\"c\"} | {\"access_token\" : \"[redacted]\", \"b\":\"c\"}",
                "{\"newPassword\":\"s\",\"client-secret\":\"t\"} | {\"newPassword\":\"[redacted]\",\"client-secret\":\"[redacted]\"}",
                "user=ann&password=s3cret&next=/ | user=ann&password=[redacted]&next=/",
                "user[api_key]=s3cret | user[api_key]=[redacted]",
                "{\"apiKey\":\"s3cret\"} | {\"apiKey\":\"[redacted]\"}"
            })
    void secretFieldsAreRedacted(String sent, String kept) {
        assertThat(usual.ofEntry().apply(sent)).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"token\",\"passed\":true}", "a=b&c=d", "<p>the password is not here</p>", ""})
    void theRestStays(String text) {
        assertThat(usual.ofEntry().apply(text)).isEqualTo(text);
    }

    @Test
    void withoutAGroupTheWholeMatchIsRedacted() {
        Redaction cards = new Redaction(List.of(Pattern.compile("\\b\\d{16}\\b")));
        assertThat(cards.ofEntry().apply("card 4111111111111111, again 4111111111111111"))
                .isEqualTo("card [redacted], again [redacted]");
    }

    @Test
    void groupsThatOverlapOrAreEmptyAreRedactedOnce() {
        assertThat(new Redaction(List.of(Pattern.compile("(?=(\\d{4}))")))
                        .ofEntry()
                        .apply("a123456b"))
                .isEqualTo("a[redacted][redacted][redacted]b");
        assertThat(new Redaction(List.of(Pattern.compile("x*"))).ofEntry().apply("axxb"))
                .isEqualTo("a[redacted]b");
    }

    @Test
    void textThatTakesTooLongIsNotKept() {
        Redaction slow = new Redaction(List.of(Pattern.compile("(?:a|a)+b")));
        String text = "a".repeat(5_000);
        assertThat(slow.tryApply(text)).isEmpty();
        assertThat(slow.ofEntry().apply(text)).isEqualTo("[redacted]");
    }

    /** By a clock that goes on by a tenth of that time whenever it is read. */
    @Test
    void theTextsOfAnEntryShareTheirTime() {
        AtomicInteger asked = new AtomicInteger();
        Redaction slow = new Redaction(
                List.of(Pattern.compile("[ab]+c")), () -> asked.incrementAndGet() * Redaction.MAX_ENTRY_NANOS / 10);
        String text = "a".repeat(100); // some ten thousand reads: two or three of the clock
        UnaryOperator<String> entry = slow.ofEntry();
        List<String> kept =
                IntStream.range(0, 100).mapToObj(i -> entry.apply(text)).toList();
        assertThat(kept).startsWith(text).endsWith("[redacted]");
        assertThat(entry.apply("ab")).isEqualTo("[redacted]");
        assertThat(asked).hasValueLessThan(20);
        assertThat(slow.ofEntry().apply(text)).isEqualTo(text);
    }

    @Test
    void manyShortTextsOfAnEntryCountAsALongOne() {
        AtomicInteger asked = new AtomicInteger();
        UnaryOperator<String> entry = new Redaction(
                        List.of(Pattern.compile("x")), () -> asked.incrementAndGet() * Redaction.MAX_ENTRY_NANOS)
                .ofEntry();
        List<String> kept =
                IntStream.range(0, 10_000).mapToObj(i -> entry.apply("abc")).toList();
        assertThat(kept).startsWith("abc").endsWith("[redacted]");
        assertThat(asked).hasValueLessThan(5);
    }

    /** A page can send whatever makes the usual expressions slow. */
    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"token\":\"\\\\n", "token", "& ", "&a=", "\"a\":\"\\\\\\\"", "\"token\":  "})
    void theUsualExpressionsAreFastOnAnyText(String piece) {
        String large = piece.repeat((1 << 20) / piece.length());
        usual.tryApply(large).ifPresent(kept -> assertThat(kept.length()).isPositive());
        String deep = "\"token\":\"" + "\\n".repeat(1 << 19);
        assertThat(usual.tryApply(deep).orElse("")).doesNotContain("\\n\\n");
    }
}
