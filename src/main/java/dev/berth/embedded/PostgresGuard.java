package dev.berth.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends Postgres when this process is killed. A shell waits for the end of a pipe that only this process has open: the kernel
 * closes it, whichever way the process ends. A signal for the death of a parent would come with that of the thread that had
 * started Postgres. Its methods block.
 */
final class PostgresGuard implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresGuard.class);
    private static final long END_SECONDS = 2;
    /**
     * Of the numbers that come through the pipe, the last one is Postgres's. It may be another process's when the pipe ends: what
     * works in another folder, or is no Postgres, is left alone.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            while read -r number; do main=$number; done
            [ -n "$main" ] && [ "$(readlink "/proc/$main/cwd")" = "$1" ] || exit 0
            case $(readlink "/proc/$main/exe") in */postgres) kill -INT "$main" ;; esac
            """;

    private final Process shell;

    private PostgresGuard(Process shell) {
        this.shell = shell;
    }

    static PostgresGuard start(Path data) throws IOException {
        List<String> command = List.of(
                "sh", "-c", SCRIPT, "berth-postgres-guard", data.toRealPath().toString());
        try {
            // So that it outlives what kills a whole group of processes: Postgres is in another one, too.
            return new PostgresGuard(
                    start(Stream.concat(Stream.of("setsid"), command.stream()).toList()));
        } catch (IOException e) {
            log.debug("without setsid: {}", e.toString());
            return new PostgresGuard(start(command));
        }
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** @param main the number of Postgres's main process */
    void watch(long main) throws IOException {
        OutputStream pipe = shell.getOutputStream();
        pipe.write((main + "\n").getBytes(StandardCharsets.US_ASCII));
        pipe.flush();
    }

    /** Ends the Postgres that it watches, where that still runs. */
    @Override
    public void close() throws IOException {
        shell.getOutputStream().close();
        try {
            if (!shell.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while the guard of Postgres ends", e);
        }
    }
}
