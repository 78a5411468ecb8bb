package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedDomainsTest {
    private static final AllowedDomains ALLOWED =
            new AllowedDomains(List.of("Example.COM", "127.0.0.1", "[::1]", "bücher.example", "localhost"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "http://a.b.example.com:81/x?y#z",
                "https://EXAMPLE.com./",
                "https://user:word@example.com/",
                "https://example.com/a|b",
                "http://127.0.0.1:9/",
                "http://[::1]:9/",
                "https://xn--bcher-kva.example/",
                "http://localhost/",
                "about:blank",
                "data:text/html,x",
                "blob:https://evil.test/1"
            })
    void itAllows(String url) {
        assertThat(ALLOWED.allow(url)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com.evil.test/",
                "https://notexample.com/",
                "https://example.com@evil.test/",
                "https://evil.test/?example.com",
                "https://evil.test\\@example.com/",
                "https://evil.test/a|b.example.com",
                "https://evil_one.test/",
                "http://1.127.0.0.1/",
                "http://127.0.0.10/",
                "http:example.com",
                "ftp://evil.test/",
                "ftp://example.com/",
                "file://localhost/etc/passwd",
                "chrome://localhost/",
                "view-source:https://example.com/",
                "filesystem:https://example.com/temporary/x",
                ""
            })
    void itStops(String url) {
        assertThat(ALLOWED.allow(url)).isFalse();
    }

    @Test
    void withoutHostsAllIsAllowed() {
        assertThat(AllowedDomains.ANY.allow("https://evil.test/")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "example.com/x",
                "example.com:80",
                "*.example.com",
                "",
                "a b",
                "exa\0mple",
                "1",
                "0.0.1",
                "127.1",
                "a.0x7f"
            })
    void whatIsNoHostIsRefused(String host) {
        assertThatThrownBy(() -> new AllowedDomains(List.of(host)))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("allowedDomains must have host names");
    }

    @Test
    void aNameThatChromeReadsAsAnotherHostIsRefused() {
        assertThatThrownBy(() -> new AllowedDomains(List.of("straße.example")))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("write it in ASCII");
    }
}
