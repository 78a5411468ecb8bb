package dev.berth.browser.drive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NavigationsTest {
    @ParameterizedTest
    @CsvSource({
        "http://a.test/x?q, http://a.test/x?q#there, true",
        "http://a.test/x#here, http://a.test/x#there, true",
        "http://a.test/, http://a.test#there, true",
        "http://a.test/x#here, http://a.test/x, false",
        "http://a.test/x, http://a.test/x, false",
        "http://a.test/x, http://a.test/y#there, false",
        "http://a.test/x, http://b.test/x#there, false"
    })
    void aFragmentStaysInTheSameDocument(String document, String url, boolean within) {
        assertThat(Navigations.isWithin(document, url)).isEqualTo(within);
    }
}
