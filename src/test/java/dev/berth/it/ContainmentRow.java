package dev.berth.it;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One way out to one target.
 *
 * @param arrived the packets that should not have left; must be empty
 * @param tried how it is known that the way was taken; must not be empty
 * @param stoppedBy what the server said, or who did not send
 */
record ContainmentRow(String way, String target, List<String> arrived, String tried, String stoppedBy) {
    JsonObject toJson() {
        return new JsonObject()
                .put("way", way)
                .put("target", target)
                .put("arrived", new JsonArray(arrived))
                .put("tried", tried)
                .put("stoppedBy", stoppedBy);
    }

    static ContainmentRow parse(String json) {
        JsonObject row = new JsonObject(json);
        return new ContainmentRow(
                row.getString("way"),
                row.getString("target"),
                row.getJsonArray("arrived").stream().map(String.class::cast).toList(),
                row.getString("tried"),
                row.getString("stoppedBy"));
    }

    String name() {
        return way + " → " + target;
    }

    @Override
    public String toString() {
        return "%-56s %-20s %-42s %s".formatted(way, target, tried, arrived.isEmpty() ? stoppedBy : "LEAK " + arrived);
    }
}
