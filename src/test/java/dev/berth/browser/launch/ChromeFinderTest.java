package dev.berth.browser.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.browser.BrowserLauncher.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's headless shell is found wherever it is installed; the tests hold with it and without. */
class ChromeFinderTest {
    private static final Path DEBIANS = Path.of("/usr/lib/chromium/chromium-headless-shell");

    @TempDir
    Path folder;

    private Path file(String name, String permissions) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private Path executable(String name) throws IOException {
        return file(name, "rwxr-xr-x");
    }

    private static Path debiansOr(Path other) {
        return Files.isExecutable(DEBIANS) ? DEBIANS : other;
    }

    @Test
    void theConfiguredPathWins() throws IOException {
        Path configured = executable("mine/my-chrome");
        executable("bin/chromium-headless-shell");
        assertThat(ChromeFinder.find(
                        Optional.of(configured), folder.resolve("bin").toString()))
                .isEqualTo(configured);
    }

    private void assertRefused(Path configured) {
        assertThatThrownBy(() -> ChromeFinder.find(Optional.of(configured), folder.toString()))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("BERTH_CHROME_PATH")
                .hasMessageContaining(configured.toString());
    }

    @Test
    void aConfiguredFileThatIsNotExecutableIsRefusedByNameOfTheSetting() throws IOException {
        executable("chromium-headless-shell");
        assertRefused(file("notes.txt", "rw-r--r--"));
    }

    @Test
    void aConfiguredFileThatDoesNotExistIsRefused() throws IOException {
        executable("chromium-headless-shell");
        assertRefused(folder.resolve("missing"));
    }

    @Test
    void aConfiguredFolderIsRefused() throws IOException {
        assertRefused(Files.createDirectory(folder.resolve("chrome")));
    }

    @Test
    void theHeadlessShellIsPreferredToFullChromium() throws IOException {
        executable("first/chromium");
        Path shell = executable("second/chromium-headless-shell");
        assertThat(ChromeFinder.find(Optional.empty(), folder.resolve("first") + ":" + folder.resolve("second")))
                .isEqualTo(debiansOr(shell));
    }

    @Test
    void theFirstFolderOfThePathWinsForTheSameName() throws IOException {
        Path first = executable("first/chromium-headless-shell");
        executable("second/chromium-headless-shell");
        assertThat(ChromeFinder.find(Optional.empty(), folder.resolve("first") + ":" + folder.resolve("second")))
                .isEqualTo(debiansOr(first));
    }

    @Test
    void emptyPartsOfThePathAndFilesThatCannotBeRunArePassedOver() throws IOException {
        file("first/chromium-headless-shell", "rw-r--r--");
        Path chromium = executable("second/chromium");
        assertThat(ChromeFinder.find(Optional.empty(), ":" + folder.resolve("first") + "::" + folder.resolve("second")))
                .isEqualTo(debiansOr(chromium));
    }
}
