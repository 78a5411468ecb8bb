package dev.berth.http.export;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ArtifactEntry.ArtifactState;
import dev.berth.protocol.ArtifactEntry.ArtifactType;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
@Timeout(60)
class ZipPiecesTest {
    private static final int LARGE = 5_000_000;

    private int largestPiece;
    private int asked;

    private static ArtifactEntry artifact(String id, Optional<String> fileName, long size, ArtifactState state) {
        return new ArtifactEntry(
                id,
                ArtifactType.DOWNLOAD,
                "sessions/s/download/" + id + ".bin",
                fileName,
                Instant.EPOCH,
                "application/octet-stream",
                size,
                state);
    }

    private static ArtifactEntry stored(String id, long size) {
        return artifact(id, Optional.empty(), size, ArtifactState.STORED);
    }

    private static byte[] content(String key, int size) {
        byte[] content = new byte[size];
        new Random(key.hashCode()).nextBytes(content);
        return content;
    }

    private ZipPieces zip(Vertx vertx, List<ExportFile> files) {
        return new ZipPieces(files, vertx.createSharedWorkerExecutor("zip-test", 2));
    }

    private Map<String, byte[]> read(ZipPieces pieces) throws Exception {
        Buffer zip = Buffer.buffer();
        for (Optional<Buffer> piece = await(pieces.next()); piece.isPresent(); piece = await(pieces.next())) {
            largestPiece = Math.max(largestPiece, piece.get().length());
            zip.appendBuffer(piece.get());
        }
        await(pieces.close());
        return unzip(zip.getBytes());
    }

