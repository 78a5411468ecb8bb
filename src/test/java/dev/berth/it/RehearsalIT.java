package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.access.KeyRepository;
import dev.berth.database.Database;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.net.URI;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The session that a server runs before it is ready leaves nothing behind. */
class RehearsalIT {
    private final Berth berth = Berth.shared();
    private final Database database =
            new Database(berth.vertx, berth.server.config().postgres().uri().orElseThrow(), 1);

    @AfterEach
    void close() {
        Berth.await(database.close());
    }

    private List<String> column(String query) {
        return StreamSupport.stream(
                        Berth.await(database.pool().query(query).execute()).spliterator(), false)
                .map((Row row) -> row.getString(0))
                .toList();
    }

    @Test
    void leavesNeitherUserNorSession() {
        assertThat(column("select name from users where name = 'rehearsal of " + berth.server.machineId() + "'"))
                .isEmpty();
        assertThat(column("select session_id from sessions where current_url like '%Rehearsal%' and machine_id = '"
                        + berth.server.machineId() + "'"))
                .isEmpty();
        assertThat(Berth.loggedWith(berth.server.machineId() + " could not warm up"))
                .isEmpty();
    }

    @Test
    void aUserIsRemovedWithAllThatIsRecorded() {
        KeyRepository keys = new KeyRepository(database);
        Berth.await(keys.add("who leaves", "a-key-of-who-leaves"));
        Api api = new Api(berth.server.url(), "a-key-of-who-leaves");
        String session = api.newSession(new JsonObject().put("initialPrompt", berth.site.url("/")));
        api.post(session + "/screenshot");
        api.delete(session);
        String id = session.substring(session.lastIndexOf('/') + 1);
        Berth.await(keys.remove("who leaves"));

        assertThat(column("select session_id from sessions where session_id = '" + id + "'"))
                .isEmpty();
        assertThat(column("select name from users where name = 'who leaves'")).isEmpty();
        assertThat(Api.await(() -> api.get(session).status(), status -> status == 401))
                .isEqualTo(401);
    }

    @Test
    void aSchemaOfThisVersionNeedsNoMigration() {
        assertThat(Berth.await(database.isCurrent())).isTrue();
        Database empty = new Database(berth.vertx, URI.create(Berth.emptyDatabase()), 1);
        assertThat(Berth.await(empty.isCurrent().eventually(empty::close))).isFalse();
    }
}
