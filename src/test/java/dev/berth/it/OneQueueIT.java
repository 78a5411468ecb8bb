package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.it.EventClient.Event;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes with a place each: sessions that wait for one get it in the order of their creation, on whichever node. */
@Tag("full")
class OneQueueIT {
    private static final Path FOLDER = Berth.temporaryFolder();
    private static final int WAITING = 3;
    private static TwoNodes nodes;
    private static ServerProcess first;
    private static ServerProcess second;

    @BeforeAll
    static void start() throws Exception {
        nodes = TwoNodes.start(FOLDER, 1, "BERTH_SESSIONS_QUEUE_MAX=" + WAITING);
        first = nodes.first();
        second = nodes.second();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        nodes.stop();
        ServerProcess.killAll(FOLDER);
        Berth.delete(FOLDER);
    }

    private static String path(JsonObject session) {
        return "/api/sessions/" + session.getString("sessionId");
    }

    private static CompletableFuture<JsonObject> createAndWait() {
        return CompletableFuture.supplyAsync(
                () -> second.api().post("/api/sessions?wait=running").json());
    }

    /** The sessions that have no Chrome yet, the latest first. */
    private static JsonArray waiting() {
        return second.api().get("/api/sessions?status=creating&limit=100").list("sessions");
    }

    private static JsonObject last(int count) {
        return Api.await(OneQueueIT::waiting, some -> some.size() == count).getJsonObject(0);
    }

    @Test
    void sessionsRunInTheOrderOfTheirCreationWhereverAPlaceBecomesFree() throws Exception {
        JsonObject one = createAndWait().get(40, TimeUnit.SECONDS);
        JsonObject other = createAndWait().get(40, TimeUnit.SECONDS);
        String busy = one.getString("machineId");
        String freed = other.getString("machineId");
        assertThat(busy).isNotEqualTo(freed);
        // Their rows tell a moment later that they run.
        Api.await(OneQueueIT::waiting, JsonArray::isEmpty);
        List<CompletableFuture<JsonObject>> asked = new ArrayList<>();
        List<JsonObject> sessions = new ArrayList<>();
        Set<String> nodes = new HashSet<>();
        for (int i = 0; i < WAITING; i++) {
            asked.add(createAndWait());
            JsonObject session = last(i + 1);
            nodes.add(session.getString("machineId"));
            assertThat(session.getInteger("queuePosition")).isEqualTo(i + 1);
            sessions.add(session);
        }
        assertThat(nodes).containsExactlyInAnyOrder(busy, freed);
        List<EventClient> readers = new ArrayList<>();
        List<CompletableFuture<CdpClient>> clients = new ArrayList<>();
        for (JsonObject session : sessions) {
            readers.add(events(session, "0"));
            String cdp =
                    first.api().get(path(session) + "/cdp/json/version").json().getString("webSocketDebuggerUrl");
            clients.add(CompletableFuture.supplyAsync(() -> CdpClient.connect(cdp)));
        }
        JsonObject running = other;
        int elsewhere = 0;
        String firsts = first.api().get("/api/admin/nodes").list("nodes").stream()
                .map(JsonObject.class::cast)
                .filter(node -> node.getBoolean("self"))
                .findFirst()
                .orElseThrow()
                .getString("machineId");
        for (int i = 0; i < WAITING; i++) {
            JsonObject next = sessions.get(i);
            assertThat(asked.subList(i, WAITING)).noneMatch(CompletableFuture::isDone);
            first.api().delete(path(running));
            running = asked.get(i).get(30, TimeUnit.SECONDS);
            assertThat(running.getString("sessionId")).isEqualTo(next.getString("sessionId"));
            assertThat(running.getString("status")).as("of session " + i).isEqualTo("running");
            assertThat(running.getString("machineId")).isEqualTo(freed);
            JsonObject row = second.api().get(path(next)).json();
            assertThat(row.getString("machineId")).isEqualTo(freed);
            assertThat(row.getString("createdAt")).isEqualTo(next.getString("createdAt"));
            elsewhere += next.getString("machineId").equals(freed) ? 0 : 1;
            assertStarted(next, readers.get(i), !freed.equals(firsts));
            CdpClient client = clients.get(i).get(30, TimeUnit.SECONDS);
            assertThat(client.evaluate("1 + 1", client.attach())).isEqualTo(2);
            assertThat(second.api().evaluate(path(next), "2 + 2")).isEqualTo(4);
        }
        assertThat(elsewhere).isPositive();
        first.api().delete(path(running));
        first.api().delete(path(one));
        Api.await(OneQueueIT::waiting, JsonArray::isEmpty);
    }

    private static EventClient events(JsonObject session, String from) {
        return EventClient.open(first.api().request(path(session) + "/events").header("Last-Event-ID", from));
    }

    /** An EventSource comes back by itself. */
    private static void assertStarted(JsonObject session, EventClient reader, boolean elsewhere) {
        EventClient now = reader;
        if (elsewhere) {
            List<Event> told = reader.rest();
            assertThat(told.get(told.size() - 1).data().encode()).contains("connect again");
            now = events(session, reader.lastId());
        }
        List<Event> told = now.until(event -> event.data().encode().contains("running"));
        assertThat(told).isNotEmpty();
        now.close();
    }
}