    private static Map<String, byte[]> unzip(byte[] zip) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry file = in.getNextEntry(); file != null; file = in.getNextEntry()) {
                files.put(file.getName(), in.readAllBytes());
            }
        }
        return files;
    }

    private static ExportFile numbers(String name, int count) {
        return ExportFile.paged(
                name,
                10,
                (offset, limit) -> Future.succeededFuture(IntStream.range(0, limit)
                        .mapToObj(i -> offset + i)
                        .filter(number -> number < count)
                        .toList()),
                List::size,
                page -> count,
                page -> Buffer.buffer(page + "\n"));
    }

    private List<ExportFile> artifacts(ArtifactEntry... artifacts) {
        return artifacts((key) -> Future.succeededFuture(Buffer.buffer(content(key, LARGE))), artifacts);
    }

    private List<ExportFile> artifacts(Function<String, Future<Buffer>> store, ArtifactEntry... artifacts) {
        return new ArtifactFiles((key, offset, length) -> {
                    asked++;
                    return store.apply(key)
                            .map(all -> all.slice((int) offset, (int) Math.min(all.length(), offset + length)));
                })
                .of(List.of(artifacts));
    }

    private static String text(byte[] file) {
        return new String(file, StandardCharsets.UTF_8);
    }

    @Test
    void filesOfAnySizeAreThereWhole(Vertx vertx) throws Exception {
        List<ExportFile> files = new ArrayList<>();
        files.add(ExportFile.whole("one.json", () -> Future.succeededFuture(() -> Buffer.buffer("{}"))));
        files.add(numbers("numbers.ndjson", 25));
        files.add(numbers("none.ndjson", 0));
        files.addAll(artifacts(stored("a", LARGE), stored("empty", 0)));
        Map<String, byte[]> read = read(zip(vertx, files));
        assertThat(read.keySet())
                .containsExactly("one.json", "numbers.ndjson", "none.ndjson", "artifacts/a.bin", "artifacts/empty.bin");
        assertThat(text(read.get("numbers.ndjson")).lines()).hasSize(3).last().isEqualTo("[20, 21, 22, 23, 24]");
        assertThat(text(read.get("none.ndjson"))).isEqualTo("[]\n");
        assertThat(read.get("artifacts/a.bin")).isEqualTo(content("sessions/s/download/a.bin", LARGE));
        assertThat(read.get("artifacts/empty.bin")).isEmpty();
        assertThat(largestPiece).as("in memory at once").isLessThan(600_000);
    }

    @Test
    void whatCantBeReadIsToldInAFile(Vertx vertx) throws Exception {
        List<ExportFile> files = new ArrayList<>(artifacts(
                artifact("lost", Optional.empty(), 0, ArtifactState.LOST),
                artifact("later", Optional.empty(), 9, ArtifactState.UNKNOWN),
                stored("there", 9)));
        files.add(new ExportFile(
                "console.ndjson",
                true,
                () -> Future.failedFuture(new BerthException(ErrorCode.UNAVAILABLE, "no\nstore"))));
        Map<String, byte[]> read = read(zip(vertx, files));
        assertThat(read.keySet()).containsExactly("artifacts/there.bin", ZipPieces.MISSING);
        assertThat(text(read.get(ZipPieces.MISSING))).isEqualTo("""
                        These files are missing:
                        artifacts/lost.bin: it is lost
                        artifacts/later.bin: it is unknown
                        console.ndjson: no store
                        """);
    }

    @Test
    void aStoreThatFailsIsNotAskedForAll(Vertx vertx) throws Exception {
        ArtifactEntry[] many =
                IntStream.range(0, 50).mapToObj(i -> stored("a" + i, 9)).toArray(ArtifactEntry[]::new);
        List<ExportFile> files = artifacts(
                key -> Future.failedFuture(new BerthException(ErrorCode.UNAVAILABLE, "the store is away")), many);
        Map<String, byte[]> read = read(zip(vertx, files));
        assertThat(asked).isEqualTo(3);
        assertThat(text(read.get(ZipPieces.MISSING)))
                .contains("a2.bin: the store is away\n")
                .contains("a49.bin: not tried, since other artifacts could not be read\n");
    }

    @Test
    void whatBreaksOffInItsMiddleFailsTheWhole(Vertx vertx) throws Exception {
        BerthException away = new BerthException(ErrorCode.UNAVAILABLE, "the store is away");
        List<ExportFile> files = artifacts(
                key -> asked > 3
                        ? Future.failedFuture(away)
                        : Future.succeededFuture(Buffer.buffer(content(key, LARGE))),
                stored("a", LARGE));
        ZipPieces pieces = zip(vertx, files);
        for (int i = 0; i < 3; i++) {
            assertThat(await(pieces.next())).isPresent();
        }
        Throwable why = await(pieces.next().transform(next -> Future.succeededFuture(next.cause())));
        assertThat(why).isSameAs(away);
        await(pieces.close());
    }

    @Test
    void anArtifactOfAnotherSizeThanItShouldHaveIsMissing(Vertx vertx) throws Exception {
        List<ExportFile> files = artifacts(key -> Future.succeededFuture(Buffer.buffer("short")), stored("a", 9));
        assertThat(text(read(zip(vertx, files)).get(ZipPieces.MISSING)))
                .contains("a.bin: the stored artifact does not have its recorded size");
    }

    @Test
    void thousandsOfFilesMayBeMissingInARow(Vertx vertx) throws Exception {
        ArtifactEntry[] many = new ArtifactEntry[50_000];
        Arrays.setAll(many, i -> artifact("a" + i, Optional.empty(), 1, ArtifactState.LOST));
        Map<String, byte[]> read = read(zip(vertx, artifacts(many)));
        assertThat(read).containsOnlyKeys(ZipPieces.MISSING);
        assertThat(text(read.get(ZipPieces.MISSING)).lines()).hasSize(50_001);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "..\\..\\boot.ini",
                "/absolute",
                "C:\\a:b",
                "..",
                ".",
                "a\u0000b\nc",
                "name. . ",
                "CON",
                "日本語 name.txt"
            })
    void noNameLeavesTheFolder(String given) {
        String name = ExportFile.nameOf(artifact("object-1", Optional.of(given), 1, ArtifactState.STORED));
        assertThat(name)
                .startsWith("artifacts/object-1-")
                .doesNotContain("\\", ":", "\n", "\0")
                .doesNotEndWith(".");
        assertThat(Path.of(name).normalize()).isEqualTo(Path.of(name)).hasParentRaw(Path.of("artifacts"));
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(255);
    }
}
