package dev.berth.browser.process;

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
class ResourceGuardTest {
    private static final long MIB = 1 << 20;

    private static final int FENCE_MIB = 101;

    @TempDir
    Path root;

    private final AtomicLong headroom = new AtomicLong(10_000 * MIB);
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private ResourceGuard guard;
    private ProcessHandle ended;

    private final class Heard implements ResourceGuard.Watcher {
        private final String name;

        Heard(String name) {
            this.name = name;
        }

        @Override
        public void measured(long memoryBytes, double cores) {}

        @Override
        public void memoryOutgrown(long bytes) {
            told.add(name + bytes);
        }

        @Override
        public void diskOutgrown(String why) {
            told.add(name + why);
        }
    }

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        ended = process.toHandle();
        guard = new ResourceGuard(vertx, headroom::get, 256 * MIB, 100 * MIB, 5);
    }

    @AfterEach
    void stop() {
        guard.close();
    }

    /** A session's folder with {@code mib} MiB in it, which are not taken from the disk's headroom. */
    private Path session(String name, long mib) throws IOException {
        Path home = Files.createDirectories(root.resolve(name));
        grow(home, mib);
        guard.watch(home, ended, new Heard(name + ": "));
        return home;
    }

    /** A session that exceeds its limit is told after two more measurements; all told before it would come first. */
    private void assertNoOtherIsTold() throws Exception {
        Path fence = session("fence", FENCE_MIB);
        headroom.addAndGet(-FENCE_MIB * MIB);
        assertThat(awaitTold()).startsWith("fence: it used");
        Files.delete(fence.resolve("file"));
        guard.forget(fence);
    }

    private static void grow(Path home, long mib) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(home.resolve("file").toFile(), "rw")) {
            file.setLength(mib * MIB);
        }
    }

    /** Folders are measured once a minute at the least, whatever was missed. */
    private String awaitTold() throws InterruptedException {
        return told.poll(75, TimeUnit.SECONDS);
    }

    @Test
    void aChromeOverItsMemoryIsToldOnce() throws Exception {
        Process hog =
                new ProcessBuilder("perl", "-e", "$kept = 'x' x (300 << 20); $| = 1; print qq(\n); sleep 60").start();
        try {
            assertThat(hog.inputReader().readLine()).isEmpty();
            guard.watch(Files.createDirectory(root.resolve("hog")), hog.toHandle(), new Heard(""));
            assertThat(Long.parseLong(awaitTold())).isGreaterThan(256 * MIB);
            assertNoOtherIsTold();
        } finally {
            hog.destroyForcibly().waitFor();
        }
    }

    @Test
    void aSessionOverItsLimitIsToldOnceAndNoOtherIs() throws Exception {
        session("small", 90);
        Path large = session("large", 90);
        grow(large, 101);
        headroom.addAndGet(-32 * MIB);
        assertThat(awaitTold())
                .isEqualTo("large: it used 102 MiB of disk, and a session can use at most 100"
                        + " (session.disk-mib, BERTH_SESSION_DISK_MIB)");
        headroom.addAndGet(-32 * MIB);
        session("other", 101);
        headroom.addAndGet(-32 * MIB);
        assertThat(awaitTold()).startsWith("other: ");
        assertNoOtherIsTold();
    }

    @Test
    void onAFullDiskTheLargestSessionEndsAndTheNextOnceItIsGoneButNoneThatIsSmall() throws Exception {
        session("small", 20);
        session("second", 50);
        Path first = session("first", 60);
        assertThat(guard.full()).isEmpty();
        headroom.set(-100 * MIB);
        assertThat(awaitTold())
                .startsWith("first: the node's disk is full (disk.floor-mib, BERTH_DISK_FLOOR_MIB)")
                .endsWith("61 MiB");
        assertThat(guard.full().orElseThrow()).contains("100 MiB below", "disk.floor-mib", "BERTH_DISK_FLOOR_MIB");
        assertNoOtherIsTold();
        headroom.set(-40 * MIB);
        guard.forget(first);
        assertThat(awaitTold()).startsWith("second: ");
        assertNoOtherIsTold();
    }

    @Test
    void anOpenUnlinkedFileCountsOnce() throws Exception {
        Path home = Files.createDirectory(root.resolve("c-1"));
        Process holder = new ProcessBuilder(
                        "sh", "-c", "exec 5>stream 6<>stream; truncate -s 101M stream; rm stream; echo; exec sleep 60")
                .directory(home.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(holder.inputReader().readLine()).isEmpty();
            assertThat(FolderSize.of(home).bytes()).isEqualTo(4_096);
            guard.watch(home, holder.toHandle(), new Heard(""));
            headroom.addAndGet(-32 * MIB);
            assertThat(awaitTold()).startsWith("it used 102 MiB of disk");
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void anEmptyFileCountsAsABlockAndAFolderAsItsSize() throws IOException {
        Path folder = Files.createDirectory(root.resolve("names"));
        for (int i = 0; i < 300; i++) {
            Files.createFile(folder.resolve(i + "x".repeat(200)));
        }
        long itself = Files.size(folder);
        assertThat(FolderSize.of(folder))
                .isEqualTo(new FolderSize((itself + 4_095) / 4_096 * 4_096 + 300 * 4_096, false));
    }

    @Test
    void aSessionWithTooManyFilesEnds() throws Exception {
        Path folder = session("many", 1);
        assertThat(FolderSize.of(folder, 2).tooMany()).isFalse();
        Files.createFile(folder.resolve("third"));
        assertThat(FolderSize.of(folder, 2).tooMany()).isTrue();
        for (int i = 0; i < FolderSize.MAX_ENTRIES; i++) {
            Files.createLink(folder.resolve(i + ""), folder.resolve("third"));
        }
        headroom.addAndGet(-32 * MIB);
        assertThat(awaitTold()).startsWith("many: it had more than 50000 files");
    }

    @Test
    void aMissingFolderCountsAsNothing() throws IOException {
        assertThat(FolderSize.of(root.resolve("gone")).bytes()).isZero();
        Files.createSymbolicLink(root.resolve("loop"), root);
        Files.writeString(root.resolve("file"), "x");
        assertThat(FolderSize.of(root).bytes()).isEqualTo(3 * 4_096);
    }
}
