package dev.berth.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
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
    /** Whoever else has an account on this machine is asked for the password. */
    private static final String HOST_RULES = """
            local all all scram-sha-256
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256
            """;

    private final EmbeddedPostgres server;
    private final String password;

    private PostgresServer(EmbeddedPostgres server, String password) {
        this.server = server;
        this.password = password;
    }

    static PostgresServer start(Path dataDir) throws IOException, SQLException {
        Path data = dataDir.resolve("postgres");
        Path binaries = dataDir.resolve("postgres-binaries");
        stopOrphan(data);
        // Where the library would otherwise make a folder among the system's temporary files.
        System.setProperty("ot.epg.working-dir", binaries.toString());
        String password = SecretFile.readOrCreate(dataDir.resolve("postgres-password"));
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(binaries.toFile())
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setConnectConfig("password", password)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        dataDir.resolve("postgres.log").toFile()))
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
        PostgresServer started = new PostgresServer(server, password);
        started.requirePassword(data);
        // The library opens this folder to everybody.
        Files.setPosixFilePermissions(binaries, PosixFilePermissions.fromString("rwx------"));
        return started;
    }

    /** An earlier server that was killed leaves its Postgres running, or a file that keeps ours from starting. */
    private static void stopOrphan(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> orphan = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(pidFile).get(0).strip()))
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

    private void requirePassword(Path data) throws IOException, SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter user postgres password '" + password + "'");
            Files.writeString(data.resolve("pg_hba.conf"), HOST_RULES);
            statement.execute("select pg_reload_conf()");
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
