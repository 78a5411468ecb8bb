package dev.berth.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.database.Database;
import dev.berth.it.Berth;
import dev.berth.protocol.BerthException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A database on which nodes of an earlier build run. */
class UpgradeRefusalIT {
    private static final String NODE = """
            insert into nodes (machine_id, epoch, place, host, request_port, version, registered_at, renewed_at)
            values ('da', nextval('node_epochs'), 'here', '127.0.0.1', 7802, '0.9', now(), now())
            """;

    private final URI uri = URI.create(Berth.emptyDatabase());

    private Connection connect() throws SQLException {
        String[] user = uri.getUserInfo().split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath(), user[0], user[1]);
    }

    @ParameterizedTest
    @CsvSource({"22, 23 - heartbeat and queue", "25, 26 - drop replaced objects"})
    void isNotMigratedWhileTheyRenew(String theirs, String next) throws Exception {
        try (Connection connection = connect();
                Statement sql = connection.createStatement()) {
            Flyway.configure()
                    .locations("classpath:dev/berth/db/migration")
                    .dataSource(
                            connection.getMetaData().getURL(),
                            uri.getUserInfo().split(":", 2)[0],
                            uri.getUserInfo().split(":", 2)[1])
                    .target(theirs)
                    .load()
                    .migrate();
            if (theirs.equals("22")) {
                sql.execute("alter table nodes alter column lease_until set default now() + interval '10 seconds'");
            }
            sql.execute(NODE);
            assertThatThrownBy(() -> Database.migrate(uri))
                    .isInstanceOf(BerthException.class)
                    .hasMessage(
                            "nodes of an earlier Berth still run on this database; stop all of them, wait 15 s, then start this version");
            Berth.forgive("to version \"" + next + "\" failed");
            sql.execute("update nodes set renewed_at = now() - interval '16 seconds'");
            Database.migrate(uri);
            // Nodes before 23 are lost at once, later ones when the others have watched them.
            ResultSet row = sql.executeQuery("select lost_at is not null and epoch = 2 from nodes");
            assertThat(row.next() && row.getBoolean(1)).isEqualTo(theirs.equals("22"));
        }
    }
}
