package dev.berth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Berth as a library of other programs. */
class LibraryTest {
    /** Those who use it may have a logback.xml, an openapi.yaml or migrations of their own there. */
    @Test
    void theJarHasNothingAtTheRootOfTheClassPath() throws Exception {
        try (Stream<Path> top = Files.list(Path.of("target", "classes"))) {
            assertThat(top.map(file -> file.getFileName().toString()).filter(name -> !name.equals("META-INF")))
                    .as("in target/classes; what is left of an older build goes with ./mvnw clean")
                    .isEqualTo(List.of("dev"));
        }
    }

    @ParameterizedTest
    @CsvSource({"ErrorCounter, void count(", "TitleService, Future<String> title("})
    void theReadmeQuotesTheExamplesAsTheyAre(String example, String part) throws Exception {
        assertThat(Files.readString(Path.of("src/test/java/dev/berth/example", example + ".java")))
                .contains(Readme.block("java", part));
    }
}
