package dev.berth.cdpclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class TargetFilterTest {
    private static TargetFilter of(String params) {
        return TargetFilter.of(new JsonObject(params));
    }

    @Test
    void filtersDecideWhichTypesAreHeld() {
        assertThat(of("{}").held()).containsExactlyInAnyOrder("page", "service_worker", "shared_worker");
        assertThat(of("{'filter': [{'type': 'page', 'exclude': true}, {}]}".replace('\'', '"'))
                        .held())
                .containsExactlyInAnyOrder("page", "service_worker", "shared_worker");
        assertThat(of("{\"filter\":[{\"type\":\"service_worker\"}]}").held()).containsExactly("service_worker");
        assertThat(of("{\"filter\":[{\"type\":\"tab\",\"exclude\":true},{\"type\":\"page\",\"exclude\":true},{}]}")
                        .held())
                .containsExactlyInAnyOrder("service_worker", "shared_worker");
        assertThat(of("{\"filter\":[]}").held()).isEmpty();
    }

    @Test
    void theFirstMatchingEntryDecides() {
        TargetFilter filter = of("{\"filter\":[{\"type\":\"browser\"},{\"type\":\"browser\",\"exclude\":true}]}");
        assertThat(filter.includesBrowsers()).isTrue();
        assertThat(of("{}").includesBrowsers()).isFalse();
        assertThat(of("{\"filter\":[1,\"x\",null,{}]}").includesBrowsers()).isTrue();
        assertThat(new TargetFilter(filter.withoutBrowsers()).includesBrowsers())
                .isFalse();
    }
}
