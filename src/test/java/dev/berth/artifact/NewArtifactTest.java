package dev.berth.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewArtifactTest {
    @ParameterizedTest
    @CsvSource({
        "a.png, image/png",
        "sessions/x/pdf/y.pdf, application/pdf",
        "webp, image/webp",
        "a.csv, text/csv",
        "a.nobody-knows, application/octet-stream"
    })
    void theExtensionTells(String name, String type) {
        assertThat(NewArtifact.contentType(name)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({"a.CSV, csv", "archive.tar.gz, gz", "none, bin", "a.b/c, bin", "'.', bin", "a.part, bin"})
    void anExtensionCanStandInAKey(String name, String extension) {
        assertThat(NewArtifact.extension(name)).isEqualTo(extension);
    }
}
