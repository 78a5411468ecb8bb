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
 * Ends Postgres when this process is killed. A shell reads a pipe whose other end only this process has open: the
 * kernel closes it however the process ends. (A parent-death signal would not do: it is sent when the thread that
 * started Postgres ends.) Blocks.
 */
final class PostgresGuard implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresGuard.class);
    private static final long END_SECONDS = 2;
    /**
     * The last process id that came through the pipe is Postgres's; before the first one, while Postgres starts, its own file has
     * it. After the pipe's end that id may belong to another
     * process, so the script only signals a postgres binary that works in the data folder.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            while read -r number; do main=$number; done
            [ -n "$main" ] || read -r main < "$1/postmaster.pid"
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
            // In a session of its own it survives a signal to the whole process group; so does Postgres.
            return new PostgresGuard(
                    start(Stream.concat(Stream.of("setsid"), command.stream()).toList()));
        } catch (IOException e) {
            log.debug("setsid is not available: {}", e.toString());
            return new PostgresGuard(start(command));
        }
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** @param main process id of Postgres's main process */
    void watch(long main) throws IOException {
        OutputStream pipe = shell.getOutputStream();
        pipe.write((main + "\n").getBytes(StandardCharsets.US_ASCII));
        pipe.flush();
    }

    /** Ends the watched Postgres if it still runs. */
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
