package dev.berth.browser.drive.snapshot;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of a closed list, which can be selected, but not clicked. Pure. */
final class ClosedList {
    private static final int MAX_OPTIONS = 25;

    private final Map<Object, JsonObject> nodes;
    private final List<String> names = new ArrayList<>();

    private ClosedList(Map<Object, JsonObject> nodes) {
        this.nodes = nodes;
    }

    /**
     * The line of options; empty where a node has no closed list.
     *
     * @param nodes the nodes of the list's document, by id
     */
    static Optional<Shown> of(JsonObject node, Map<Object, JsonObject> nodes) {
        return node.getJsonArray("childIds", new JsonArray()).stream()
                .map(nodes::get)
                .filter(child -> Ax.role(child).equals("MenuListPopup"))
                .findFirst()
                .map(list -> new ClosedList(nodes).line(list));
    }

    private Shown line(JsonObject list) {
        collect(list);
        int told = Math.min(MAX_OPTIONS, names.size());
        String more = names.size() > told ? " | … " + (names.size() - told) + " more" : "";
        return new Shown("options", String.join(" | ", names.subList(0, told)) + more);
    }

    private void collect(JsonObject node) {
        for (Object id : node.getJsonArray("childIds", new JsonArray())) {
            JsonObject child = nodes.get(id);
            if (Ax.role(child).equals("option")) {
                names.add(Ax.name(child));
            } else if (child != null) {
                collect(child);
            }
        }
    }
}
