package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.mcp.StdioBridge;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client that speaks over standard input and output reads, until it closes its side. */
class McpOverStdioIT {
    private static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},\
            "clientInfo":{"name":"test","version":"1"}}}
            """;
    private final Berth berth = Berth.shared();

    private List<JsonObject> answers(String key, String input) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // The encoding of the system's output is not always that of the protocol.
        new StdioBridge(
                        berth.vertx,
                        Future.succeededFuture(StdioBridge.Endpoint.at(berth.server.url(), key)),
                        new PrintStream(out, true, StandardCharsets.US_ASCII))
                .run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        return out.toString(StandardCharsets.UTF_8).lines().map(JsonObject::new).toList();
    }

    @Test
    void allThatWasAskedBeforeTheEndIsAnswered() throws Exception {
        List<JsonObject> answers = answers(Berth.KEY, INITIALIZE + """
                {"jsonrpc":"2.0","method":"notifications/initialized"}
                {"jsonrpc":"2.0","id":"ä","method":"tools/list"}
                no JSON
                """);
        assertThat(answers).extracting(answer -> answer.getValue("id")).containsExactlyInAnyOrder(1, "ä", null);
        assertThat(answers)
                .filteredOn(answer -> "ä".equals(answer.getValue("id")))
                .allSatisfy(answer -> assertThat(answer.getJsonObject("result").getJsonArray("tools"))
                        .isNotEmpty());
    }

    @Test
    void aRefusalIsTheAnswer() throws Exception {
        assertThat(answers("no-key", INITIALIZE))
                .singleElement()
                .satisfies(answer -> assertThat(answer.getJsonObject("error").getString("message"))
                        .contains("key"));
    }
}
