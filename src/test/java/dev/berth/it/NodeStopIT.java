package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        URI at = URI.create(first.url());
        try (Socket client = new Socket(at.getHost(), at.getPort())) {
            client.setSoTimeout(20_000);
            send(
                    client,
                    "POST " + session + "/evaluate HTTP/1.1\r\nHost: x\r\nX-API-Key: " + Berth.KEY
                            + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
                            + "Expect: 100-continue\r\nContent-Length: 18\r\n\r\n");
            assertThat(new String(client.getInputStream().readNBytes(25), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            second.process.destroy();
            Api.await(this::takesRequests, takes -> !takes);
            send(client, "{\"expression\":\"1\"}");
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 410 ")
                    .contains("node_drained");
        }
        assertThat(second.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private boolean takesRequests() {
        try (Socket ignored = new Socket("127.0.0.1", nodes.secondsPort())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
