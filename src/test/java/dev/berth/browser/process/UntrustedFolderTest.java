package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a Chrome that was taken over may make of its folder while the server works there. A pipe would hold the server for ever. */
@Timeout(30)
class UntrustedFolderTest {
    private static final Path NAME = Path.of("name");
    private static final int FILES = 1_000;
    /** Folders in folders: more than the descriptors that a server has as a rule, and longer than a path may be. */
    private static final int DEPTH = 1_500;

    @TempDir
    private Path data;

    private Path home;
    private Path folder;
    private Path victim;
    private final CountDownLatch watching = new CountDownLatch(1);

    @BeforeEach
    void makeFolders() throws IOException {
        home = Files.createDirectory(data.resolve("home"));
        folder = Files.createDirectory(home.resolve("downloads"));
        victim = Files.createDirectory(data.resolve("victim"));
    }

    private static void pipe(Path path) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
    }

    private Path take() throws IOException {
        Path taken = home.resolve("taken");
        try (UntrustedFolder open = UntrustedFolder.open(folder)) {
            open.take(NAME, taken);
        }
        return taken;
    }

    private void isNotTaken() throws IOException {
        assertThatIOException().isThrownBy(this::take).withMessageContaining("Chrome's alone");
        UntrustedFolder.delete(home.resolve("taken"));
    }

    @Test
    void aFileIsTakenAndNothingElse() throws Exception {
        Files.writeString(folder.resolve(NAME), "downloaded");
        assertThat(take()).hasContent("downloaded");
        assertThat(folder).isEmptyDirectory();

        Path secret = Files.writeString(victim.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve(NAME), secret);
        isNotTaken();
        Files.createLink(folder.resolve(NAME), secret);
        isNotTaken();
        Files.createDirectory(folder.resolve(NAME));
        isNotTaken();
        pipe(folder.resolve(NAME));
        isNotTaken();
        assertThat(secret).hasContent("secret");
    }

    @Test
    void onlyTheFolderThatWasSeenIsEntered() throws Exception {
        Path inner = Files.createDirectory(folder.resolve(NAME));
        try (UntrustedFolder open = UntrustedFolder.open(folder)) {
            PosixFileAttributes seen = open.look(NAME);
            open.enter(NAME, seen).close();
            Files.move(inner, folder.resolve("aside"));
            pipe(inner);
            assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> open.enter(NAME, seen));
            Files.delete(inner);
            Files.createSymbolicLink(inner, victim);
            assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> open.enter(NAME, seen));
        }
    }

    @Test
    void aFolderThatIsSwappedWhileItIsDeletedLeadsNowhere() throws Exception {
        Path inner = Files.createDirectory(folder.resolve(NAME));
        for (int i = 0; i < FILES; i++) {
            Files.createFile(inner.resolve(String.valueOf(i)));
            Files.createFile(victim.resolve(String.valueOf(i)));
        }
        String first = inner.toFile().list()[0];
        CompletableFuture<Void> swapper = CompletableFuture.runAsync(() -> swap(inner, inner.resolve(first)));
        watching.await();
        UntrustedFolder.delete(home);
        swapper.get(10, TimeUnit.SECONDS);
        assertThat(home).doesNotExist();
        try (Stream<Path> left = Files.list(victim)) {
            assertThat(left).hasSize(FILES);
        }
    }

    /** Once the deletion has begun there. */
    private void swap(Path inner, Path first) {
        try {
            watching.countDown();
            while (Files.exists(first)) {
                Thread.onSpinWait();
            }
            Files.move(inner, folder.resolve("aside"));
            Files.createSymbolicLink(inner, victim);
        } catch (IOException e) {
            // the deletion has taken the folder away
        }
    }

    /** Root needs no permissions. */
    @Test
    void foldersThatTheirOwnerMayNotEnterAreDeletedToo() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("outer/inner"));
        Files.createFile(inner.resolve(NAME));
        for (Path closed : List.of(inner, inner.getParent(), folder)) {
            Files.setPosixFilePermissions(closed, Set.of());
        }
        UntrustedFolder.delete(home);
        assertThat(home).doesNotExist();
    }

    @Test
    void foldersInFoldersAreDeletedHoweverDeepAndCountedUpToSome() throws IOException {
        Path deep = Files.createDirectory(folder.resolve("0"));
        for (int i = 1; i < DEPTH; i++) {
            Path next = Files.createDirectory(folder.resolve(String.valueOf(i)));
            Files.move(deep, next.resolve(NAME));
            deep = next;
        }
        assertThat(FolderSize.of(home).tooMany()).isTrue();
        UntrustedFolder.delete(home);
        assertThat(home).doesNotExist();
    }
}
