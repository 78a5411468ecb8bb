package dev.berth.browser.process;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.browser.SavedProfile;
import dev.berth.pipe.EpollPipe;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a Chrome that was taken over may have made of its profile. */
@ExtendWith(VertxExtension.class)
class ProfileArchiveTest {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final OptionalInt CHROME = ROOT ? OptionalInt.of(61_997) : OptionalInt.empty();
    private static final int MIB = 1 << 20;

    private final ByteArrayOutputStream zip = new ByteArrayOutputStream();
    private Path data;
    private Profiles profiles;
    private Path profile;
    private BrowserFiles files;

    @BeforeEach
    void makeProfile(Vertx vertx) throws IOException {
        data = Files.createTempDirectory("it-berth");
        if (ROOT) {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
        }
        profiles = Profiles.in(data, ROOT);
        Path home = profiles.create("c-1", CHROME);
        profile = Profiles.profile(home);
        files = new BrowserFiles(vertx, home, CHROME, MIB);
        file("Default/IndexedDB/site/000003.log", "stored");
    }

    @AfterEach
    void removeProfile() {
        Profiles.delete(data);
    }

    private Path file(String name, String content) throws IOException {
        Path file = Files.writeString(
                folder(Path.of(name).getParent()).resolve(Path.of(name).getFileName()), content);
        Profiles.own(file, CHROME);
        return file;
    }

    private Path folder(Path name) throws IOException {
        Path at = profile;
        for (Path next : name) {
            at = at.resolve(next);
            if (!Files.exists(at)) {
                Profiles.own(Files.createDirectory(at), CHROME);
            }
        }
        return at;
    }

    private SavedProfile.Contents archive() throws IOException {
        return files.archive("{}".getBytes(), () -> zip);
    }

    private void isRefused(String why) {
        assertThatIOException().isThrownBy(this::archive).withMessageContaining(why);
        assertThat(zip.size()).isZero();
    }

    private SavedProfile saved() {
        return new SavedProfile() {
            @Override
            public boolean hasFolders() {
                return true;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(zip.toByteArray());
            }
        };
    }

    @Test
    void whatIsSavedIsThereForTheNextChrome() throws IOException {
        file("Default/IndexedDB/site/LOCK", "");
        file("Default/Cookies", "left out");
        assertThat(archive().folders()).isTrue();
        Path home = profiles.create("c-2", CHROME);
        assertThat(ProfileArchive.unpack(saved(), home, CHROME, 100, MIB)).isEqualTo("{}".getBytes());
        Path next = Profiles.profile(home).resolve("Default");
        assertThat(next.resolve("IndexedDB/site/000003.log")).hasContent("stored");
        assertThat(next.resolve("Cookies")).doesNotExist();
        assertThat(next.resolve("IndexedDB/site/LOCK")).doesNotExist();
    }

    @Test
    void noLinkLeadsToTheFilesOfOthers() throws IOException {
        Path chrome = profile.resolve("Default");
        Path elsewhere = profiles.create("c-other", CHROME).resolve("Default");
        Files.move(chrome, elsewhere);
        Files.createSymbolicLink(chrome, elsewhere);
        isRefused("tampered with");
        Files.delete(chrome);
        Files.createDirectory(chrome);
        Profiles.own(chrome, CHROME);
        Files.createSymbolicLink(chrome.resolve("IndexedDB"), elsewhere.resolve("IndexedDB"));
        isRefused("tampered with");
        Files.delete(chrome.resolve("IndexedDB"));
        folder(Path.of("Default/IndexedDB"));
        Files.createSymbolicLink(chrome.resolve("IndexedDB/site"), elsewhere.resolve("IndexedDB/site"));
        isRefused("tampered with");
    }

    @Test
    void aFileWithAnotherNameOrOwnerOrOfAnotherKindIsRefused() throws Exception {
        Path folder = profile.resolve("Default/IndexedDB/site");
        Path twin = Files.createLink(folder.resolve("twin"), Files.writeString(data.resolve("secret"), "secret"));
        Profiles.own(twin, CHROME);
        assertThatIOException().isThrownBy(this::archive).withMessageContaining("Chrome's alone");
        assertThat(zip.toString()).doesNotContain("secret");
        zip.reset();
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Profiles.own(pipe, CHROME);
        isRefused("tampered with");
        Files.delete(pipe);
        if (ROOT) {
            Profiles.own(Files.writeString(folder.resolve("foreign"), "of another user"), OptionalInt.empty());
            isRefused("tampered with");
        }
    }

    @Test
    void nothingIsSavedWhileAProcessThatLeftTheTreeLivesOnUntilItIsKilled(Vertx vertx) throws Exception {
        assumeTrue(ROOT, "without a user id of its own, nothing tells such a process from others");
        int user = CHROME.getAsInt();
        String script = "setsid sh -c 'touch tmp/left; exec sleep 1000' & until [ -e tmp/left ]; do sleep 0.01; done";
        List<String> command = List.of(
                "setsid", "setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "sh", "-c", script);
        ChromeProcess process = ChromeProcess.start(vertx, command, profile.getParent(), CHROME, EpollPipe.open());
        try {
            assertThatThrownBy(() -> await(process.left(10_000))).hasMessageContaining("left a process behind");
        } finally {
            await(process.destroy());
        }
        assertThat(ProcessTable.ofUser(user)).isEmpty();
    }

    @Test
    void foldersInFoldersTakeFewDescriptors() throws IOException {
        folder(Path.of("Default/File System" + "/x".repeat(20)));
        isRefused("tampered with");
    }

    @Test
    void aSparseFileCountsByItsLength() throws IOException {
        Path file = file("Default/File System/000/large", "");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(64L << 30);
        }
        isRefused("more than 1 MiB, the disk limit of a session");
    }

    @Test
    void whatCouldNotBeUnpackedIsNotSaved() throws IOException {
        for (int i = 0; i < MIB / 4_096; i++) {
            file("Default/File System/" + i, "");
        }
        isRefused("more than 1 MiB, the disk limit of a session");
        Path home = profiles.create("c-2", CHROME);
        try (ZipOutputStream many = new ZipOutputStream(zip)) {
            many.putNextEntry(new ZipEntry("state.json"));
            for (int i = 0; i <= MIB / 4_096; i++) {
                many.putNextEntry(new ZipEntry("Default/IndexedDB/" + i));
            }
        }
        assertThatIOException()
                .isThrownBy(() -> ProfileArchive.unpack(saved(), home, CHROME, 100, MIB))
                .withMessageContaining("more than 1 MiB");
    }
}
