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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Postgres of our own, its data in the data directory. Its methods block. */
final class PostgresServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
    private static final long STOP_SECONDS = 5;
    private static final String START_SECONDS = "60";
    private static final String USER = "postgres";
    /** In its file beside its data, from 0. */
    private static final int PORT_LINE = 3;

    private final EmbeddedPostgres server;
    private final String password;
    private final Path dataDir;
    private final PostgresProcesses processes;
    private final PostgresGuard guard;
    /** What is starting it again, if anything is. */
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
        stopOrphan(data);
        // Where the library would otherwise make a folder among the system's temporary files.
        System.setProperty("ot.epg.working-dir", binaries.toString());
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
            // The library opens these to everybody.
            Files.setPosixFilePermissions(binaries, PosixFilePermissions.fromString("rwx------"));
            Files.setPosixFilePermissions(data.resolve("epg-lock"), PosixFilePermissions.fromString("rw-------"));
            PostgresServer started = new PostgresServer(server, password, dataDir, guard);
            started.guard();
            return started;
        } catch (IOException | RuntimeException e) {
            guard.close();
            new PostgresProcesses(data).endAll();
            throw e;
        }
    }

    private static EmbeddedPostgres start(Path data, Path binaries, String password, Path passwordFile, Path output)
            throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(binaries.toFile())
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setConnectConfig("password", password)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(output.toFile()))
                // Options of initdb, whatever they are called here. It would trust everybody, until told of a password.
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile.toString())
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "100")
                // What is not used here costs memory all the same.
                .setServerConfig("max_logical_replication_workers", "0")
                .setServerConfig("max_wal_senders", "0")
                .setServerConfig("jit", "off")
                // The library is made for tests and switches these off; our data is to outlive a power cut.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    /** An earlier server that was killed leaves its Postgres running, or a file that keeps ours from starting. */
    private static void stopOrphan(Path data) throws IOException {
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
        // Its number may be another process's by now, which Postgres would take for a living server.
        Files.deleteIfExists(pidFile);
    }

    /** SIGINT is Postgres' fast shutdown, which Java can't send; its SIGTERM would wait for clients to leave. */
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

    /** Where the one of {@code dataDir} is that a server has started; empty where there is none. */
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

    /** Starts it again, at the same port and with the same options; false where it is closed meanwhile. */
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

    /** As the library starts it: it refuses to run as root, and as what root seems to be in a user namespace does not. */
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
                throw new IOException("pg_ctl ended with code " + code + "; " + output(dataDir) + " tells why");
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
            // The library only logs that it could not: one that is being started again, for example.
            processes.endAll();
        } finally {
            guard.close();
        }
    }

    /** What it has just started can't be told from other processes before it is at work: to stop it then would leave it behind. */
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
