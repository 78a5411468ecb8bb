package dev.berth.browser.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class ProcessTableTest {
    /** A process with a child; it prints the pid of the child. */
    private static Process family() throws IOException {
        return new ProcessBuilder("setsid", "/bin/sh", "-c", "sleep 1000 & echo $!; wait").start();
    }

    private static long child(Process parent) throws IOException {
        return Long.parseLong(new BufferedReader(new InputStreamReader(parent.getInputStream())).readLine());
    }

    @Test
    void aFamilyIsTheProcessAndItsDescendants() throws Exception {
        Process parent = family();
        long child = child(parent);
        assertThat(ProcessTable.look().family(parent.toHandle())).containsExactlyInAnyOrder(parent.pid(), child);
        assertThat(ProcessTable.bytes(ProcessTable.look().family(parent.toHandle())))
                .isPositive();
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        parent.destroyForcibly().waitFor();
    }

    @Test
    void theUsersAreThoseOfLivingProcesses() throws Exception {
        long own = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        assertThat(ProcessTable.users()).contains(own).doesNotContain(1_999_999_999L);
    }

    @Test
    void theProcessorTimeOfAFamilyIncludesThatOfChildrenThatHaveEnded() throws Exception {
        Process parent = new ProcessBuilder(
                        "setsid",
                        "/bin/sh",
                        "-c",
                        "/bin/sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; echo; cat")
                .start();
        parent.getInputStream().read();
        ProcessTable table = ProcessTable.look();
        assertThat(table.cpuSeconds(table.family(parent.toHandle()))).isBetween(0.02, 60.0);
        parent.destroyForcibly().waitFor();
    }

    @Test
    void orphansOfADeadMainProcessAreKilled(Vertx vertx) throws Exception {
        Process parent = family();
        ProcessHandle child = ProcessHandle.of(child(parent)).orElseThrow();
        parent.destroyForcibly().waitFor();
        assertThat(child.isAlive()).isTrue();
        assertThat(ProcessTable.look().family(parent.toHandle())).containsExactly(child.pid());
        ProcessTree.kill(vertx, parent.toHandle())
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(ProcessTable.look().family(parent.toHandle())).isEmpty();
    }

    @Test
    void processesOfAUserAreFoundByUserId() throws Exception {
        Process parent = family();
        long child = child(parent);
        int me = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        assertThat(ProcessTable.ofUser(me)).contains(parent.pid(), child);
        assertThat(ProcessTable.ofUser(me + 1_234_567)).isEmpty();
        ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        parent.destroyForcibly().waitFor();
        assertThat(ProcessTable.ofUser(me)).doesNotContain(parent.pid());
    }

    @Test
    void anUnreadableFileOfALivingProcessIsAFailure(@TempDir Path proc) throws IOException {
        Path unreadable = Files.createDirectories(proc.resolve("1/stat"));
        assertThatIOException().isThrownBy(() -> ProcessTable.read(unreadable));
    }

    @Test
    void aFileOfAnEndedProcessIsEmpty(@TempDir Path proc) throws IOException {
        assertThat(ProcessTable.read(proc.resolve("1/stat"))).isEmpty();
    }

    @Test
    void aProcessNameMayHoldAnyBytes(@TempDir Path proc) throws IOException {
        Path stat = Files.write(proc.resolve("stat"), new byte[] {'(', (byte) 0xe9, ')', ' ', 'S'});
        assertThat(ProcessTable.read(stat)).contains("(\u00e9) S");
    }
}
