package dev.berth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Postgres that a killed server left running. Blocks. */
final class PostgresOrphan {
    private static final Logger log = LoggerFactory.getLogger(PostgresOrphan.class);
    private static final long STOP_SECONDS = 5;

    private PostgresOrphan() {}

    /**
     * Ends the Postgres that a killed server left running, and removes its pid file, which would keep a new one from
     * starting.
     */
    static void stop(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> orphan = Files.readAllLines(pidFile).stream()
                .limit(1)
                .filter(pid -> pid.strip().matches("\\d{1,10}"))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())).stream())
                .findFirst()
                .filter(process -> process.info().commandLine().orElse("").contains(data.toString()));
        if (orphan.isPresent()) {
            log.info(
                    "stopping the Postgres that an earlier server left (pid {})",
                    orphan.get().pid());
            stop(orphan.get());
        }
        new PostgresProcesses(data).endAll();
        // The pid may belong to another process by now, and Postgres would take that for a running server.
        Files.deleteIfExists(pidFile);
    }

    /**
     * Sends SIGINT, Postgres's fast shutdown, which Java can't send. Java's SIGTERM would wait until the clients leave.
     */
    private static void stop(ProcessHandle process) throws IOException {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            process.onExit().join();
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException("interrupted while an earlier Postgres stops", e);
        }
    }
}
