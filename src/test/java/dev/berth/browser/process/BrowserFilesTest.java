package dev.berth.browser.process;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class BrowserFilesTest {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final OptionalInt OWNER = ROOT ? OptionalInt.of(61_998) : OptionalInt.empty();

    private Path data;
    private Path home;
    private BrowserFiles files;

    @BeforeEach
    void makeHome(Vertx vertx) throws IOException {
        data = Files.createTempDirectory("it-berth");
        if (ROOT) {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
        }
        home = Profiles.in(data, ROOT).create("c-1", OWNER);
        files = new BrowserFiles(vertx, home, OWNER, 1 << 20);
    }

    @AfterEach
    void removeHome() {
        Profiles.delete(data);
    }

    private List<Path> write(String... names) throws Exception {
        List<Buffer> contents = Stream.of(names).map(Buffer::buffer).toList();
        return await(files.write(List.of(names), contents)).stream()
                .map(Path::of)
                .toList();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aFileNameCannotEscapeItsFolder() throws Exception {
        Path elsewhere = data.resolve("written");
        for (Path file :
                write("\u2028" + elsewhere, "../../x", "..", "", "/" + elsewhere, "a\u2029/../../y", "x".repeat(300))) {
            assertThat(file.getParent().getParent()).isEqualTo(home.resolve("uploads"));
            assertThat(file.normalize()).isEqualTo(file).exists();
        }
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void twoFilesMayHaveTheSameName() throws Exception {
        List<Path> twins = write("a.txt", "a.txt");
        assertThat(twins)
                .doesNotHaveDuplicates()
                .allSatisfy(file -> assertThat(file).hasFileName("a.txt"));
    }

    @Test
    void anUploadCanBeReadByItsOwnChromeOnly() throws Exception {
        Path file = write("secret.txt").get(0);
        assertThat(mode(file)).isEqualTo("r--------");
        assertThat(file.getParent().getFileName().toString()).matches("[0-9a-f-]{36}");
        for (Path folder : List.of(home, home.resolve("uploads"), file.getParent())) {
            assertThat(mode(folder)).isEqualTo(ROOT ? "rwx--x--x" : "rwx------");
        }
        if (ROOT) {
            assertThat(readAs(61_998, file)).isEqualTo("secret.txt");
            assertThat(readAs(61_999, file)).isEmpty();
        }
    }

    @Test
    void aDownloadIsTakenToWhereOnlyTheServerEnters() throws Exception {
        Profiles.own(Files.writeString(home.resolve("downloads/9-a"), "bytes"), OWNER);
        Path taken = await(files.take("9-a"));
        assertThat(taken).hasContent("bytes");
        assertThat(mode(taken.getParent())).isEqualTo("rwx------");
        await(files.drop("9-a"));
        assertThat(taken).doesNotExist();
        Files.createSymbolicLink(home.resolve("downloads/9-b"), Files.writeString(data.resolve("secret"), "secret"));
        assertThatThrownBy(() -> await(files.take("9-b")))
                .hasRootCauseMessage("it is not a file that is Chrome's alone");
    }

    @Test
    void filesThatChromeWritesAreReadableByItsUserOnly() throws IOException {
        for (String folder : List.of("profile", "downloads", "tmp")) {
            assertThat(mode(home.resolve(folder))).isEqualTo("rwx------");
        }
    }

    private static String readAs(int uid, Path file) throws IOException {
        Process cat = new ProcessBuilder(
                        "setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "cat", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(cat.getInputStream().readAllBytes());
    }
}
