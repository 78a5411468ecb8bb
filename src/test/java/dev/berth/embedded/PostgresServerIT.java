package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.it.Berth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {
    @BeforeAll
    static void unpack() {
        // The first Postgres of a JVM decides where the binaries are unpacked, and they must stay there.
        Berth.shared();
    }

    @TempDir
    Path dataDir;

    private Connection connect(PostgresServer server, String password) throws SQLException {
        Properties account = new Properties();
        account.put("user", "postgres");
        account.put("password", password);
        return DriverManager.getConnection("jdbc:" + server.uri().toString().replaceFirst("//.*@", "//"), account);
    }

    private String password() throws IOException {
        return Files.readString(dataDir.resolve("postgres-password"));
    }

    private static void assertTrustsNobody(Path rules) throws IOException {
        assertThat(Files.readAllLines(rules))
                .filteredOn(line -> line.matches("(local|host).*"))
                .isNotEmpty()
                .allMatch(line -> line.endsWith("scram-sha-256"));
    }

    @Test
    void foreignFilesAreNeverDeleted() throws IOException {
        Path data = Files.createDirectory(dataDir.resolve("postgres"));
        Path foreign = Files.writeString(data.resolve("a-file-of-somebody"), "dear");
        for (int start = 0; start < 2; start++) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> PostgresServer.start(dataDir))
                    .withMessageContaining(data.toString())
                    .withMessageContaining("BERTH_DATA_DIR");
            assertThat(foreign).hasContent("dear");
        }
    }

    @Tag("full")
    @Test
    void aPasswordIsNeededFromTheStartAndAnInterruptedInitIsRepeated() throws Exception {
        Path data = Files.createDirectory(dataDir.resolve("postgres"));
        Path mark = dataDir.resolve("postgres.unfinished");
        // The state after a server was killed during initdb, which goes on running.
        Files.createFile(mark);
        Files.writeString(data.resolve("PG_VERSION"), "17");
        Files.writeString(Files.createDirectory(data.resolve("base")).resolve("1"), "half");
        Path halfUnpacked = dataDir.resolve("postgres-binaries/PG-0/lib");
        Files.createDirectories(halfUnpacked);
        Process maker = new ProcessBuilder("sh", "-c", "sleep 60; exit", "initdb", "-D", data.toString(), "-E").start();

        try (PostgresServer server = PostgresServer.start(dataDir)) {
            // These rules come from initdb: nothing has changed them since.
            assertTrustsNobody(data.resolve("pg_hba.conf"));
            assertThat(mark).doesNotExist();
            assertThat(maker.isAlive()).isFalse();
            assertThat(halfUnpacked.getParent()).doesNotExist();
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> connect(server, "guessed"))
                    .withMessageContaining("password authentication failed");
            try (Connection connection = connect(server, password())) {
                connection.createStatement().execute("create table kept (id int)");
            }
        }
        Files.writeString(data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
        Files.writeString(data.resolve("postmaster.pid"), "");
        try (PostgresServer server = PostgresServer.start(dataDir);
                Connection connection = connect(server, password())) {
            assertTrustsNobody(data.resolve("pg_hba.conf"));
            connection.createStatement().execute("select id from kept");
        }
    }

    private static ProcessHandle main(Path data) throws IOException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static void kill(ProcessHandle process) throws Exception {
        process.destroyForcibly();
        process.onExit().get();
    }

    @Test
    void aDeadPostgresIsRestartedWithItsDataUntilItIsClosed() throws Exception {
        Path data = dataDir.resolve("postgres");
        Files.createDirectories(dataDir.resolve("postgres"));
        Files.createDirectories(dataDir.resolve("postgres-binaries"));
        PostgresServer server = PostgresServer.start(dataDir);
        try (Connection connection = connect(server, password())) {
            connection.createStatement().execute("create table kept (id int)");
        }
        assertThat(PostgresServer.running(dataDir)).hasValue(server.uri());
        for (int i = 0; i < 2; i++) {
            kill(main(data));
            assertThat(server.runs()).isFalse();
            assertThat(server.revive()).isTrue();
            assertThat(server.runs()).isTrue();
            try (Connection connection = connect(server, password())) {
                connection.createStatement().execute("select id from kept");
            }
        }
        kill(main(data));
        server.close();
        Berth.forgive("Could not stop postmaster");
        assertThat(server.revive()).isFalse();
        assertThat(server.runs()).isFalse();
        assertThat(PostgresServer.running(dataDir)).isEmpty();
    }

    /** Makes pg_ctl slow, and let it go on when its caller is gone, as the real one does for a moment. */
    private static void slowDown(Path control, Path mark) throws IOException {
        Path real = Files.move(control, control.resolveSibling("real-" + control.getFileName()));
        Files.writeString(control, """
                #!/bin/sh
                case " $* " in
                *" restart "*)
                    sh -c 'touch "$1.begun"; until [ -e "$1.go" ]; do sleep 0.02; done
                        mark=$1 real=$2; shift 2; "$real" "$@"; code=$?; touch "$mark.over"; exit $code' sh '%1$s' '%2$s' "$@" ;;
                *) exec '%2$s' "$@" ;;
                esac
                """.formatted(mark, real));
        assertThat(control.toFile().setExecutable(true)).isTrue();
    }

    private static Path control(Path data) throws IOException {
        String options = Files.readString(data.resolve("postmaster.opts"));
        return Path.of(options.substring(0, options.indexOf(" \""))).resolveSibling("pg_ctl");
    }

    private static void await(Path file) {
        while (!Files.exists(file)) {
            Thread.onSpinWait();
        }
    }

    @Tag("full")
    @Test
    void aCloseDuringARestartLeavesNoProcess() throws Exception {
        Path data = dataDir.resolve("postgres");
        Files.createDirectories(data);
        Files.createDirectories(dataDir.resolve("postgres-binaries"));
        PostgresServer server = PostgresServer.start(dataDir);
        Path mark = dataDir.resolve("restart");
        Path control = control(data);
        slowDown(control, mark);
        kill(main(data));
        CompletableFuture<Boolean> reviving = CompletableFuture.supplyAsync(() -> {
            try {
                return server.revive();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        await(dataDir.resolve("restart.begun"));
        Thread closing = new Thread(() -> {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        closing.start();
        while (closing.getState() != Thread.State.WAITING
                && closing.getState() != Thread.State.TIMED_WAITING
                && closing.isAlive()) {
            Thread.onSpinWait();
        }
        Files.createFile(dataDir.resolve("restart.go"));
        closing.join();
        assertThat(reviving.handle((revived, e) -> revived).get()).isNotNull();
        await(dataDir.resolve("restart.over"));
        assertThat(server.runs()).isFalse();
        Files.move(control.resolveSibling("real-pg_ctl"), control, StandardCopyOption.REPLACE_EXISTING);
    }
}
