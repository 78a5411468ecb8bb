package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredKeyTest {
    private static final String KEY = "a-key-of-ones-own?";

    @TempDir
    Path folder;

    private Map<String, String> environment(String yaml) throws Exception {
        Path file = Files.createDirectory(folder.resolve("it's here")).resolve("berth.yaml");
        return Map.of("BERTH_CONFIG", Files.writeString(file, yaml).toString());
    }

    private static String shell(String text) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "printf %s \"Bearer " + text + "\"").start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api-key: %s",
                "api-key:   %s   # mine",
                "api-key: '%s'",
                "api-key: \"%s\" # mine",
                "api-key: %s\n"
            })
    void inAFileItIsReadThereAndNotShown(String line) throws Exception {
        String yaml = "# api-key: none\nhttp:\n  port: 1\n" + line.formatted(KEY);
        String text = ConfiguredKey.inShell(environment(yaml), KEY).orElseThrow();
        assertThat(text).doesNotContain(KEY);
        assertThat(shell(text)).isEqualTo("Bearer " + KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"api-key\": %s", "api-key:\n  %s", "{api-key: %s}", "api-key: another", "", "api-key: 'x'%s"})
    void whatAShellCannotReadItDoesNotTryTo(String yaml) throws Exception {
        assertThat(ConfiguredKey.inShell(environment(yaml.formatted(KEY)), KEY)).isEmpty();
    }

    @Test
    void namesTheVariableIfTheKeyIsThere() {
        assertThat(ConfiguredKey.inShell(Map.of("BERTH_API_KEY", KEY), KEY)).contains("$BERTH_API_KEY");
        assertThat(ConfiguredKey.inShell(Map.of("BERTH_CONFIG", "/nowhere"), KEY))
                .isEqualTo(Optional.empty());
    }
}
