package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
    @TempDir
    Path folder;

    @Test
    void headroomIsNegativeBelowTheFloor() throws IOException {
        assertThat(DiskSpace.of(folder, folder, 0).headroom()).isPositive();
        assertThat(DiskSpace.of(folder, folder, Long.MAX_VALUE).headroom()).isNegative();
    }

    /** {@code /proc} is a file system that reports a size of 0. */
    @Test
    void aDiskWithoutASizeDoesNotCountAsFull() throws IOException {
        assertThat(DiskSpace.of(Path.of("/proc"), Path.of("/proc"), 1).headroom())
                .isEqualTo(Long.MAX_VALUE);
        Path gone = Files.createDirectory(folder.resolve("gone"));
        DiskSpace space = DiskSpace.of(gone, gone, 0);
        Files.delete(gone);
        assertThatExceptionOfType(IOException.class).isThrownBy(space::headroom);
    }
}
