package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that is stopped while the clients of another one use it. */
@Tag("full")
class NodeStopIT {
    private final Path folder = Berth.temporaryFolder();
    private TwoNodes nodes;
    private ServerProcess first;
    private ServerProcess second;

    @BeforeEach
    void start() throws IOException {
        nodes = TwoNodes.start(folder, 1);
        first = nodes.first();
        second = nodes.second();
    }

    @AfterEach
    void stop() throws InterruptedException {
        nodes.stop();
        ServerProcess.killAll(folder);
        Berth.delete(folder);
    }

    /** A node prefers itself to one with as much room. */
    private String ofSecond() {
        JsonObject made = second.api().post("/api/sessions?wait=running").json();
        assertThat(made.getString("machineId"))
                .isEqualTo(second.api().get("/health/ready").json().getString("machineId"));
        return "/api/sessions/" + made.getString("sessionId");
    }

    /** Its session has ended by then, which is a better answer than that its node can't be reached. */
    @Test
    void aNodeThatStopsAnswersWhatWasPassedToIt() throws Exception {
        String session = ofSecond();
        String script = "document.title = 'under way'; new Promise(() => {})";
        CompletableFuture<Api.Answer> passed = CompletableFuture.supplyAsync(
                () -> first.api().post(session + "/evaluate", new JsonObject().put("expression", script)));
        second.api().await(session, answer -> "under way".equals(answer.json().getString("title")));
        second.process.destroy();
        Api.Answer answer = passed.get();
        assertThat(answer.status()).as(answer.text()).isEqualTo(410);
        assertThat(answer.text()).contains("node_drained");
        assertThat(second.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
}
