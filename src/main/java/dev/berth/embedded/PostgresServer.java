package dev.berth.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * The embedded Postgres, with its data in the data directory. Its process is the child of a shell whose standard input is a pipe that
 * only this process has open: the kernel closes the pipe however this process ends, and the shell then stops Postgres. (A parent-death
 * signal would not do: it is sent when the thread that started Postgres ends.) Blocks.
 */
final class PostgresServer implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long STOP_SECONDS = 5;
    private static final long DEATH_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_MILLIS = 10;
    private static final String USER = "postgres";
    private static final String ADDRESS = "127.0.0.1";
    /** Indices of lines in postmaster.pid. */
    private static final int PID_LINE = 0;

    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /** How much of Postgres's log goes into the error of a start that failed: lines. */
    private static final int REASON_LINES = 5;

    /** SIGINT is Postgres's fast shutdown: SIGTERM would wait until the clients leave. */
    private static final String WATCH = """
            trap '' HUP INT TERM
            exec 3<&0
            "$@" 3<&- </dev/null &
            main=$!
            ( while read -r _; do :; done; kill -INT "$main" ) <&3 &
            guard=$!
            wait "$main"
            code=$?
            kill -KILL "$guard" 2>/dev/null
            exit "$code"
            """;

    private final Path data;
    private final Path output;
    private final Path programs;
    private final String password;
    private final int port;
    private Process shell;
    private volatile boolean closed;

    private PostgresServer(Path dataDir, Path programs, String password) throws IOException {
        this.data = data(dataDir);
        this.output = dataDir.resolve("postgres.log");
        this.programs = programs;
        this.password = password;
        this.port = freePort();
    }

    private static Path data(Path dataDir) {
        return dataDir.resolve("postgres");
    }

    private static Path passwordFile(Path dataDir) {
        return dataDir.resolve("postgres-password");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
            return free.getLocalPort();
        }
    }

    static PostgresServer start(Path dataDir) throws IOException {
        String password = SecretFile.readOrCreate(passwordFile(dataDir));
        // Processes of an earlier version are ended before its programs are deleted, by which they are known.
        endAll(data(dataDir));
        Path programs = PostgresBinaries.programs(dataDir.resolve("postgres-binaries"));
        PostgresServer server = new PostgresServer(dataDir, programs, password);
        if (!Files.exists(server.output)) {
            Files.createFile(server.output, SecretFile.FOR_OWNER);
        }
        if (!Files.exists(server.data.resolve("postgresql.conf"))) {
            server.makeData(passwordFile(dataDir));
        }
        server.start();
        return server;
    }

    /** Makes the data in a folder beside its place, so that no kill leaves half of it there. */
    private void makeData(Path passwordFile) throws IOException {
        if (!isFree()) {
            throw new IOException(
                    data + " has files, but no postgresql.conf, so it is not a Postgres data folder. Move them"
                            + " elsewhere, or choose another data-dir (BERTH_DATA_DIR)");
        }
        Path part = Files.createDirectories(data.resolveSibling("postgres-new"), SecretFile.FOLDER_FOR_OWNER);
        FileUtils.cleanDirectory(part.toFile());
        Process made = run(
                "initdb",
                "--pgdata=" + part,
                "--username=" + USER,
                "--encoding=UTF-8",
                // Other users of this machine must know the password.
                "--auth=scram-sha-256",
                // Each connection would cost 20 ms of a processor, to make a password of 20 random bytes no harder to
                // guess.
                "--set=scram_iterations=1",
                "--pwfile=" + passwordFile);
        if (!endsWithin(made, TimeUnit.NANOSECONDS.toSeconds(START_NANOS)) || made.exitValue() != 0) {
            made.destroyForcibly();
            throw didNotStart("Postgres's data folder could not be made");
        }
        Files.move(part, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean isFree() throws IOException {
        if (!Files.exists(data)) {
            return true;
        }
        try (Stream<Path> files = Files.list(data)) {
            return files.findAny().isEmpty();
        }
    }

    private void start() throws IOException {
        endAll(data);
        // The process id in it may be another process's by now, and Postgres would take that for a running server.
        Files.deleteIfExists(pidFile(data));
        shell = run(
                "postgres",
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=" + ADDRESS,
                "-c",
                "unix_socket_directories=",
                "-c",
                "timezone=UTC",
                // Unused features still take memory.
                "-c",
                "max_logical_replication_workers=0",
                "-c",
                "max_wal_senders=0",
                "-c",
                "jit=off");
        try {
            awaitReady();
        } catch (IOException e) {
            stop();
            throw e;
        }
    }

    private void awaitReady() throws IOException {
        long begun = System.nanoTime();
        while (!closed && !line(data, STATUS_LINE).equals(Optional.of("ready"))) {
            if (!shell.isAlive() || System.nanoTime() - begun > START_NANOS) {
                throw didNotStart("Postgres ended, or was not ready in time");
            }
            rest();
        }
    }

    private Process run(String program, String... arguments) throws IOException {
        // With a session of its own it survives a signal to the server's process group.
        List<String> command = new ArrayList<>(List.of("setsid"));
        if (System.getProperty("user.name").equals("root")) {
            // Postgres refuses to run as root, but not as a user namespace's root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(
                "sh", "-c", WATCH, "berth-postgres", programs.resolve(program).toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    private IOException didNotStart(String why) throws IOException {
        List<String> lines = Files.readAllLines(output);
        String reason = String.join(" | ", lines.subList(Math.max(0, lines.size() - REASON_LINES), lines.size()));
        return new IOException(why + "; its log ends with: " + reason);
    }

    private static Path pidFile(Path data) {
        return data.resolve("postmaster.pid");
    }

    /** A line of postmaster.pid, which Postgres writes while it starts. */
    private static Optional<String> line(Path data, int index) throws IOException {
        try {
            return Files.readAllLines(pidFile(data)).stream()
                    .skip(index)
                    .findFirst()
                    .map(String::strip);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The URI of the Postgres that a server runs on {@code dataDir}; empty if none runs. */
    static Optional<URI> running(Path dataDir) throws IOException {
        Path data = data(dataDir);
        Optional<String> main = line(data, PID_LINE);
        Optional<String> port = line(data, PORT_LINE);
        if (main.isEmpty() || port.isEmpty() || !worksIn(data.toRealPath(), main.get())) {
            return Optional.empty();
        }
        return Optional.of(uri(SecretFile.readOrCreate(passwordFile(dataDir)), Integer.parseInt(port.get())));
    }

    URI uri() {
        return uri(password, port);
    }

    private static URI uri(String password, int port) {
        return URI.create("postgresql://" + USER + ":" + password + "@" + ADDRESS + ":" + port + "/postgres");
    }

    /** Completes, on a thread of the JVM, when Postgres has ended for any reason. */
    synchronized CompletableFuture<?> ended() {
        return shell.onExit();
    }

    /** Starts Postgres again, on the same port and data, unless it is closed. */
    synchronized void revive() throws IOException {
        if (!closed) {
            start();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends a start that is under way, too. */
    @Override
    public void close() throws IOException {
        closed = true;
        stop();
    }

    private synchronized void stop() throws IOException {
        shell.getOutputStream().close();
        if (!endsWithin(shell, STOP_SECONDS)) {
            shell.destroyForcibly();
            endAll(data);
        }
    }

    /**
     * Kills all processes of a Postgres on {@code data} and waits until they are gone: a server that was killed together with the shell
     * leaves them, and after a kill of the main process its children write for a moment.
     */
    private static void endAll(Path data) throws IOException {
        if (!Files.exists(data)) {
            return;
        }
        Path folder = data.toRealPath();
        long begun = System.nanoTime();
        for (List<ProcessHandle> left = all(folder); !left.isEmpty(); left = all(folder)) {
            if (System.nanoTime() - begun > DEATH_NANOS) {
                throw new IOException("process " + left.get(0).pid() + " of an earlier Postgres does not end");
            }
            left.forEach(ProcessHandle::destroyForcibly);
            rest();
        }
    }

    private static List<ProcessHandle> all(Path data) {
        return ProcessHandle.allProcesses()
                .filter(process -> worksIn(data, Long.toString(process.pid())))
                .toList();
    }

    private static boolean worksIn(Path data, String pid) {
        Path process = Path.of("/proc", pid);
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(data)
                    // The kernel adds " (deleted)" to a program whose file is.
                    && Files.readSymbolicLink(process.resolve("exe"))
                            .toString()
                            .matches(".*/postgres( \\(deleted\\))?");
        } catch (IOException e) {
            return false; // it has ended, or is another user's
        }
    }

    private static boolean endsWithin(Process process, long seconds) throws IOException {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted while Postgres starts or stops", e);
        }
    }

    private static void rest() throws IOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted while Postgres starts or stops", e);
        }
    }
}
