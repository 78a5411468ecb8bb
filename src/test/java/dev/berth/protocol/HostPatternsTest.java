package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternsTest {
    @ParameterizedTest(name = "{0} has {1}:{2}")
    @CsvSource({
        "example.com, example.com, 443",
        "Example.COM., EXAMPLE.com., 443",
        "*.example.com, a.b.example.com, 80",
        "example.com:8443, example.com, 8443",
        "*.example.com:8443, a.example.com, 8443",
        "*, anything.test, 1",
        "*, '2001:db8:0:0:0:0:0:1', 1",
        "*:443, anything.test, 443",
        "127.0.0.1, 127.0.0.1, 80",
        "[::1], '0:0:0:0:0:0:0:1', 80",
        "[2001:DB8::1], '[2001:db8::1]', 80",
        "[::1]:80, '::1', 80",
        "[::ffff:127.0.0.1], 127.0.0.1, 80",
        "bücher.example, xn--bcher-kva.example, 443",
    })
    void itMatches(String pattern, String host, int port) {
        assertThat(HostPatterns.of("x", List.of("other.test", pattern)).matches(host, port))
                .isTrue();
    }

    @ParameterizedTest(name = "{0} has not {1}:{2}")
    @CsvSource({
        "example.com, a.example.com, 443",
        "example.com, example.com.evil.test, 443",
        "*.example.com, example.com, 443",
        "*.example.com, .example.com, 443",
        "*.example.com, evilexample.com, 443",
        "example.com:8443, example.com, 443",
        "*.example.com:8443, a.example.com, 443",
        "*:443, anything.test, 80",
        "*:443, '2001:db8::443', 80",
        "127.0.0.1, 127.0.0.10, 80",
        "[::1]:80, '::1', 81",
    })
    void itDoesNotMatch(String pattern, String host, int port) {
        assertThat(HostPatterns.of("x", List.of(pattern)).matches(host, port)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "example.com/x",
                "*example.com",
                "a.*.example.com",
                "*.*.example.com",
                "**",
                "*.",
                "*.127.0.0.1",
                "*.[::1]",
                "::1",
                "[::1%eth0]",
                "[::1",
                "127.1",
                "127.0.0.256",
                "0177.0.0.1",
                "a.0x7f",
                "",
                "a b",
                "a\0b",
                "user@example.com",
                "example.com:",
                "example.com:x"
            })
    void whatIsNoPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> HostPatterns.of("options.allowedDomains", List.of(pattern)))
                .isInstanceOf(BerthException.class)
                .hasMessageStartingWith("options.allowedDomains must have hosts such as");
    }

    @Test
    void whatChromeReadsAsAnotherHostOrNobodyHasIsRefused() {
        assertThatThrownBy(() -> HostPatterns.of("x", List.of("straße.example")))
                .hasMessageContaining("write it in ASCII");
        assertThatThrownBy(() -> HostPatterns.of("x", List.of("a.b:65536")))
                .hasMessageContaining("a port must be from 1");
        assertThatThrownBy(() -> HostPatterns.of("x", List.of("a.b:0"))).hasMessageContaining("a port must be from 1");
    }

    @Test
    void whatATaskMayOpenItMayConnectTo() {
        HostPatterns patterns =
                new AllowedDomains(List.of("example.com", "[::1]")).patterns().orElseThrow();
        assertThat(patterns.patterns()).containsExactly("example.com", "*.example.com", "[::1]");
        assertThat(AllowedDomains.ANY.patterns()).isEmpty();
    }
}
