package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownVariablesTest {
    private static final List<String> KNOWN = List.of("BERTH_SESSIONS_MAX", "BERTH_HTTP_PORT", "BERTH_POOL_SIZE");

    @Test
    void suggestsASimilarSetting() {
        assertThat(UnknownVariables.describe(List.of("BERTH_SESSION_MAX", "BERTH_HTTP_PORT", "PATH"), KNOWN))
                .hasValue("not a setting, and ignored: BERTH_SESSION_MAX (BERTH_SESSIONS_MAX is one)");
    }

    @Test
    void suggestsNothingForADissimilarName() {
        assertThat(UnknownVariables.describe(List.of("BERTH_SOMETHING_ELSE"), KNOWN))
                .hasValue("not a setting, and ignored: BERTH_SOMETHING_ELSE");
    }

    @Test
    void ignoresWhatKubernetesSets() {
        assertThat(UnknownVariables.describe(
                        List.of("BERTH_PORT", "BERTH_PORT_8080_TCP_ADDR", "BERTH_SERVICE_HOST", "BERTH_SERVICE_PORT"),
                        KNOWN))
                .isEmpty();
    }

    @Test
    void countsCharacters() {
        assertThat(Misspelling.distance("", "abc")).isEqualTo(3);
        assertThat(Misspelling.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Misspelling.distance("same", "same")).isZero();
    }
}
