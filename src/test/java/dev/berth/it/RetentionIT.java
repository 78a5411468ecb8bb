package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A server that keeps sessions for 30 days, and logs and recordings for less. The clock is the rows' own: ends are put back. */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionIT {
    private final Path data = Berth.temporaryFolder();

    private Berth berth;
    private Api api;

    @BeforeAll
    void start() {
        berth = Berth.start(
                data,
                Map.of(
                        "BERTH_RETENTION_DAYS", "30",
                        "BERTH_RETENTION_RECORDING_DAYS", "3",
                        "BERTH_RETENTION_LOG_DAYS", "7",
                        "BERTH_RETENTION_SWEEP_SECONDS", "1"));
        api = berth.api();
    }

    @AfterAll
    void stop() {
        berth.stop();
        Berth.delete(data);
    }

    private static String id(String session) {
        return session.substring(session.lastIndexOf('/') + 1);
    }

    private List<String> column(String query) {
        try (Connection connection =
                        Berth.connect(berth.server.config().postgres().uri().orElseThrow());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> column = new ArrayList<>();
            while (rows.next()) {
                column.add(rows.getString(1));
            }
            return column;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The types of what the object store has of a session on its disk, empty folders too. */
    private Set<String> stored(String session) {
        Path folder = data.resolve("objects/berth/sessions").resolve(id(session));
        if (!Files.exists(folder)) {
            return Set.of();
        }
        try (Stream<Path> types = Files.list(folder)) {
            return new TreeSet<>(
                    types.map(type -> type.getFileName().toString()).toList());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<String> awaitStored(String session, String... types) {
        return Api.await(() -> stored(session), Set.of(types)::equals);
    }

    /** A session that has ended, with a screenshot, a recording, an upload and all kinds of logs. */
    private String ended(JsonObject retention) {
        String session = api.newSession(new JsonObject()
                .put("initialPrompt", berth.site.url("/"))
                .put(
                        "options",
                        new JsonObject()
                                .put("recording", true)
                                .put("bodies", true)
                                .put("retention", retention)));
        api.act(session, "screenshot", new JsonObject());
        api.act(session, "evaluate", new JsonObject().put("expression", """
                console.log('kept'); document.body.innerHTML = '<input type=file>'
                """));
        api.act(
                session,
                "upload",
                new JsonObject()
                        .put("selector", "input")
                        .put(
                                "files",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("name", "a.txt")
                                                .put(
                                                        "content",
                                                        Base64.getEncoder()
                                                                .encodeToString(
                                                                        "a".getBytes(StandardCharsets.UTF_8))))));
        assertThat(api.delete(session).json().containsKey("removed")).isFalse();
        assertThat(awaitStored(session, "bodies", "console", "network", "recording", "screenshot", "upload"))
                .hasSize(6);
        return session;
    }

    private void ageOf(String session, int days) {
        berth.postgres("update sessions set ended_at = ended_at - interval '" + days + " days' where session_id = '"
                + id(session) + "'");
    }

    @Test
    void whatIsTooOldGoesKindByKind() {
        String session = ended(new JsonObject());

        ageOf(session, 4);
        assertThat(awaitStored(session, "bodies", "console", "network", "screenshot", "upload"))
                .hasSize(5);
        assertThat(api.get(session + "/artifacts").text())
                .contains("screenshot")
                .doesNotContain("recording-");

        ageOf(session, 4);
        assertThat(awaitStored(session, "screenshot", "upload")).hasSize(2);
        assertThat(api.get(session + "/console").json().getInteger("total")).isZero();
        assertThat(api.get(session + "/network").json().getInteger("total")).isZero();
        assertThat(api.get(session + "/actions").json().getInteger("total")).isPositive();

        ageOf(session, 23);
        assertThat(Api.await(() -> api.get(session).status(), status -> status == 404))
                .isEqualTo(404);
        assertThat(awaitStored(session)).isEmpty();
        assertThat(api.get("/metrics").text())
                .contains("berth_retention_removed_total{kind=\"all\"}")
                .contains("berth_orphans{kind=\"object\"}");
    }

    @Test
    void aSessionMayBeKeptForLess() {
        String less = ended(new JsonObject().put("days", 2).put("artifactDays", 1));
        String more = ended(new JsonObject().put("days", 400));
        assertThat(api.get(less).json().getJsonObject("options").getJsonObject("retention"))
                .isEqualTo(new JsonObject().put("days", 2).put("artifactDays", 1));

        long before = api.get(less).json().getLong("storedBytes");
        ageOf(less, 1);
        assertThat(awaitStored(less, "bodies", "console", "network", "recording"))
                .hasSize(4);
        assertThat(api.get(less).json().getLong("storedBytes")).isPositive().isLessThan(before);
        ageOf(less, 1);
        ageOf(more, 31);
        assertThat(Api.await(() -> api.get(less).status(), status -> status == 404))
                .isEqualTo(404);
        assertThat(Api.await(() -> api.get(more).status(), status -> status == 404))
                .isEqualTo(404);

        Api.Answer refused = api.post(
                "/api/sessions",
                new JsonObject().put("options", new JsonObject().put("retention", new JsonObject().put("logDays", 0))));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("logDays");
    }

    @Test
    void usageIsAddedUpWhereARemovalFails() {
        berth.postgres("create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$");
        berth.postgres("create trigger refuse before delete on tasks for each statement execute function refuse()");
        try {
            // The sweep that adds up the first rows may have begun before removals fail, the next one has not.
            for (int i = 0; i < 2; i++) {
                berth.postgres(
                        "insert into key_usage (user_id, key_id, day) select user_id, 0, '2026-01-01' from users");
                assertThat(Api.await(() -> column("select 1 from key_usage where not is_sum"), List::isEmpty))
                        .isEmpty();
            }
        } finally {
            berth.postgres("drop function refuse() cascade");
        }
    }

    @Test
    void aPurgeLeavesNothing() {
        Api other = new Api(berth.server.url(), berth.keyOf("somebody else"));
        String session = api.newSession(new JsonObject()
                .put("initialPrompt", berth.site.url("/"))
                .put("options", new JsonObject().put("recording", true)));
        api.act(session, "screenshot", new JsonObject());
        String link = Api.await(
                () -> api.get(session + "/artifacts").list("artifacts").stream()
                        .map(JsonObject.class::cast)
                        .filter(artifact -> artifact.getString("type").equals("screenshot"))
                        .map(artifact -> artifact.getString("publicUrl"))
                        .findFirst()
                        .orElse(null),
                Objects::nonNull);
        assertThat(other.delete(session + "?purge=true").status()).isEqualTo(404);
        assertThat(api.get(session).json().getString("status")).isEqualTo("running");

        Api.Answer purged = api.delete(session + "?purge=true");

        assertThat(purged.status()).as(purged.text()).isEqualTo(200);
        JsonObject removed = purged.json().getJsonObject("removed");
        assertThat(removed.getInteger("artifacts")).isEqualTo(2);
        assertThat(removed.getInteger("actions")).isPositive();
        assertThat(removed.getInteger("bytes")).isPositive();
        assertThat(removed.getInteger("logParts")).isPositive();
        assertThat(removed.getInteger("objectsLeft")).isZero();
        assertThat(api.get(session).status()).isEqualTo(404);
        assertThat(api.get(link.substring(berth.server.url().length())).status())
                .isEqualTo(404);
        assertThat(api.get("/api/sessions?includeTerminated=true&limit=100").text())
                .doesNotContain(id(session));
        assertThat(awaitStored(session)).isEmpty();
        assertThat(Api.await(
                        () -> column("select object_key from garbage where object_key like '%" + id(session) + "%'"),
                        List::isEmpty))
                .isEmpty();
        assertThat(files("spool", session)).isEmpty();
        assertThat(files("logs", session)).isEmpty();
        assertThat(api.delete(session + "?purge=true").status()).isEqualTo(404);
        assertThat(column("select act from admin_log where subject = '" + id(session) + "'"))
                .containsExactly("session.purged");
    }

    private List<String> files(String folder, String session) {
        try (Stream<Path> files = Files.list(data.resolve(folder))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(id(session)))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void orphansAreFoundEitherWay() throws Exception {
        String session = ended(new JsonObject());
        Path objects = data.resolve("objects/berth/sessions");
        Path old = objects.resolve("session-00000000-0000-4000-8000-000000000000/screenshot/screenshot-old.png");
        Path fresh = old.resolveSibling("screenshot-fresh.png");
        Files.createDirectories(old.getParent());
        String screenshot = column("select object_key from artifacts where type = 'screenshot' and session_id = '"
                        + id(session) + "'")
                .get(0);
        // With the attributes that the embedded store gives its files.
        Files.copy(data.resolve("objects/berth").resolve(screenshot), old, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(data.resolve("objects/berth").resolve(screenshot), fresh, StandardCopyOption.COPY_ATTRIBUTES);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(8, ChronoUnit.DAYS)));
        String missing = column(
                        "select object_key from artifacts where type = 'upload' and session_id = '" + id(session) + "'")
                .get(0);
        Files.delete(data.resolve("objects/berth").resolve(missing));
        Path profiles = Files.createDirectories(data.resolve("objects/berth/profiles"));
        Path kept = profiles.resolve("f0.bin");
        Path left = profiles.resolve("0a.bin");
        for (Path profile : List.of(kept, left)) {
            Files.copy(old, profile, StandardCopyOption.COPY_ATTRIBUTES);
            Files.setLastModifiedTime(profile, FileTime.from(Instant.now().minus(8, ChronoUnit.DAYS)));
        }
        berth.postgres("with p as (insert into profiles (user_id, name) values (1, 'kept') returning profile_id)"
                + " insert into profile_versions (profile_id, version, object_key, size, folders, key_id, session_id)"
                + " select profile_id, v, 'profiles/' || (array['f0.bin', '9.bin'])[v], 1, false, '', ''"
                + " from p, generate_series(1, 2) v");
        Api stranger = new Api(berth.server.url(), berth.keyOf("a stranger"));
        assertThat(stranger.post("/api/admin/reconcile").status()).isEqualTo(403);

        JsonObject found = api.post("/api/admin/reconcile").json();

        assertThat(found.getInteger("objectsWithoutRow")).isEqualTo(2);
        assertThat(found.getInteger("bytesWithoutRow")).isEqualTo(2 * (int) Files.size(old));
        assertThat(found.getInteger("rowsWithoutObject")).isEqualTo(2);
        assertThat(found.getInteger("removed")).isZero();
        assertThat(found.getJsonArray("examples").getList())
                .containsExactlyInAnyOrder(
                        "sessions/session-00000000-0000-4000-8000-000000000000/screenshot/screenshot-old.png",
                        missing,
                        "profiles/0a.bin",
                        "profiles/9.bin");
        assertThat(Files.exists(old)).isTrue();

        JsonObject removed = api.post("/api/admin/reconcile", new JsonObject().put("remove", true))
                .json();

        assertThat(removed.getInteger("removed")).isEqualTo(2);
        assertThat(Api.await(() -> Files.exists(old) || Files.exists(left), exist -> !exist))
                .isFalse();
        assertThat(Files.exists(kept)).isTrue();
        assertThat(Files.exists(fresh)).isTrue();
        assertThat(api.get("/metrics").text()).contains("berth_orphans{kind=\"row\"} 2.0");
    }
}
