package dev.berth.it;

import static dev.berth.fake.ModelAnswer.call;
import static dev.berth.fake.ModelAnswer.calls;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.fake.ScriptedModelServer;
import dev.berth.sdk.ContractFile;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of the contract, called as its examples say, on a real server: in a session that shows {@link #PAGE}, which stands for
 * {@code https://example.com}.
 *
 * <p>An operation that is new needs an {@code example} beside the schema of its body in {@code openapi.yaml}; optional parameters may have
 * one. A parameter of the path that is new needs a line in {@link #values}, and an operation that needs more than a session that shows the
 * page a line in {@link #preparations}.
 */
@ResourceLock(Berth.LOG_RESOURCE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractExamplesIT {
    private static final String PAGE = """
            <title>Example</title><h1>Example</h1>
            <form onsubmit="return false"><label>Name <input id=name></label><button>Sign in</button>
            <select id=country><option>France</option><option>Germany</option></select><input type=file></form>
            <nav id=menu>Menu</nav><div id=card draggable=true>A card</div><div id=done>Done</div>
            <div style="height:3000px"></div><p id=foot>The foot</p>""";

    private static final JsonObject NEEDS = new JsonObject("""
            {"options": {"bodies": true, "flightRecorder": true}}""");

    private final Path data = Berth.temporaryFolder();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Vertx vertx;
    private Berth berth;
    private Api api;
    private String page;
    private String session;

    /** The values of parameters for one example, which preparations may give. */
    private final Map<String, String> prepared = new HashMap<>();

    /** The values of required parameters that have no example, by their names. */
    private final Map<String, Supplier<String>> values = Map.ofEntries(
            entry("sessionId", () -> id(session)),
            entry("pageId", () -> post(session + "/pages", "{}").getString("pageId")),
            entry("taskId", this::waitingTask),
            entry("linkId", () -> post(session + "/share", "{}").getString("linkId")),
            entry("offset", () -> "0"),
            entry("Mcp-Session-Id", this::mcpSession));

    /** What must be before an example can succeed, by the operations. */
    private final Map<String, Runnable> preparations = Map.ofEntries(
            entry("deleteSession", () -> prepared.put("sessionId", id(api.newSession()))),
            entry("getNetworkBody", () -> api.await(session + "/network/0/body", answer -> answer.status() == 200)),
            entry("stopRecording", () -> post(session + "/recording/start", "{}")),
            entry("keepRecording", this::keepRecording));

    @BeforeAll
    void start() {
        vertx = Vertx.vertx();
        ScriptedModelServer model = Berth.await(ScriptedModelServer.start(vertx));
        model.otherwise(calls(call("ask_human", new JsonObject().put("question", "Which one?"))));
        berth = Berth.start(
                data,
                Map.of(
                        "BERTH_POSTGRES_URI",
                        Berth.newDatabase(),
                        "BERTH_AI_BASE_URL",
                        model.baseUrl().toString(),
                        "BERTH_AI_MODEL",
                        "scripted",
                        "BERTH_AI_API_KEY",
                        "a-key"));
        api = berth.api();
        page = berth.site.page(PAGE);
        session = api.newSession(NEEDS);
    }

    @AfterAll
    void stop() {
        berth.stop();
        Berth.delete(data);
        Berth.await(vertx.close());
    }

    /** After a drain there are no new sessions. */
    static Stream<ContractExample> examples() {
        return ContractExample.all()
                .sorted(Comparator.comparing(example -> example.operationId().equals("drain")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void anExampleSucceeds(ContractExample example) throws Exception {
        api.navigate(session, page);
        prepared.clear();
        preparations.getOrDefault(example.operationId(), () -> {}).run();
        if (example.opensWebSocket()) {
            open(example);
            return;
        }
        HttpResponse<InputStream> answer = http.send(request(example), HttpResponse.BodyHandlers.ofInputStream());
        String said = read(answer);
        assertThat(example.responses().fieldNames())
                .as("%s, answered %s", example, said)
                .filteredOn(status -> status.startsWith("2"))
                .contains(String.valueOf(answer.statusCode()));
        assertThat(ContractFile.missing(example.answer(answer.statusCode()), json(said)))
                .as("%s: required fields that the answer does not have: %s", example, said)
                .isEmpty();
        cleanUp(said);
    }

    /** Something that has no fields, where the answer is no JSON. */
    private static Object json(String said) {
        return said.startsWith("{") ? new JsonObject(said) : said;
    }

    /** A stream of events has no end. */
    private static String read(HttpResponse<InputStream> answer) throws Exception {
        try (InputStream body = answer.body()) {
            boolean stream =
                    answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
            return stream ? "a stream" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** An example must succeed with the key in a header. */
    private void open(ContractExample example) {
        WebSocket socket = http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + Berth.KEY)
                .buildAsync(URI.create(url(example).replaceFirst("^http", "ws")), new WebSocket.Listener() {})
                .join();
        socket.abort();
    }

    private HttpRequest request(ContractExample example) {
        String body = local(example.body());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(example)))
                .header("Authorization", "Bearer " + Berth.KEY)
                .header("Accept", "application/json, text/event-stream")
                .method(
                        example.method(),
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        example.headers().forEach(request::header);
        example.parameters().stream()
                .filter(name -> !example.path().contains("{" + name + "}"))
                .forEach(name -> request.header(name, value(name)));
        return request.build();
    }

    private String url(ContractExample example) {
        String path = example.path();
        for (String name : example.parameters()) {
            String place = "{" + name + "}";
            path = path.contains(place) ? path.replace(place, value(name)) : path;
        }
        return berth.server.url() + path + (example.query().isEmpty() ? "" : "?" + local(example.query()));
    }

    private String value(String parameter) {
        assertThat(values.keySet())
                .as("the value of the parameter %s: give it an example, or ContractExamplesIT.values a line", parameter)
                .contains(parameter);
        return prepared.computeIfAbsent(parameter, name -> values.get(name).get());
    }

    /** With the test's page in place of one on the Internet. */
    private String local(String text) {
        return text.replaceAll("https://example\\.com", page).replaceAll("(?<![\\w.])example\\.com", "127.0.0.1");
    }

    /** Ends the session or the task that an example began, whose places others need. */
    private void cleanUp(String said) {
        if (prepared.containsKey("taskId")) {
            api.post("/api/agent/" + prepared.get("taskId") + "/cancel");
        }
        if (said.startsWith("{\"success\":true,\"data\":{\"taskId\"")) {
            api.post("/api/agent/" + new JsonObject(said).getJsonObject("data").getString("taskId") + "/cancel");
        } else if (said.startsWith("{\"sessionId\"")) {
            String begun = new JsonObject(said).getString("sessionId");
            if (!begun.equals(id(session))) {
                api.delete("/api/sessions/" + begun);
            }
        }
    }

    /** Until the flight recorder has seen something. */
    private void keepRecording() {
        Api.await(() -> api.post(session + "/recording/keep"), answer -> answer.status() == 200);
    }

    private String waitingTask() {
        AiTasks tasks = new AiTasks(api);
        JsonObject task =
                tasks.begin(new JsonObject().put("instruction", "Choose one").put("startUrl", page));
        tasks.await(task, now -> now.getString("status").equals("waiting"));
        return task.getString("taskId");
    }

    private String mcpSession() {
        String initialize = ContractExample.all()
                .filter(example -> example.operationId().equals("sendMcpMessage"))
                .findFirst()
                .orElseThrow()
                .body();
        return Api.send(api.request("/mcp")
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, text/event-stream")
                        .POST(HttpRequest.BodyPublishers.ofString(initialize)))
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
    }

    private JsonObject post(String path, String body) {
        Api.Answer answer = api.post(path, new JsonObject(body));
        assertThat(answer.status()).as(answer.text()).isBetween(200, 299);
        return answer.json();
    }

    private static String id(String sessionPath) {
        return sessionPath.substring(sessionPath.lastIndexOf('/') + 1);
    }
}
