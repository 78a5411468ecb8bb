package dev.berth.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The processes of one Postgres: those whose working directory is its data folder. Blocks. */
final class PostgresProcesses {
    private static final long DEATH_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_MILLIS = 20;

    private final Path data;

    PostgresProcesses(Path data) throws IOException {
        this.data = data.toRealPath();
    }

    /** The main process, if it runs. A zombie has no working directory, so it does not count. */
    OptionalLong main() throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return OptionalLong.empty();
        }
        return Files.readAllLines(pidFile).stream()
                .limit(1)
                .filter(number -> number.matches("\\d{1,10}"))
                .filter(number -> worksHere(Path.of("/proc", number)))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    boolean mainRuns() throws IOException {
        return main().isPresent();
    }

    private boolean worksHere(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(data)
                    && Files.readSymbolicLink(process.resolve("exe")).endsWith("postgres");
        } catch (IOException e) {
            return false; // it has ended, or is another user's
        }
    }

    /**
     * Kills all processes and waits until they are gone: after a kill of the main process its children write for a
     * moment, and a new Postgres must not start beside them.
     */
    void endAll() throws IOException {
        long deadline = System.nanoTime() + DEATH_NANOS;
        for (List<ProcessHandle> left = all(); !left.isEmpty(); left = all()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("process " + left.get(0).pid() + " of an earlier Postgres does not end");
            }
            left.forEach(ProcessHandle::destroyForcibly);
            rest();
        }
    }

    private List<ProcessHandle> all() {
        return ProcessHandle.allProcesses()
                .filter(process -> worksHere(Path.of("/proc", Long.toString(process.pid()))))
                .toList();
    }

    private static void rest() throws IOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted while an earlier Postgres ends", e);
        }
    }
}
