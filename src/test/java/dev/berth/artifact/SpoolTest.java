package dev.berth.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.protocol.BerthException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class SpoolTest {
    private static final String KEY = "sessions/s/upload/upload-1.bin";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".", "../x", "/etc/passwd", "a\u0000", "a+b", "a\u2028", "é", "a.part"})
    void whatIsNoKeyIsNoFile(String key, Vertx vertx) {
        assertThatExceptionOfType(BerthException.class).isThrownBy(() -> new Spool(vertx, folder).file(key));
    }

    @Test
    void aKeyIsLimitedInLength(Vertx vertx) {
        Spool spool = new Spool(vertx, folder);
        assertThat(spool.file("x".repeat(200)).getParent()).isEqualTo(folder);
        assertThatExceptionOfType(BerthException.class).isThrownBy(() -> spool.file("x".repeat(201)));
    }

    /** Linux's device on which nothing can be written, as on a full disk, takes the place of the file. */
    @Test
    void aFullDiskIsNamed(Vertx vertx, VertxTestContext test) throws IOException {
        Files.createSymbolicLink(folder.resolve("a.part"), Path.of("/dev/full"));
        new Spool(vertx, folder)
                .write("a", Buffer.buffer("bytes"))
                .onComplete(test.failing(e -> test.verify(() -> {
                    assertThat(e).isInstanceOf(BerthException.class).hasMessageContaining("disk of this node");
                    assertThat(folder).isEmptyDirectory();
                    test.completeNow();
                })));
    }

    @Test
    void spooledFilesAreReadableByTheServerOnly(Vertx vertx, VertxTestContext test) throws IOException {
        Spool spool = new Spool(vertx, folder);
        Path given = Files.writeString(folder.resolveSibling(folder.getFileName() + "-given"), "given");
        spool.write(KEY, Buffer.buffer("bytes"))
                .compose(done -> spool.copy("copy", given, 5))
                .onComplete(test.succeeding(done -> test.verify(() -> {
                    assertThat(spool.file(KEY)).hasContent("bytes");
                    assertThat(spool.file("copy")).hasContent("given");
                    assertThat(folder).isDirectoryNotContaining("glob:**.part");
                    for (String key : new String[] {KEY, "copy"}) {
                        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spool.file(key))))
                                .isEqualTo("rw-------");
                    }
                    Files.delete(given);
                    test.completeNow();
                })));
    }

    /** Whoever wrote the file may still be writing it. */
    @Test
    void aCopyHasAsManyBytesAsWereAsked(Vertx vertx, VertxTestContext test) throws IOException {
        Spool spool = new Spool(vertx, folder);
        Path given = Files.writeString(folder.resolveSibling(folder.getFileName() + "-given"), "given, and more");
        spool.copy("copy", given, 5)
                .compose(done -> spool.copy("longer", given, 99).transform(failed -> Future.succeededFuture(failed)))
                .onComplete(test.succeeding(failed -> test.verify(() -> {
                    assertThat(spool.file("copy")).hasContent("given");
                    assertThat(failed.cause()).hasMessageContaining("shorter");
                    assertThat(spool.file("longer")).doesNotExist();
                    Files.delete(given);
                    test.completeNow();
                })));
    }

    @Test
    void halfWrittenFilesAreRemovedAndTheRestIsKept(Vertx vertx, VertxTestContext test) throws IOException {
        Spool spool = new Spool(vertx, folder);
        Path whole = Files.writeString(spool.file(KEY), "whole");
        Path half = Files.writeString(folder.resolve("sessions+s+upload+upload-2.bin.part"), "half");
        spool.keys()
                .onComplete(test.succeeding(keys -> test.verify(() -> {
                    assertThat(keys).containsExactly(KEY);
                    assertThat(whole).exists();
                    assertThat(half).doesNotExist();
                    test.completeNow();
                })));
    }
}
