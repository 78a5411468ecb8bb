package dev.berth.embedded;

import static dev.berth.fake.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.config.ConfigLoader;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PostgresServerIT {
    @TempDir
    static Path root;

    private static Path unpacked;

    private Path dataDir;
    private Path data;

    @BeforeAll
    static void unpack() throws IOException {
        unpacked = root.resolve("unpacked");
        Files.writeString(
                Files.createDirectories(unpacked.resolve("part/lib")).resolve("half"), "of a start that was killed");
        PostgresBinaries.programs(unpacked);
        assertThat(unpacked.resolve("part")).doesNotExist();
    }

    /** With links to the programs of its own, which a test may change. */
    @BeforeEach
    void link() throws IOException {
        dataDir = Files.createTempDirectory(root, "data");
        data = dataDir.resolve("postgres");
        for (String name : List.of("initdb", "postgres")) {
            Files.createDirectories(ownProgram(name).getParent());
            Files.createSymbolicLink(
                    ownProgram(name), PostgresBinaries.programs(unpacked).resolve(name));
        }
    }

    private Path ownProgram(String name) throws IOException {
        return dataDir.resolve("postgres-binaries")
                .resolve(unpacked.relativize(PostgresBinaries.programs(unpacked)))
                .resolve(name);
    }

    private Connection connect(PostgresServer server, String password) throws SQLException {
        Properties account = new Properties();
        account.put("user", "postgres");
        account.put("password", password);
        return DriverManager.getConnection("jdbc:" + server.uri().toString().replaceFirst("//.*@", "//"), account);
    }

    private void sql(PostgresServer server, String statement) throws Exception {
        try (Connection connection = connect(server, Files.readString(dataDir.resolve("postgres-password")))) {
            connection.createStatement().execute(statement);
        }
    }

    private ProcessHandle main() throws IOException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static void kill(ProcessHandle process) throws Exception {
        process.destroyForcibly();
        process.onExit().get();
    }

    @Test
    void foreignFilesAreNeverDeleted() throws IOException {
        Path foreign = Files.writeString(Files.createDirectory(data).resolve("a-file-of-somebody"), "dear");
        for (int start = 0; start < 2; start++) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> PostgresServer.start(dataDir))
                    .withMessageContaining(data.toString())
                    .withMessageContaining("BERTH_DATA_DIR");
            assertThat(foreign).hasContent("dear");
        }
    }

    @Test
    void aPasswordIsNeededFromTheStartAndAnInterruptedInitIsRepeated() throws Exception {
        Files.createDirectory(data);
        Files.writeString(Files.createDirectory(dataDir.resolve("postgres-new")).resolve("PG_VERSION"), "half");
        try (PostgresServer server = PostgresServer.start(dataDir)) {
            assertThat(Files.readAllLines(data.resolve("pg_hba.conf")))
                    .filteredOn(line -> line.matches("(local|host).*"))
                    .isNotEmpty()
                    .allMatch(line -> line.endsWith("scram-sha-256"));
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> connect(server, "guessed"))
                    .withMessageContaining("password authentication failed");
            sql(server, "select 1");
        }
    }

    @Test
    void aDeadPostgresIsRestartedWithItsDataUntilItIsClosed() throws Exception {
        PostgresServer server = PostgresServer.start(dataDir);
        sql(server, "create table kept (id int)");
        assertThat(PostgresServer.running(dataDir)).hasValue(server.uri());
        for (int i = 0; i < 2; i++) {
            kill(main());
            server.ended().get();
            server.revive();
            sql(server, "select id from kept");
        }
        ProcessHandle last = main();
        server.close();
        assertThat(last.isAlive()).isFalse();
        server.revive();
        assertThat(PostgresServer.running(dataDir)).isEmpty();
    }

    @Test
    void aDeadPostgresIsStartedAgainBesideTheServer() throws Exception {
        Vertx vertx = Vertx.vertx();
        EmbeddedServers servers = await(EmbeddedServers.start(
                vertx,
                ConfigLoader.withoutFile(Map.of(
                        "BERTH_DATA_DIR", dataDir.toString(),
                        "BERTH_S3_ENDPOINT", "http://127.0.0.1:1",
                        "BERTH_S3_ACCESS_KEY", "unused",
                        "BERTH_S3_SECRET_KEY", "unused"))));
        kill(main());
        while (PostgresServer.running(dataDir).isEmpty()) {
            LockSupport.parkNanos(20_000_000);
        }
        await(servers.close());
        assertThat(PostgresServer.running(dataDir)).isEmpty();
        await(vertx.close());
    }

    @Test
    void aPostgresThatOutlivedItsServerIsEnded() throws Exception {
        PostgresServer killed = PostgresServer.start(dataDir);
        sql(killed, "create table kept (id int)");
        ProcessHandle left = main();
        ProcessHandle shell = left.parent().orElseThrow();
        // Its guard, too.
        for (ProcessHandle child : shell.children().toList()) {
            if (!child.equals(left)) {
                kill(child);
            }
        }
        kill(shell);
        assertThat(left.info().command()).isPresent();
        try (PostgresServer server = PostgresServer.start(dataDir)) {
            // Nobody may have taken note of its death yet: then it is a process without a command.
            assertThat(left.info().command()).isEmpty();
            sql(server, "select id from kept");
        }
    }

    @Test
    void aCloseDuringARestartLeavesNoProcess() throws Exception {
        PostgresServer server = PostgresServer.start(dataDir);
        kill(main());
        server.ended().get();
        Path began = dataDir.resolve("began");
        Path program = ownProgram("postgres");
        Files.delete(program);
        Files.writeString(program, """
                #!/bin/sh
                # The shell that starts Postgres ignores SIGINT, and so do its children until they say otherwise.
                exec env --default-signal=INT sh -c 'echo $$ > "$0.part"; mv "$0.part" "$0"; exec sleep 1000' '%1$s'
                """.formatted(began));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        CompletableFuture<Void> reviving = CompletableFuture.runAsync(() -> {
            try {
                server.revive();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        while (!Files.exists(began)) {
            Thread.onSpinWait();
        }
        server.close();
        reviving.join();
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(began).strip())))
                .isEmpty();
    }
}
