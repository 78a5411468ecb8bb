package dev.berth.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded Postgres, with its data in the data directory. Blocks. */
final class PostgresServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
    private static final long STOP_SECONDS = 5;
    private static final String START_SECONDS = "60";
    private static final String USER = "postgres";
    /** Index of the line with the port in postmaster.pid. */
    private static final int PORT_LINE = 3;
    /** How much of Postgres's log goes into the error of a start that failed: lines. */
    private static final int REASON_LINES = 5;

    private final EmbeddedPostgres server;
    private final String password;
    private final Path dataDir;
    private final PostgresProcesses processes;
    private final PostgresGuard guard;
    /** The process that is restarting Postgres, if any. */
    private Optional<Process> reviver = Optional.empty();

    private boolean closed;

    private PostgresServer(EmbeddedPostgres server, String password, Path dataDir, PostgresGuard guard)
            throws IOException {
        this.server = server;
        this.password = password;
        this.dataDir = dataDir;
        this.processes = new PostgresProcesses(folder(dataDir));
        this.guard = guard;
    }

    private static Path folder(Path dataDir) {
        return dataDir.resolve("postgres");
    }

    private static Path output(Path dataDir) {
        return dataDir.resolve("postgres.log");
    }

    static PostgresServer start(Path dataDir) throws IOException {
        Path data = folder(dataDir);
        Path binaries = dataDir.resolve("postgres-binaries");
        PostgresOrphan.stop(data);
        Path passwordFile = dataDir.resolve("postgres-password");
        String password = SecretFile.readOrCreate(passwordFile);
        Path output = output(dataDir);
        if (!Files.exists(output)) {
            Files.createFile(output, SecretFile.FOR_OWNER);
        }
        PostgresData made = new PostgresData(data);
        made.prepare();
        Files.createDirectories(binaries, SecretFile.FOLDER_FOR_OWNER);
        PostgresData.removeHalfUnpacked(binaries);
        LibraryScript.runAndRemove();
        PostgresGuard guard = PostgresGuard.start(data);
        try {
            EmbeddedPostgres server = start(data, binaries, password, passwordFile, output);
            made.finished();
            // The library makes these readable for everybody.
            Files.setPosixFilePermissions(binaries, PosixFilePermissions.fromString("rwx------"));
            Files.setPosixFilePermissions(data.resolve("epg-lock"), PosixFilePermissions.fromString("rw-------"));
            PostgresServer started = new PostgresServer(server, password, dataDir, guard);
            started.guard();
            return started;
        } catch (IOException | RuntimeException e) {
            guard.close();
            new PostgresProcesses(data).endAll();
            throw new IOException(
                    "the embedded Postgres did not start: " + e.getMessage() + "; its log ends with: "
                            + lastLines(output),
                    e);
        }
    }

    /** What initdb and Postgres said last: the library's exceptions name a command, but no reason. */
    private static String lastLines(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - REASON_LINES), lines.size()));
    }

    private static EmbeddedPostgres start(Path data, Path binaries, String password, Path passwordFile, Path output)
            throws IOException {
        return PostgresBinaries.builder(binaries)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setConnectConfig("password", password)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(output.toFile()))
                // These two are options of initdb, whatever the method is called. Without them it trusts every local
                // connection until a password is set.
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile.toString())
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                // Unused features still take memory.
                .setServerConfig("max_logical_replication_workers", "0")
                .setServerConfig("max_wal_senders", "0")
                .setServerConfig("jit", "off")
                // The library is made for tests and turns these off; this data must survive a power cut.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    /** The URI of the Postgres that a server runs on {@code dataDir}; empty if none runs. */
    static Optional<URI> running(Path dataDir) throws IOException {
        Path pidFile = folder(dataDir).resolve("postmaster.pid");
        if (!Files.exists(pidFile) || !new PostgresProcesses(folder(dataDir)).mainRuns()) {
            return Optional.empty();
        }
        String password = SecretFile.readOrCreate(dataDir.resolve("postgres-password"));
        return Files.readAllLines(pidFile).stream()
                .skip(PORT_LINE)
                .findFirst()
                .map(port -> uri(password, Integer.parseInt(port.strip())));
    }

    URI uri() {
        return uri(password, server.getPort());
    }

    private static URI uri(String password, int port) {
        return URI.create("postgresql://" + USER + ":" + password + "@127.0.0.1:" + port + "/postgres");
    }

    boolean runs() throws IOException {
        return processes.mainRuns();
    }

    /** Restarts Postgres on the same port with the same options. Gives false if this server was closed meanwhile. */
    boolean revive() throws IOException {
        Process starting;
        synchronized (this) {
            if (closed) {
                return false;
            }
            processes.endAll();
            Files.deleteIfExists(folder(dataDir).resolve("postmaster.pid"));
            starting = new ProcessBuilder(restart())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(output(dataDir).toFile()))
                    .start();
            reviver = Optional.of(starting);
        }
        boolean revived = ended(starting);
        if (revived) {
            guard();
        }
        return revived;
    }

    private void guard() throws IOException {
        OptionalLong main = processes.main();
        if (main.isPresent()) {
            guard.watch(main.getAsLong());
        }
    }

    /**
     * The command that restarts Postgres, as the library starts it. Postgres refuses to run as root, but not as a user
     * namespace's root.
     */
    private List<String> restart() throws IOException {
        String options = Files.readString(folder(dataDir).resolve("postmaster.opts"));
        String binary = options.substring(0, options.indexOf(" \""));
        Stream<String> prefix =
                System.getProperty("user.name").equals("root") ? Stream.of("unshare", "-U") : Stream.empty();
        return Stream.concat(
                        prefix,
                        Stream.of(
                                Path.of(binary).resolveSibling("pg_ctl").toString(),
                                "-D",
                                folder(dataDir).toString(),
                                "-w",
                                "-t",
                                START_SECONDS,
                                "restart"))
                .toList();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private boolean ended(Process starting) throws IOException {
        try {
            int code = starting.waitFor();
            if (code != 0 && !isClosed()) {
                throw new IOException("pg_ctl ended with code " + code + "; see " + output(dataDir));
            }
            return code == 0;
        } catch (InterruptedException e) {
            throw new IOException("interrupted while Postgres starts", e);
        }
    }

    @Override
    public void close() throws IOException {
        Optional<Process> starting;
        synchronized (this) {
            closed = true;
            starting = reviver;
        }
        try {
            if (starting.isPresent()) {
                awaitEnd(starting.get());
            }
            server.close();
            // The library only logs a failed stop, for example during a restart.
            processes.endAll();
        } finally {
            guard.close();
        }
    }

    /**
     * Waits for a restart that is under way: its processes can't be recognised before they run, so a stop now would
     * leave them behind.
     */
    private static void awaitEnd(Process starting) throws IOException {
        try {
            if (!starting.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                starting.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while Postgres starts", e);
        }
    }
}
