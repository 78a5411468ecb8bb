package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static Optional<String> unknown(String... variables) {
        Map<String, String> environment = new HashMap<>();
        List.of(variables).forEach(variable -> environment.put(variable, "1"));
        Settings settings = new Settings(Map.of(), environment);
        List.of("sessions.max", "http.port", "pool.size").forEach(settings::text);
        return settings.unknownVariables();
    }

    @Test
    void suggestsASimilarSetting() {
        assertThat(unknown("BERTH_SESSION_MAX", "BERTH_HTTP_PORT", "BERTH_CONFIG", "PATH"))
                .hasValue("not a setting, and ignored: BERTH_SESSION_MAX (BERTH_SESSIONS_MAX is one)");
    }

    @Test
    void suggestsNothingForADissimilarName() {
        assertThat(unknown("BERTH_SOMETHING_ELSE")).hasValue("not a setting, and ignored: BERTH_SOMETHING_ELSE");
    }

    @Test
    void ignoresWhatKubernetesSets() {
        assertThat(unknown("BERTH_PORT", "BERTH_PORT_8080_TCP_ADDR", "BERTH_SERVICE_HOST", "BERTH_SERVICE_PORT"))
                .isEmpty();
    }
}
