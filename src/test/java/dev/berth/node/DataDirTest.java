package dev.berth.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirTest {
    @TempDir
    private Path folder;

    @Test
    void theNodeKeepsItsNameFromStartToStart() throws IOException {
        String name;
        try (DataDir first = DataDir.open(folder.resolve("data"))) {
            name = first.machineId();
        }
        try (DataDir second = DataDir.open(folder.resolve("data"))) {
            assertThat(second.machineId()).matches("d[0-9a-f]{7}").isEqualTo(name);
        }
    }

    @Test
    void whoDoesNotOwnItIsToldWhoDoesAndWhatToDo() throws IOException {
        int owner = (int) Files.getAttribute(folder, "unix:uid");
        var denied = new AccessDeniedException(folder + "/berth.lock");
        assertThat(DataDir.unusable(folder, owner + 1, denied))
                .isEqualTo(folder + " belongs to user id " + owner + ", and Berth runs as " + (owner + 1)
                        + ": chown -R " + (owner + 1) + " " + folder + ", or run Berth as " + owner);
        assertThat(DataDir.unusable(folder, owner, denied))
                .isEqualTo(folder + " can't be used: " + folder + "/berth.lock");
    }

    @Test
    void whoMayNotMakeItIsToldHowTo() throws IOException {
        Path missing = folder.resolve("data");
        assertThat(DataDir.unusable(missing, 1234, new AccessDeniedException(missing.toString())))
                .isEqualTo("user id 1234 can't make " + missing + ": mkdir -p " + missing + " && chown -R 1234 "
                        + missing);
    }

    @Test
    void aFileInItsPlaceIsRefusedByName() throws IOException {
        Path file = Files.createFile(folder.resolve("data"));
        assertThatThrownBy(() -> DataDir.open(file))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("data-dir (BERTH_DATA_DIR): " + file + " can't be used: ");
    }
}
