package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A node with one place, one waiting place, and little memory for each session. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CapacityIT {
    private static final String SESSIONS = "/api/sessions";

    private final Path data = Berth.temporaryFolder();
    private Berth small;
    private Api api;

    @BeforeAll
    void start() {
        small = Berth.start(
                data,
                Map.of(
                        "BERTH_SESSIONS_MAX", "1",
                        "BERTH_SESSIONS_QUEUE_MAX", "1",
                        "BERTH_CHROME_MAX_MEMORY_MIB", "400"));
        api = small.api();
    }

    @AfterAll
    void stop() {
        small.stop();
        Berth.delete(data);
    }

    @AfterEach
    void endAll() {
        api.get(SESSIONS).list("sessions").stream()
                .map(session -> ((JsonObject) session).getString("sessionId"))
                .forEach(id -> api.delete(SESSIONS + "/" + id));
    }

    private String create() {
        return SESSIONS + "/" + api.post(SESSIONS).json().getString("sessionId");
    }

    private void awaitStatus(String session, String status) {
        api.await(session, a -> a.json().getString("status").equals(status));
    }

    @Test
    void sessionsOnAFullNodeWaitInOrderAndShowTheirPosition() {
        String first = api.newSession();
        String second = create();
        JsonObject waiting = api.await(second, a -> a.json().getInteger("queuePosition") != null)
                .json();
        assertThat(waiting.getInteger("queuePosition")).isEqualTo(1);
        assertThat(waiting.getString("queueReason")).contains("taken", "next");
        JsonObject listed = api.get("/api/sessions").list("sessions").getJsonObject(0);
        assertThat(listed.getInteger("queuePosition")).isEqualTo(1);
        assertThat(listed.getString("queueReason")).isEqualTo(waiting.getString("queueReason"));
        assertThat(waiting.getString("status")).isEqualTo("creating");
        Api.Answer refused = api.post(SESSIONS);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error().getString("code")).isEqualTo("capacity");
        assertThat(refused.error().getBoolean("retryable")).isTrue();
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        api.delete(first);
        awaitStatus(second, "running");
        assertThat(api.get(second).json().getInteger("queuePosition")).isNull();
    }

    @Test
    void whoWaitsGoesOnWaitingOverARestart() {
        String first = api.newSession();
        String second = create();
        small.stop();
        start();
        awaitStatus(second, "running");
        assertThat(api.get(first).json().getString("endReason")).isEqualTo("node_drained");
    }

    @Test
    void aClientThatLeavesWhileItWaitsLeavesNoSession() throws IOException {
        api.newSession();
        URI server = URI.create(small.server.url());
        try (Socket client = new Socket(server.getHost(), server.getPort())) {
            client.getOutputStream()
                    .write(("POST " + SESSIONS
                                    + "?wait=running HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nX-API-Key: "
                                    + Berth.KEY + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            api.await(SESSIONS, a -> a.json().getInteger("total") == 2);
        }
        api.await(SESSIONS, a -> a.json().getInteger("total") == 1);
        assertThat(api.get(SESSIONS + "?includeTerminated=true")
                        .list("sessions")
                        .getJsonObject(0)
                        .getString("endReason"))
                .isEqualTo("client_disconnected");
    }

    @Test
    void aSessionThatOutgrowsItsMemoryIsEnded() {
        String session = api.newSession();
        api.post(
                session + "/evaluate",
                new JsonObject()
                        .put(
                                "expression",
                                "window.kept = []; setInterval(() => { if (kept.length < 80) kept.push("
                                        + "new Uint8Array(8 << 20).fill(1)) }, 10); 1"));
        JsonObject over =
                api.await(session, a -> a.json().getString("endedAt") != null).json();
        assertThat(over.getString("endReason")).isEqualTo("out_of_memory");
        assertThat(over.getString("status")).isEqualTo("failed");
        assertThat(over.getString("endDetail")).matches("Chrome took \\d+ MiB of memory");
    }
}
