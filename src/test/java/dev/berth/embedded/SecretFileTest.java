package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {
    @TempDir
    Path folder;

    @Test
    void aSecretIsStableAndReadableByItsOwnerOnly() throws IOException {
        Path file = folder.resolve("secret");
        String secret = SecretFile.readOrCreate(file);
        assertThat(secret).hasSize(40);
        assertThat(SecretFile.readOrCreate(file)).isEqualTo(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123"})
    void oneThatWasCutOffIsMadeAnew(String half) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), half);
        Files.writeString(folder.resolve("secret.part"), "half");
        assertThat(SecretFile.readOrCreate(file)).hasSize(40);
    }
}
