package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.FakeAgent;
import dev.berth.history.Database;
import dev.berth.history.NodeEpoch;
import dev.berth.history.TaskRepository;
import dev.berth.history.outbox.JournaledOutbox;
import dev.berth.it.Api.Answer;
import dev.berth.it.EventClient.Event;
import dev.berth.protocol.ActionSource;
import dev.berth.protocol.Cost;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskId;
import dev.berth.protocol.TaskStatus;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API of AI tasks, with an agent on the bus that does what the test says. */
class TasksIT {
    @TempDir
    static Path folder;

    private static final Berth BERTH = Berth.shared();
    private static Database database;
    private static JournaledOutbox outbox;
    private static FakeAgent agent;

    private final Api api = BERTH.api();

    @BeforeAll
    static void start() {
        database =
                new Database(BERTH.vertx, BERTH.server.config().postgres().uri().orElseThrow(), 2);
        outbox = new JournaledOutbox(BERTH.vertx, database, folder);
        Berth.await(outbox.start());
        agent = new FakeAgent(BERTH.vertx, new TaskRepository(database, outbox, NodeEpoch.NONE));
        Berth.await(agent.listening());
    }

    @AfterAll
    static void stop() {
        Berth.await(agent.close().eventually(outbox::close).eventually(database::close));
    }

    private static JsonObject task(String instruction) {
        return new JsonObject().put("instruction", instruction);
    }

    private TaskId execute(JsonObject body) {
        Answer answer = api.post("/api/agent/execute", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.json().getJsonObject("data").getString("status")).isEqualTo("starting");
        return new TaskId(answer.json().getJsonObject("data").getString("taskId"));
    }

    private JsonObject state(TaskId id) {
        return api.get("/api/agent/" + id + "/status").json().getJsonObject("data");
    }

    private static EventClient events(Api api, TaskId id, String after) {
        return EventClient.open(api.request("/api/agent/" + id + "/events").header("Last-Event-ID", after));
    }

    private static Api strange() {
        return new Api(BERTH.server.url(), BERTH.keyOf("stranger to tasks"));
    }

    @Test
    void aTaskIsToldFromItsBeginningToItsEndAndAfterwards() {
        TaskId id = execute(task("buy tea"));
        EventClient client = EventClient.open(api.request("/api/agent/" + id + "/events"));
        Berth.await(agent.move(id, TaskStatus.RUNNING, Optional.empty())
                .compose(done -> agent.step(id, 1, "click"))
                .compose(done -> agent.step(id, 2, "fill")));
        client.until(event -> "fill".equals(event.data().getString("tool")));
        Berth.await(agent.move(id, TaskStatus.WAITING, Optional.of("Which one?")));
        client.until(event -> "Which one?".equals(event.data().getString("question")));
        assertThat(state(id).getString("question")).isEqualTo("Which one?");
        assertThat(api.post("/api/agent/" + id + "/answer", new JsonObject().put("text", "green"))
                        .status())
                .isEqualTo(200);
        assertThat(agent.answers).containsExactly("green");
        Berth.await(agent.end(id, TaskStatus.COMPLETED, Optional.of("{\"price\":3}")));
        List<Event> rest = client.rest();
        assertThat(rest).extracting(event -> event.data().getString("status")).containsExactly("running", "completed");
        assertResumedAnywhere(id, rest.get(1).id());
        assertThat(state(id).getJsonObject("output")).isEqualTo(new JsonObject().put("price", 3));
        assertThat(state(id).getJsonObject("cost").getDouble("usd")).isEqualTo(0.5);
        assertThat(state(id).getInteger("steps")).isEqualTo(2);
    }

