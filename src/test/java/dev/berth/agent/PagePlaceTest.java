package dev.berth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.agent.PageReader.PagePlace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagePlaceTest {
    @ParameterizedTest
    @CsvSource({
        "https://a.b/orders/123/done?at=7, https://a.b/orders/*/done",
        "https://a.b:8443/, https://a.b:8443/",
        "https://a.b, https://a.b",
        "https://a.b/x#top, https://a.b/x",
        "https://a.b/app#/orders/9?x=1, https://a.b/app#/orders/*",
        "https://a.b/u/{{who}}/1f3c, https://a.b/u/__who__/*",
        "'data:text/html,<b>', ''",
        "about:blank, about://null"
    })
    void whatDiffersFromRunToRunIsLeftOut(String url, String place) {
        assertThat(PagePlace.of(url)).isEqualTo(place);
    }

    @Test
    void aUrlThatAPageMadeLongIsNoPlace() {
        assertThat(PagePlace.of("https://a.b/" + "a".repeat(2_000_000))).isEmpty();
    }
}
