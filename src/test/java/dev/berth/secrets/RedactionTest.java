package dev.berth.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.BodiesConfig;
import dev.berth.config.ConfigLoader;
import java.util.List;
import java.util.Map;
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
    private final BodiesConfig settings = ConfigLoader.withoutFile(Map.of()).bodies();
    private final Redaction usual = new Redaction(settings.secrets(), settings.words());

    private static Redaction of(String secret) {
        return new Redaction(List.of(Pattern.compile(secret)), List.of());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"password\":\"s3cret\",\"a\":1} | {\"password\":\"[redacted]\",\"a\":1}",
                "{\"access_token\" : \"s3\\\"cret\", \"b\":\"c\"} | {\"access_token\" : \"[redacted]\", \"b\":\"c\"}",
                "{\"newPassword\":\"s\",\"client-secret\":\"t\"} |"
                        + " {\"newPassword\":\"[redacted]\",\"client-secret\":\"[redacted]\"}",
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
        Redaction cards = of("\\b\\d{16}\\b");
        assertThat(cards.ofEntry().apply("card 4111111111111111, again 4111111111111111"))
                .isEqualTo("card [redacted], again [redacted]");
    }

    @Test
    void groupsThatOverlapOrAreEmptyAreRedactedOnce() {
        assertThat(of("(?=(\\d{4}))").ofEntry().apply("a123456b")).isEqualTo("a[redacted][redacted][redacted]b");
        assertThat(of("x*").ofEntry().apply("axxb")).isEqualTo("a[redacted]b");
    }

    @Test
    void textThatIsReadTooOftenIsNotKept() {
        Redaction slow = of("(?:a|a)+b");
        String text = "a".repeat(5_000);
        assertThat(slow.tryApply(text)).isEmpty();
        assertThat(slow.ofEntry().apply(text)).isEqualTo("[redacted]");
    }

    @Test
    void textWithoutTheWordsOfSecretsIsNotRead() {
        Redaction slow = new Redaction(List.of(Pattern.compile("(?:a|a)+B")), List.of("b"));
        String text = "a".repeat(5_000);
        assertThat(slow.tryApply(text)).contains(text);
        assertThat(slow.tryApply("aaB")).contains("[redacted]");
        assertThat(slow.tryApply("B" + text)).isEmpty();
    }

    @Test
    void theTextsOfAnEntryShareTheirReads() {
        Redaction slow = of("[ab]+c");
        String text = "a".repeat(100); // some ten thousand reads
        UnaryOperator<String> entry = slow.ofEntry();
        List<String> kept = IntStream.range(0, Redaction.MAX_ENTRY_READS / 1_000)
                .mapToObj(i -> entry.apply(text))
                .toList();
        assertThat(kept).startsWith(text).endsWith("[redacted]");
        assertThat(entry.apply("ab")).isEqualTo("[redacted]");
        assertThat(slow.ofEntry().apply(text)).isEqualTo(text);
    }

    @Test
    void manyShortTextsOfAnEntryCountAsALongOne() {
        UnaryOperator<String> entry = of("x").ofEntry();
        List<String> kept = IntStream.range(0, Redaction.MAX_ENTRY_READS)
                .mapToObj(i -> entry.apply("abc"))
                .toList();
        assertThat(kept).startsWith("abc").endsWith("[redacted]");
    }

    /** A page can send whatever makes the usual expressions read much. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"",
                "token",
                "& ",
                "&a=",
                "\"a\":\"\\\\\\\"",
                "\"token\":  ",
                "\"tokentokentokentokentokentokentokentokentokentokentokentokentoken",
                " tokentokentokentokentokentokentokentokentokentokentokentokentoken"
            })
    void theUsualExpressionsReadNoTextTooOften(String piece) {
        assertThat(usual.tryApply("token" + piece.repeat((1 << 20) / piece.length())))
                .isPresent();
        String message = "token" + piece.repeat((48 << 10) / piece.length());
        assertThat(usual.ofEntry().apply(message)).startsWith("token");
    }

    @Test
    void secretsThatAreTooDeepAreNotKept() {
        assertThat(usual.tryApply("\"token\":\"" + "\\n".repeat(1 << 19)).orElse(""))
                .doesNotContain("\\n\\n");
    }
}
