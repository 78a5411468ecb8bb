package dev.berth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "FILE:///etc/passwd",
                "filesystem:http://a.test/temporary/x",
                "chrome://version/",
                "chrome://crash/x",
                "chrome://gpucrash",
                "chrome-untrusted://x/",
                "chrome-extension://x/",
                "devtools://devtools/",
                "view-source:http://a.test/",
                "about:version",
                "about:blankx"
            })
    void urlsOfTheHostOrChromeAreForbidden(String url) {
        assertThat(PageUrl.isForbiddenGround(url)).isTrue();
        assertThat(PageUrl.mayBeShown(url)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mailto:a@b.test", "tel:1", "zoommtg://x", "ftp://a.test/", "chromex://x"})
    void urlsThatChromeHandsOverAreNotForbidden(String url) {
        assertThat(PageUrl.isForbiddenGround(url)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.test/",
                "data:,x",
                "blob:http://a.test/1",
                "about:blank#x",
                "about:srcdoc",
                "chrome-error://chromewebdata/",
                "chrome://crash",
                "chrome://crash/"
            })
    void urlsThatPagesMayShowAreNotForbidden(String url) {
        assertThat(PageUrl.isForbiddenGround(url)).isFalse();
        assertThat(PageUrl.mayBeShown(url)).isTrue();
    }
}
