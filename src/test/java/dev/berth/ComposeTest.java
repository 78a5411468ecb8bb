package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class ComposeTest {
    private final Map<String, Map<String, Object>> services = services();

    private static Map<String, Map<String, Object>> services() {
        try {
            Map<String, Map<String, Map<String, Object>>> file =
                    new Yaml().load(Files.readString(Path.of("docker/compose.yaml")));
            return file.get("services");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Berth exits when its heap is full and relies on a restart. */
    @Test
    void everyServiceIsRestarted() {
        assertThat(services)
                .hasSize(3)
                .allSatisfy((name, service) -> assertThat(service).containsEntry("restart", "unless-stopped"));
    }

    /** Pages can reach both servers. */
    @Test
    void noSecretHasADefault() {
        assertThat(services.values())
                .flatExtracting(service -> ((Map<?, ?>) service.get("environment")).entrySet())
                .map(Object::toString)
                .filteredOn(setting -> setting.matches("\\w*(API_KEY|PASSWORD|SECRET_KEY|POSTGRES_URI)=.*"))
                .hasSize(5)
                .allSatisfy(setting -> assertThat(setting).contains(":?"));
    }
}
