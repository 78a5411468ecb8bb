package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ActionEntry.ActionSource;
import dev.berth.protocol.ConsoleEntry.ConsoleLevel;
import dev.berth.protocol.SessionStatus.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlCredentialsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "http://u:p@a.test/x?q=1@2 | http://redacted@a.test/x?q=1@2",
                "https://token@a.test | https://redacted@a.test",
                "HTTP://u:p@a.test | HTTP://redacted@a.test",
                "http://u:p@ss:w@rd@a.test:80/ | http://redacted@a.test:80/",
                "http:u:p@a.test/ | http:redacted@a.test/",
                "http:/u:p@a.test/ | http:/redacted@a.test/",
                "https:\\\\u:p@a.test\\ | https:\\\\redacted@a.test\\",
                "wss://u:p@a.test | wss://redacted@a.test",
                "socks5://u:p@a.test | socks5://redacted@a.test",
                "blob:http://u:p@a.test/1 | blob:http://redacted@a.test/1",
                "failed: http://u:p@a.test/ and 'http://v:q@b.test' | failed: http://redacted@a.test/ and 'http://redacted@b.test'"
            })
    void removesCredentialsFromUrls(String text, String redacted) {
        assertThat(UrlCredentials.redact(text)).isEqualTo(redacted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no URL",
                "http://a.test/@me",
                "http://a.test?mail=a@b.test",
                "http://a.test#a@b",
                "mailto:a@b.test",
                "write to: a@b.test",
                "http: someone@a.test",
                "//*[@id='a:b']",
                "@media print: x",
                "12:30@noon"
            })
    void leavesEverythingElse(String text) {
        assertThat(UrlCredentials.redact(text)).isEqualTo(text);
    }

    @Test
    void keptRecordsHaveNoCredentials() {
        String url = "http://u:s3cret@a.test/";
        Map<String, String> headers = Map.of("Location", url);
        List<Object> kept = List.of(
                new NavigationEntry(url, url, Instant.EPOCH),
                new ConsoleEntry(
                        ConsoleLevel.LOG, "see " + url, Instant.EPOCH, Optional.of(url), Optional.empty(), "x"),
                new NetworkEntry(
                        url,
                        "GET",
                        Optional.empty(),
                        1,
                        1,
                        "document",
                        "",
                        Instant.EPOCH,
                        false,
                        false,
                        Optional.of("no " + url),
                        headers,
                        headers),
                new ActionEntry(
                        "a",
                        "navigate",
                        Instant.EPOCH,
                        false,
                        Map.of("url", url, "list", List.of(url)),
                        1,
                        ActionSource.CDP,
                        Optional.of("no " + url),
                        Cost.NONE),
                new ActionReply.NavigationResult(url, "", Optional.empty(), true),
                new ActionReply.ElementResult(url, false, Optional.empty()),
                new ActionReply.SelectionResult(url, List.of()),
                new ActionReply.ContentResult(url, "", ""),
                new ActionReply.SnapshotResult(url, "", "", Optional.empty()),
                new SessionReply.HealthReport(Health.HEALTHY, SessionStatus.RUNNING, true, url, 1, Optional.empty()));
        assertThat(kept).allSatisfy(each -> assertThat(each.toString()).doesNotContain("s3cret"));
    }

    @Test
    void manySchemesTakeLinearTime() {
        String hostile = "http:".repeat(200_000) + "@";
        long start = System.nanoTime();
        UrlCredentials.redact(hostile);
        // Quadratic time would take minutes.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
}
