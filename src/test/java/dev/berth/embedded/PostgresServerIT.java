package dev.berth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {
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
    void whatIsNoPostgressIsNeverErased() throws IOException {
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

    @Test
    void nobodyIsTrustedFromTheFirstMomentAndWhatWasCutOffIsMadeAnew() throws Exception {
        Path data = Files.createDirectory(dataDir.resolve("postgres"));
        Path mark = dataDir.resolve("postgres.unfinished");
        // As a server leaves it that is killed while initdb runs, which goes on.
        Files.createFile(mark);
        Files.writeString(data.resolve("PG_VERSION"), "17");
        Files.writeString(Files.createDirectory(data.resolve("base")).resolve("1"), "half");
        Path halfUnpacked = dataDir.resolve("postgres-binaries/PG-0/lib");
        Files.createDirectories(halfUnpacked);
        Process maker = new ProcessBuilder("sh", "-c", "sleep 60; exit", "initdb", "-D", data.toString(), "-E").start();

        try (PostgresServer server = PostgresServer.start(dataDir)) {
            // These rules are initdb's: nothing has changed them since.
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
    void oneThatDiesIsStartedAgainWithItsDataUntilItIsClosed() throws Exception {
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
        assertThat(server.revive()).isFalse();
        assertThat(server.runs()).isFalse();
        assertThat(PostgresServer.running(dataDir)).isEmpty();
    }
}
