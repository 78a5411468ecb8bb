package dev.berth.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class DiskGuardTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path root;

    private final AtomicLong headroom = new AtomicLong(10_000 * MIB);
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private DiskGuard guard;

    @BeforeEach
    void start(Vertx vertx) throws IOException {
        guard = new DiskGuard(vertx, headroom::get, 100 * MIB, 5);
    }

    @AfterEach
    void stop() throws Exception {
        guard.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** A session's folder with {@code mib} MiB in it, which are none of the disk's. */
    private Path session(String name, long mib) throws IOException {
        Path home = Files.createDirectories(root.resolve(name));
        grow(home, mib);
        guard.watch(home, why -> told.add(name + ": " + why));
        return home;
    }

    private static void grow(Path home, long mib) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(home.resolve("file").toFile(), "rw")) {
            file.setLength(mib * MIB);
        }
    }

    private String awaitTold() throws InterruptedException {
        return told.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void oneThatTakesTooMuchIsToldOnceAndTheOthersAreNot() throws Exception {
        session("small", 90);
        Path large = session("large", 90);
        grow(large, 101);
        headroom.addAndGet(-32 * MIB);
        assertThat(awaitTold())
                .isEqualTo("large: it took 102 MiB of disk, and a session may have 100"
                        + " (session.disk-mib, BERTH_SESSION_DISK_MIB)");
        headroom.addAndGet(-32 * MIB);
        session("other", 101);
        headroom.addAndGet(-32 * MIB);
        assertThat(awaitTold()).startsWith("other: ");
        assertThat(told).isEmpty();
    }

    @Test
    void whereTheDiskIsFullTheLargestEndsAndTheNextWhenItIsGone() throws Exception {
        session("tiny", 1);
        session("second", 50);
        Path first = session("first", 60);
        assertThat(guard.full()).isEmpty();
        headroom.set(-MIB);
        assertThat(awaitTold())
                .startsWith("first: the node's disk is full (disk.floor-mib, BERTH_DISK_FLOOR_MIB)")
                .endsWith("61 MiB");
        assertThat(guard.full().orElseThrow()).contains("1 MiB less", "disk.floor-mib", "BERTH_DISK_FLOOR_MIB");
        assertThat(told).isEmpty();
        guard.forget(first);
        assertThat(awaitTold()).startsWith("second: ");
    }

    @Test
    void aFolderThatIsGoneTakesNothing() throws IOException {
        assertThat(FolderSize.bytes(root.resolve("gone"))).isZero();
        Files.createSymbolicLink(root.resolve("loop"), root);
        Files.writeString(root.resolve("file"), "x");
        assertThat(FolderSize.bytes(root)).isEqualTo(3 * 4_096);
    }
}