    private void assertResumedAnywhere(TaskId id, String last) {
        List<Event> all = events(api, id, "0").rest();
        assertThat(all)
                .extracting(Event::kind)
                .containsExactly("status", "status", "step", "step", "status", "status", "status");
        for (int cut = 0; cut < all.size() - 1; cut++) {
            assertThat(events(api, id, all.get(cut).id()).rest()).isEqualTo(all.subList(cut + 1, all.size()));
        }
        assertThat(Api.send(api.request("/api/agent/" + id + "/events").header("Last-Event-ID", last))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void aStreamFromAfterTheEndEndsWithTheTask() {
        TaskId id = execute(task("buy little"));
        EventClient client = events(api, id, "1000");
        Berth.await(agent.end(id, TaskStatus.COMPLETED, Optional.empty()));
        assertThat(client.rest()).isEmpty();
    }

    @Test
    void aTaskThatHasEndedStaysAsItIs() {
        TaskId id = execute(task("wait"));
        String path = "/api/agent/" + id;
        assertThat(api.post(path + "/answer", new JsonObject().put("text", "unasked"))
                        .status())
                .isEqualTo(409);
        assertThat(api.post(path + "/cancel").json().getJsonObject("data").getString("status"))
                .isEqualTo("cancelled");
        JsonObject ended = state(id);
        assertThat(api.post(path + "/cancel").json().getJsonObject("data")).isEqualTo(ended);
        assertThat(api.post(path + "/answer", new JsonObject().put("text", "late"))
                        .status())
                .isEqualTo(409);
        assertThat(api.get("/api/agent?status=cancelled&limit=100").list("tasks").stream()
                        .map(task -> ((JsonObject) task).getString("taskId")))
                .contains(id.value());
    }

    @Test
    void toOthersATaskDoesNotExist() {
        TaskId id = execute(task("be secret"));
        Api strange = strange();
        String path = "/api/agent/" + id;
        assertThat(strange.get(path + "/status").status()).isEqualTo(404);
        assertThat(strange.get(path + "/events").status()).isEqualTo(404);
        assertThat(strange.post(path + "/cancel").status()).isEqualTo(404);
        assertThat(strange.post(path + "/answer", new JsonObject().put("text", "x"))
                        .status())
                .isEqualTo(404);
        assertThat(strange.get("/api/agent").json().getInteger("total")).isZero();
        assertThat(state(id).getString("status")).isEqualTo("starting");
        assertThat(api.get("/api/agent/nonsense/status").status()).isEqualTo(404);
    }

    @Test
    void aTaskOfWhichNobodyKnowsIsNotCancelled() {
        TaskId id = execute(task("be lost"));
        Berth.await(agent.forget(id));
        assertThat(state(id).getString("status")).isEqualTo("starting");
        assertThat(api.post("/api/agent/" + id + "/cancel").status()).isEqualTo(503);
    }

    @Test
    void aRepeatedRequestGivesTheFirstTask() {
        String key = "key-" + System.nanoTime();
        Answer first = executeWith(key, task("once"));
        assertThat(executeWith(key, task("once")).json().getJsonObject("data"))
                .isEqualTo(first.json().getJsonObject("data"));
        assertThat(executeWith(key, task("twice")).status()).isEqualTo(409);
        assertThat(agent.requests.stream()
                        .filter(request -> request.spec().instruction().equals("once")))
                .hasSize(1);
    }

    private Answer executeWith(String key, JsonObject body) {
        return Api.send(api.request("/api/agent/execute")
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    @Test
    void whatIsTooLargeOrUnknownIsRefused() {
        assertRefused(400, "instruction", task("x".repeat(20_001)));
        assertRefused(400, "instruction", new JsonObject());
        assertRefused(400, "maxStep", task("x").put("maxStep", 3));
        assertRefused(400, "allowedDomains", task("x").put("allowedDomains", List.of("https://a.b")));
        assertRefused(400, "schema", task("x").put("schema", new JsonObject().put("title", "x".repeat(20_000))));
        assertRefused(
                404, "session", task("x").put("sessionId", SessionId.random().value()));
        assertThat(api.get("/api/agent?offset=100001").status()).isEqualTo(400);
    }

    private void assertRefused(int status, String named, JsonObject body) {
        Answer answer = api.post("/api/agent/execute", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.error().getString("message")).contains(named);
    }

    @Test
    void aSessionCountsWhatItsActionsCostAndTakesTasksWhileItRuns() {
        String session = api.newSession();
        SessionId id = new SessionId(session.substring(session.lastIndexOf('/') + 1));
        SessionClient client =
                new SessionClient(BERTH.vertx).from(ActionSource.AI).costing(new Cost(0.5, 7, 8));
        Berth.await(client.ask(id, new Evaluate("1", 5_000)).compose(done -> client.ask(id, new Evaluate("2", 5_000))));
        TaskId task = execute(task("go on").put("sessionId", id.value()));
        assertThat(state(task).getString("sessionId")).isEqualTo(id.value());
        Cost sum = new Cost(1, 14, 16);
        assertThat(costOf(session)).isEqualTo(sum);
        api.delete(session);
        assertThat(costOf(session)).isEqualTo(sum);
        assertRefused(410, "", task("x").put("sessionId", id.value()));
    }

    private Cost costOf(String session) {
        return api.get(session).json().getJsonObject("cost").mapTo(Cost.class);
    }
}
