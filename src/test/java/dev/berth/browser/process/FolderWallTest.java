package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWallTest {
    private static final Path PROGRAM = Path.of("/bin/cat");
    private static final List<String> SETPRIV = "root".equals(System.getProperty("user.name"))
            ? List.of("setpriv", "--no-new-privs", "--bounding-set=-all")
            : Confinement.SETPRIV;

    @TempDir
    private Path data;

    private Path home;

    @BeforeEach
    void aChromeAmongTheServersFiles() throws IOException {
        home = Files.createDirectories(data.resolve("profiles/c-1/profile")).getParent();
        Files.writeString(data.resolve("api-key"), "secret");
        Files.writeString(Files.createDirectory(data.resolve("profiles/c-2")).resolve("cookies"), "another's");
        Files.writeString(home.resolve("upload"), "own");
    }

    /** Whether a confined shell can do this. The confinement is made for users without root's powers. */
    private boolean can(String script) throws Exception {
        List<String> command = new ArrayList<>(SETPRIV);
        command.addAll(FolderWall.options(home, List.of(home.resolve("profile")), PROGRAM, List.of()));
        command.addAll(List.of("sh", "-c", script));
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void chromeUsesItsOwnFolderAndTheSystem() throws Exception {
        assertThat(can("cat " + home + "/upload && echo new >" + home + "/profile/new && mkdir " + home + "/profile/sub"
                        + " && mv " + home + "/profile/new " + home + "/profile/sub/old && rm -r " + home
                        + "/profile/sub"))
                .isTrue();
        assertThat(
                        can(
                                "cat /etc/resolv.conf && ls /usr/share && echo x >/dev/null && echo x >/dev/shm/berth-$$ && rm /dev/shm/berth-$$"))
                .isTrue();
    }

    /** The server opens files there by their paths. */
    @Test
    void chromeReplacesNothingInTheServersPartOfItsFolder() throws Exception {
        Files.writeString(Files.createDirectory(home.resolve("uploads")).resolve("given"), "given");
        assertThat(can("cat " + home + "/uploads/given")).isTrue();
        for (String replacing : List.of(
                "mv uploads profile/",
                "rm uploads/given",
                "mv uploads/given profile/",
                "ln -s /etc/passwd uploads/more",
                "echo x >>uploads/given",
                "rm -r profile",
                "mkfifo stderr.log")) {
            assertThat(can("cd " + home + " && " + replacing)).as(replacing).isFalse();
        }
    }

    @Test
    void chromeReachesNothingOfTheServersOrOfOtherChromes() throws Exception {
        assertThat(can("cat " + data + "/api-key")).isFalse();
        assertThat(can("ls " + data)).isFalse();
        assertThat(can("cat " + data + "/profiles/c-2/cookies")).isFalse();
        assertThat(can("echo x >" + data + "/new")).isFalse();
        assertThat(can("echo x >/usr/share/new")).isFalse();
    }

    /** All users of the machine may read these. */
    @Test
    void chromeReadsNothingElseOfTheMachine() throws Exception {
        Path readable =
                Files.writeString(Files.createDirectory(data.resolve("app")).resolve("settings"), "database=…");
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(can("cat " + readable)).isFalse();
        for (String other : List.of("/etc/passwd", "/etc/group", "/etc/hostname", "/etc/fstab")) {
            assertThat(can("cat " + other)).as(other).isFalse();
        }
        for (String folder : List.of("/", "/etc", "/home", "/opt", "/srv", "/tmp", "/var", "/var/log", "/run")) {
            assertThat(can("ls " + folder)).as(folder).isFalse();
        }
    }

    /** The environment holds secrets. */
    @Test
    void chromeReadsNoOtherProcess() throws Exception {
        long server = ProcessHandle.current().pid();
        assertThat(can("cat /proc/$$/environ")).isTrue();
        assertThat(can("cat /proc/" + server + "/environ")).isFalse();
        assertThat(can("head -c 1 /proc/" + server + "/mem")).isFalse();
        assertThat(can("readlink /proc/" + server + "/fd/1")).isFalse();
    }

    @Test
    void whereItCannotBeDoneOrTheProgramDoesNotRunThisIsSeen() throws Exception {
        assertThat(FolderWall.works(SETPRIV, data, PROGRAM)).isTrue();
        assertThat(FolderWall.works(SETPRIV, data.resolve("missing"), PROGRAM)).isFalse();
        Path needsMore =
                Files.writeString(data.resolve("profiles/c-2/chrome"), "#!/bin/sh\ncat " + data + "/api-key\n");
        Files.setPosixFilePermissions(needsMore, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(FolderWall.works(SETPRIV, home, needsMore)).isFalse();
    }
}
