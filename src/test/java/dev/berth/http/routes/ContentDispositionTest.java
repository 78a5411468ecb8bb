package dev.berth.http.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDispositionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"text/html", "image/svg+xml", "application/xml", "video/x-unknown", "application/x-unknown"})
    void typesThatCanRunAreSaved(String contentType) {
        assertThat(ContentDisposition.of(contentType, "x")).startsWith("attachment; ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "application/pdf", "video/webm", "video/x-unknown", "text/html"})
    void noFileRunsScripts(String contentType) {
        assertThat(ContentDisposition.policy(contentType))
                .startsWith("sandbox")
                .contains("default-src 'none'")
                .doesNotContain("script");
    }

    /** Pages of this origin may load scripts and styles from this origin. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/javascript",
                "text/JavaScript; charset=utf-8",
                "application/x-ecmascript",
                "text/livescript",
                "text/jscript",
                "text/javascript1.5",
                "text/css",
                "application/wasm"
            })
    void noPageCanUseAFileAsItsOwn(String contentType) {
        assertThat(ContentDisposition.served(contentType)).isEqualTo("application/octet-stream");
        assertThat(ContentDisposition.served("image/png")).isEqualTo("image/png");
    }

    @Test
    void aPictureIsShown() {
        assertThat(ContentDisposition.of("image/png", "shot.png"))
                .isEqualTo("inline; filename=\"shot.png\"; filename*=UTF-8''shot.png");
    }

    @Test
    void aNameCanNotBreakTheHeader() {
        assertThat(ContentDisposition.of("text/csv", "a\"; x=\\\r\nSet-Cookie: é 100%.csv"))
                .isEqualTo("attachment; filename=\"a_; x=___Set-Cookie: _ 100_.csv\";"
                        + " filename*=UTF-8''a%22%3B%20x%3D%5C%0D%0ASet-Cookie%3A%20%C3%A9%20100%25.csv");
    }
}
