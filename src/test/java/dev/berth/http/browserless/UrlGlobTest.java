package dev.berth.http.browserless;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlGlobTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "ads **ads**",
                "\\.css$ **.css",
                "^https://a\\.test/ https://a.test/**",
                ".*\\.(png|jpg)$ **.{png,jpg}",
                "(?:tracker|ads).*\\.js **{tracker,ads}**.js**",
                "google-analytics.com **google-analytics.com**",
                "a.*?b **a**b**",
                "a\\*b **a\\*b**",
                "a,b **a\\,b**",
                "x/(a,b|c) **x/{a\\,b,c}**",
            })
    void expressionsForUrlsBecomePatterns(String expression, String glob) {
        assertThat(UrlGlob.of(expression)).hasValue(glob);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[a-z]",
                "\\d",
                "a+",
                "ab?",
                "a{2}",
                "(a",
                "a)",
                "(a|(b))",
                "(a)+",
                "a|b",
                "a^b",
                "a$b",
                "\\",
                "(?=a)",
                "*a",
                "(a.*)",
                "a\\",
                "^https?://a",
                "(png|jpe?g)"
            })
    void othersAreRefused(String expression) {
        assertThat(UrlGlob.of(expression)).isEmpty();
    }

    @Test
    void slashesAroundAnExpressionLeaveNothingToMatch() {
        assertThat(UrlGlob.matchesNothing("/^.*\\.(css)")).isTrue();
        assertThat(UrlGlob.matchesNothing("/\\.js$/")).isTrue();
        assertThat(UrlGlob.matchesNothing("/^.*\\.(css|png)$/i")).isTrue();
        assertThat(UrlGlob.matchesNothing("/a\\$/b")).isFalse();
        assertThat(UrlGlob.matchesNothing("/ads/")).isFalse();
        assertThat(UrlGlob.matchesNothing("^https://a")).isFalse();
    }
}
