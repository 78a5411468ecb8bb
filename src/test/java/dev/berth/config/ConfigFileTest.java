package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class ConfigFileTest {
    @TempDir
    Path folder;

    private Map<String, String> named(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("berth.yaml"), text);
        return Map.of(ConfigLoader.FILE_VARIABLE, file.toString());
    }

    @Test
    void theNamedFileIsRead(Vertx vertx, VertxTestContext test) throws IOException {
        ConfigLoader.load(vertx, named("http:\n  port: 9001\n"))
                .onComplete(test.succeeding(config -> test.verify(() -> {
                    assertThat(config.http().port()).isEqualTo(9001);
                    test.completeNow();
                })));
    }

    @Test
    void aFileOfCommentsSetsNothing(Vertx vertx, VertxTestContext test) throws IOException {
        ConfigLoader.load(vertx, named("# http:\n#   port: 9001\n"))
                .onComplete(test.succeeding(config -> test.verify(() -> {
                    assertThat(config.http().port()).isEqualTo(8080);
                    test.completeNow();
                })));
    }

    @Test
    void aNamedFileMustBeThere(Vertx vertx, VertxTestContext test) {
        String missing = folder.resolve("missing.yaml").toString();
        ConfigLoader.load(vertx, Map.of(ConfigLoader.FILE_VARIABLE, missing))
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(e).isInstanceOf(ConfigException.class).hasMessageContaining(missing + " can't be read");
                    test.completeNow();
                })));
    }
}
