package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class ComposeTest {
    /** What ends a container that does not end by itself also ends the storing of what sessions left. */
    private static final int STORING_SECONDS = 90;

    private final Map<String, Map<String, Object>> services = services();

    private static Map<String, Map<String, Object>> services() {
        Map<String, Map<String, Map<String, Object>>> file = new Yaml().load(text("docker/compose.yaml"));
        return file.get("services");
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theGraceOfAStopOutlastsTheDrain() {
        Map<String, Object> berth = services.get("berth");
        int drainSeconds = (int) ((Map<?, ?>) berth.get("environment")).get("BERTH_DRAIN_SECONDS");
        assertThat(berth).containsEntry("stop_grace_period", (drainSeconds + STORING_SECONDS) / 60 + "m");

        String kubernetes = text("docker/kubernetes.yaml");
        assertThat(number(kubernetes, "terminationGracePeriodSeconds: (\\d+)"))
                .isEqualTo(number(kubernetes, "BERTH_DRAIN_SECONDS, value: \"(\\d+)\"")
                        + number(kubernetes, "\"sleep\", \"(\\d+)\"")
                        + STORING_SECONDS);
    }

    private static int number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return Integer.parseInt(found.group(1));
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
