package dev.berth.http.webdriver;

import dev.berth.protocol.NodeCommand.NodeStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;

/**
 * The answer of {@code GET /status}, in the form of Selenium Grid 4: this server as one node, with a slot for each session that it can have.
 * Anybody may ask: the answer names no session.
 */
final class GridStatus {
    private GridStatus() {}

    /** @param url at which clients reach this server */
    static JsonObject of(NodeStatus node, String url, long maxLifetimeMillis) {
        int taken = node.creating() + node.running();
        boolean ready = !node.draining() && taken < node.capacity();
        String why = node.draining()
                ? "Berth takes no new sessions: it is being stopped"
                : ready ? "Berth is ready for new sessions" : "all places are taken; a new session waits for one";
        JsonObject shown = new JsonObject()
                .put("id", node.machineId())
                .put("uri", url)
                .put("maxSessions", node.capacity())
                .put("sessionTimeout", maxLifetimeMillis)
                .put("availability", node.draining() ? "DRAINING" : "UP")
                .put("version", "Berth")
                .put("slots", slots(node, taken));
        return new JsonObject().put("ready", ready).put("message", why).put("nodes", new JsonArray().add(shown));
    }

    private static JsonArray slots(NodeStatus node, int taken) {
        JsonObject stereotype = new JsonObject()
                .put("browserName", "chrome")
                .put("browserVersion", version(node))
                .put("platformName", "linux");
        JsonArray slots = new JsonArray();
        IntStream.range(0, node.capacity())
                .forEach(number -> slots.add(new JsonObject()
                        .put(
                                "id",
                                new JsonObject().put("hostId", node.machineId()).put("id", String.valueOf(number)))
                        .put("stereotype", stereotype)
                        .put(
                                "session",
                                number < taken
                                        ? new JsonObject()
                                                .put("sessionId", "taken")
                                                .put("stereotype", stereotype)
                                        : null)));
        return slots;
    }

    private static String version(NodeStatus node) {
        return node.chrome().substring(node.chrome().indexOf('/') + 1);
    }
}
