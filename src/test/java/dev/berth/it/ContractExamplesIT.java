package dev.berth.it;

import static dev.berth.fake.ModelAnswer.call;
import static dev.berth.fake.ModelAnswer.calls;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of the contract, called as its examples say, on a real server: in a session that shows {@link #PAGE}, which stands for
 * {@code https://example.com}.
 *
 * <p>An operation that is new needs an {@code example} beside the schema of its body in {@code openapi.yaml}; optional parameters may have
 * one. A parameter of the path that is new, and an operation that needs more than a session that shows the page, need a line in
 * {@link ExampleValues}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractExamplesIT {
    private static final String PAGE = """
            <title>Example</title><h1>Example</h1>
            <form onsubmit="return false"><label>Name <input id=name></label><button>Sign in</button>
            <select id=country><option>France</option><option>Germany</option></select><input type=file></form>
            <nav id=menu>Menu</nav><div id=card draggable=true>A card</div><div id=done>Done</div>
            <div style="height:3000px"></div><p id=foot>The foot</p>""";

    static final String RUN = "run-1";

    private static final JsonObject NEEDS = new JsonObject("""
            {"options": {"bodies": true, "flightRecorder": true}, "metadata": {"run": "%s"}}""".formatted(RUN));

    private final Path data = Berth.temporaryFolder();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Vertx vertx;
    private Berth berth;
    private Api api;
    private String page;
    private String session;
    private ExampleValues values;

    @BeforeAll
    void start() {
        vertx = Vertx.vertx();
        ScriptedModelServer model = Berth.await(ScriptedModelServer.start(vertx));
        model.otherwise(calls(call("ask_human", new JsonObject().put("question", "Which one?"))));
        berth = Berth.withModel(data, model);
        api = berth.api();
        page = berth.site.page(PAGE);
        session = api.newSession(NEEDS);
        values = new ExampleValues(berth, session, page);
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
        values.prepare(example.operationId());
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
        values.cleanUp(said);
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
        // The contract has no example of a zip.
        boolean isZip = example.operationId().equals("putExtension");
        byte[] body = isZip ? ExtensionsIT.zip() : values.local(example.body()).getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(example)))
                .header("Authorization", "Bearer " + Berth.KEY)
                .header("Accept", "application/json, text/event-stream")
                .method(
                        example.method(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        if (body.length > 0) {
            request.header("Content-Type", isZip ? "application/zip" : "application/json");
        }
        example.headers().forEach(request::header);
        example.parameters().stream()
                .filter(name -> !example.path().contains("{" + name + "}"))
                .forEach(name -> request.header(name, values.of(name)));
        return request.build();
    }

    private String url(ContractExample example) {
        String path = example.path();
        for (String name : example.parameters()) {
            String place = "{" + name + "}";
            path = path.contains(place) ? path.replace(place, values.of(name)) : path;
        }
        return berth.server.url() + path + (example.query().isEmpty() ? "" : "?" + values.local(example.query()));
    }
}
