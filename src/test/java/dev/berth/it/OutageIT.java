package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Postgres fails and recovers while a server runs: answers from before, during and after the outage stay true. */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(OutageIT.POSTGRES_IS_AWAY)
class OutageIT {
    /** What is logged of an outage is counted: in this JVM there is one at a time. */
    static final String POSTGRES_IS_AWAY = "Postgres is away";

    private final Berth shared = Berth.shared();
    private final Path folder = Berth.temporaryFolder();
    private final URI database = URI.create(Berth.newDatabase());
    private final FaultyProxy postgres = new FaultyProxy(shared.vertx, database);
    private final Berth berth = Berth.start(folder, Map.of("BERTH_POSTGRES_URI", postgres.inPlaceOf(database)));
    private final Api api = berth.api();

    @AfterEach
    void mend() {
        postgres.mend();
        api.await("/api/sessions", answer -> answer.status() == 200);
    }

    @AfterAll
    void stop() {
        berth.stop();
        postgres.close();
        Berth.delete(folder);
    }

    private void logLines(String session, int from, int to) {
        api.evaluate(session, "for (let i = %d; i < %d; i++) console.log('line ' + i)".formatted(from, to));
    }

    private List<String> lines(String session) {
        return api.get(session + "/console?limit=1000").list("logs").stream()
                .map(line -> ((JsonObject) line).getString("message"))
                .toList();
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "line " + i).toList();
    }

    private void assertCountsWhatIsKept(String session, int actions) {
        assertThat(api.get(session).json().getInteger("actionCount")).isEqualTo(actions);
        assertThat(api.get(session + "/actions").json().getInteger("total")).isEqualTo(actions);
    }

    @Test
    void whatHappensInAnOutageIsWrittenAfterwards() {
        String session = api.open(berth.site.url("/plain"));
        logLines(session, 0, 45);
        postgres.cut();
        logLines(session, 45, 88);
        api.act(session, "screenshot", new JsonObject());
        assertThat(api.get(session).json().getInteger("actionCount")).isEqualTo(4);
        assertThat(api.delete(session).status()).isEqualTo(200);
        // For a moment the session itself may still answer.
        api.await(session, answer -> answer.status() == 503);
        postgres.mend();

        JsonObject ended = api.await(session, answer -> answer.status() == 200).json();
        assertThat(ended.getString("status")).isEqualTo("completed");
        assertThat(ended.getString("endReason")).isEqualTo("client");
        assertThat(ended.getInteger("screenshotCount")).isEqualTo(1);
        assertThat(ended.getJsonArray("navigations")).hasSize(1);
        assertCountsWhatIsKept(session, 4);
        assertThat(lines(session)).isEqualTo(numbered(88));
        api.await(session + "/artifacts", a -> a.text().contains("\"stored\""));
        Api.await(() -> files("spool"), List::isEmpty);
        assertThat(files("journal")).isEmpty();
        assertThat(api.delete(session).status()).isEqualTo(200);
    }

    private List<String> files(String of) {
        return List.of(folder.resolve(of).toFile().list());
    }

    @Test
    void anOutageIsTwoLinesInTheLog() {
        String session = api.open(berth.site.url("/plain"));
        int before = Berth.loggedWith("Postgres").size();
        postgres.cut();
        IntStream.range(0, 20).forEach(i -> api.evaluate(session, "document.title = " + i));
        postgres.mend();
        assertThat(api.delete(session).status()).isEqualTo(200);
        api.await(session + "/actions", answer -> answer.status() == 200);
        List<String> told = Berth.loggedWith("Postgres");
        // The shipper of logs has a line of its own, where the minute of a log ends during the outage.
        assertThat(told.subList(before, told.size()))
                .filteredOn(line -> !line.contains("logs wait on disk"))
                .satisfiesExactly(
                        gone -> assertThat(gone).contains("Postgres does not respond"),
                        back -> assertThat(back).contains("Postgres responds again"));
    }

    @Test
    void aLostAnswerNeitherLosesNorDoublesLines() {
        String session = api.newSession();
        logLines(session, 0, 140);
        assertThat(lines(session)).isEqualTo(numbered(140));
        postgres.loseAnswerTo(".ndjson.gz");
        assertThat(api.delete(session).status()).isEqualTo(200);
        assertThat(lines(session)).isEqualTo(numbered(140));
        Api.await(() -> files("logs"), List::isEmpty);
        assertThat(postgres.lost()).isPositive();
        assertThat(lines(session)).isEqualTo(numbered(140));
    }

    @Test
    void anActionWhoseAnswerIsLostIsKeptOnce() {
        String session = api.newSession();
        int already = postgres.lost();
        postgres.loseAnswerTo("document.title");
        api.evaluate(session, "document.title = 'once'");
        assertThat(postgres.lost()).isEqualTo(already + 1);
        api.delete(session);
        assertCountsWhatIsKept(session, 1);
    }

    @Test
    void aClaimWhoseAnswerIsLostIsFound() {
        int already = postgres.lost();
        postgres.loseAnswerTo("claim-lost");
        Api.Answer first = createOnce("claim-lost");
        assertThat(first.status()).isEqualTo(201);
        assertThat(postgres.lost()).isEqualTo(already + 1);
        assertThat(first.json().getString("status")).isEqualTo("running");
        String id = first.json().getString("sessionId");
        assertThat(createOnce("claim-lost").json().getString("sessionId")).isEqualTo(id);
        assertThat(api.delete("/api/sessions/" + id).status()).isEqualTo(200);
    }

    private Api.Answer createOnce(String key) {
        return Api.send(api.request("/api/sessions?wait=running")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(new JsonObject()
                        .put("metadata", new JsonObject().put("of", key))
                        .encode())));
    }

    @Test
    void aClaimThatArrivesTooLateLeavesNoSessionAndFreesItsKey() {
        assertThat(api.get("/api/sessions").status()).isEqualTo(200);
        postgres.freeze();
        assertThat(createOnce("too-late").status()).isEqualTo(503);
        postgres.mend();
        Api.Answer again = createOnce("too-late");
        assertThat(again.json().getString("status")).isEqualTo("running");
        String only = again.json().getString("sessionId");
        api.await(
                "/api/sessions?includeTerminated=true&metadata.of=too-late",
                a -> a.json().getInteger("total") == 1 && a.text().contains(only));
        api.delete("/api/sessions/" + only);
    }

    @Test
    void aClaimThatConflictedWithAFailedOneIsRetried() throws SQLException {
        run("create sequence claims");
        run("""
            create function lose_the_first() returns trigger language plpgsql as
            'begin if nextval(''claims'') = 1 then return null; end if; return new; end'""");
        run("create trigger lose_the_first before insert on sessions for each row execute function lose_the_first()");
        Api.Answer made = createOnce("met-another");
        assertThat(made.json().getString("status")).isEqualTo("running");
        String id = made.json().getString("sessionId");
        assertThat(api.get("/api/sessions?metadata.of=met-another").text()).contains(id);
        assertThat(api.delete("/api/sessions/" + id).status()).isEqualTo(200);
        run("drop function lose_the_first cascade");
        run("drop sequence claims");
    }

    private void run(String statement) throws SQLException {
        try (Connection connection = Berth.connect(database);
                var prepared = connection.prepareStatement(statement)) {
            prepared.execute();
        }
    }

    @Test
    void aSessionOfAnotherNodeIsNotReportedAsEnded() throws SQLException {
        String session = api.newSession();
        api.delete(session);
        sql(
                "update sessions set status = 'running', ended_at = null, machine_id = 'd1111111' where session_id = ?",
                session);
        Api.Answer refused = api.delete(session);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error().getString("message")).contains("not ended").contains("d1111111");
        assertThat(api.get(session).json().getString("status")).isEqualTo("running");
        sql("update sessions set machine_id = '" + berth.server.machineId() + "' where session_id = ?", session);
        assertThat(api.delete(session).status()).isEqualTo(200);
        assertThat(api.get(session).json().getString("endReason")).isEqualTo("node_lost");
    }

    private void sql(String statement, String session) throws SQLException {
        try (Connection connection = Berth.connect(database);
                var prepared = connection.prepareStatement(statement)) {
            prepared.setString(1, session.substring(session.lastIndexOf('/') + 1));
            assertThat(prepared.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void anActionThatNeitherPostgresNorTheDiskTakesIsNotRecorded() throws IOException {
        String session = api.open(berth.site.url("/plain"));
        ProcessHandle chrome = Berth.chromeOf(session);
        Path journal = folder.resolve("journal");
        Files.delete(journal);
        postgres.cut();
        Api.Answer done =
                api.post(session + "/evaluate", new JsonObject().put("expression", "document.title = 'done'"));
        assertThat(done.status()).isEqualTo(502);
        assertThat(done.error().getString("code")).isEqualTo("not_recorded");
        assertThat(done.error().getBoolean("retryable")).isFalse();
        assertThat(done.error().getString("message")).contains("was done");
        assertThat(api.post(session + "/screenshot").status()).isEqualTo(502);
        assertThat(api.get(session).json().getInteger("actionCount")).isEqualTo(1);
        assertThat(api.delete(session).status()).isEqualTo(502);
        assertThat(api.get(session).json().getString("status")).isEqualTo("completed");
        assertThat(chrome.isAlive()).isFalse();

        Files.createDirectory(journal);
        Api.await(() -> files("journal"), kept -> !kept.isEmpty());
        postgres.mend();
        Api.await(() -> api.delete(session), deleted -> deleted.status() == 200);
        assertThat(api.get(session).json().getString("endReason")).isEqualTo("client");
        assertCountsWhatIsKept(session, 1);
        assertThat(api.get(session + "/artifacts").list("artifacts")).isEmpty();
        Api.await(() -> files("spool"), List::isEmpty);
    }
}
