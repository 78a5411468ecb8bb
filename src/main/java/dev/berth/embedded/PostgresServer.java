package dev.berth.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Postgres of our own, its data in the data directory. Its methods block. */
final class PostgresServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
    private static final long STOP_SECONDS = 5;

    private final EmbeddedPostgres server;
    private final String password;

    private PostgresServer(EmbeddedPostgres server, String password) {
        this.server = server;
        this.password = password;
    }

    static PostgresServer start(Path dataDir) throws IOException {
        Path data = dataDir.resolve("postgres");
        Path binaries = dataDir.resolve("postgres-binaries");
        stopOrphan(data);
        // Where the library would otherwise make a folder among the system's temporary files.
        System.setProperty("ot.epg.working-dir", binaries.toString());
        Path passwordFile = dataDir.resolve("postgres-password");
        String password = SecretFile.readOrCreate(passwordFile);
        Path output = dataDir.resolve("postgres.log");
        if (!Files.exists(output)) {
            Files.createFile(output, SecretFile.FOR_OWNER);
        }
        PostgresData made = new PostgresData(data);
        made.prepare();
        Files.createDirectories(binaries, SecretFile.FOLDER_FOR_OWNER);
        PostgresData.removeHalfUnpacked(binaries);
        EmbeddedPostgres server = EmbeddedPostgres.builder()
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
        made.finished();
        // The library opens these to everybody.
        Files.setPosixFilePermissions(binaries, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(data.resolve("epg-lock"), PosixFilePermissions.fromString("rw-------"));
        return new PostgresServer(server, password);
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

    URI uri() {
        return URI.create("postgresql://postgres:" + password + "@127.0.0.1:" + server.getPort() + "/postgres");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
