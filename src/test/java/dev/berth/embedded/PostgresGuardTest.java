package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Uses processes that look like a Postgres to the guard. The guard's pipe closes as it does when the server is killed.
 */
@Timeout(60)
class PostgresGuardTest {
    private static final int INTERRUPTED = 128 + 2;

    @TempDir
    Path folder;

    private Process run(String program, Path folder) throws IOException {
        Path copy = this.folder.resolve(program);
        if (!Files.exists(copy)) {
            Files.copy(Path.of("/bin/sleep").toRealPath(), copy);
            assertThat(copy.toFile().setExecutable(true)).isTrue();
        }
        // Tests that run in the background, and their child processes, ignore SIGINT; Postgres does not.
        Process started = new ProcessBuilder("env", "--default-signal=INT", copy.toString(), "1000")
                .directory(folder.toFile())
                .start();
        Path running = Path.of("/proc", Long.toString(started.pid()), "exe");
        while (!Files.readSymbolicLink(running).equals(copy)) {
            Thread.onSpinWait();
        }
        return started;
    }

    private void endWatched(Process watched) throws IOException {
        PostgresGuard guard = PostgresGuard.start(folder);
        guard.watch(Long.MAX_VALUE);
        guard.watch(watched.pid());
        guard.close();
    }

    @Test
    void theLastWatchedProcessEndsWithThePipe() throws Exception {
        Process postgres = run("postgres", folder);
        endWatched(postgres);
        assertThat(postgres.waitFor()).isEqualTo(INTERRUPTED);
    }

    @Test
    void aPostgresThatStartsEndsWithThePipeToo() throws Exception {
        Process postgres = run("postgres", folder);
        Files.writeString(folder.resolve("postmaster.pid"), postgres.pid() + "\n" + folder + "\n");
        PostgresGuard.start(folder).close();
        assertThat(postgres.waitFor()).isEqualTo(INTERRUPTED);
    }

    @Test
    void otherProcessesAreLeftAlone() throws Exception {
        Process elsewhere = run("postgres", Files.createDirectory(folder.resolve("elsewhere")));
        Process other = run("other", folder);
        endWatched(elsewhere);
        endWatched(other);
        for (Process process : new Process[] {elsewhere, other}) {
            assertThat(process.isAlive()).isTrue();
            process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void endsWithoutAWatchedProcess() throws Exception {
        PostgresGuard.start(folder).close();
    }
}
