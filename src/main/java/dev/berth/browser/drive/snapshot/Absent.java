package dev.berth.browser.drive.snapshot;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Adds to an accessibility tree what a mouse can click but assistive technology does not get, such as an icon that is hidden from it.
 * Pure; used once.
 */
final class Absent {
    private static final int MAX_ADDED = 5_000;
    private static final int MAX_NAME_CHARS = 80;

    private final Layout layout;
    private final Map<Integer, Known> known = new HashMap<>();
    /** Those that got children. */
    private final Set<Known> parents = new LinkedHashSet<>();

    private Absent(List<Outline.Part> parts, Layout layout) {
        this.layout = layout;
        for (Outline.Part part : parts) {
            part.nodes().forEach(node -> know(part.nodes(), (JsonObject) node));
        }
    }

    /** A node of the tree. By identity, as its JSON changes. */
    private static final class Known {
        private final JsonArray tree;
        private final JsonObject json;

        Known(JsonArray tree, JsonObject json) {
            this.tree = tree;
            this.json = json;
        }
    }

    static void add(List<Outline.Part> parts, Layout layout) {
        Absent absent = new Absent(parts, layout);
        layout.ordered().stream()
                .filter(place -> place.reachable && place.isClickable() && !absent.known.containsKey(place.id))
                .limit(MAX_ADDED)
                .forEach(absent::add);
        absent.sort();
    }

    private Known know(JsonArray tree, JsonObject node) {
        Known made = new Known(tree, node);
        known.putIfAbsent(node.getInteger("backendDOMNodeId", -1), made);
        return made;
    }

    private void add(Place place) {
        parent(place).ifPresent(parent -> {
            String id = "absent-" + place.id;
            parent.json.getJsonArray("childIds").add(id);
            parents.add(parent);
            JsonObject node = new JsonObject()
                    .put("nodeId", id)
                    .put("parentId", parent.json.getString("nodeId"))
                    .put("backendDOMNodeId", place.id)
                    .put("role", new JsonObject().put("value", "generic"))
                    .put("name", new JsonObject().put("value", Tidy.cut(layout.text(place), MAX_NAME_CHARS)))
                    .put("childIds", new JsonArray());
            parent.tree.add(know(parent.tree, node).json);
        });
    }

    private Optional<Known> parent(Place place) {
        for (Place above = place.parent; above != null; above = above.parent) {
            Known found = known.get(above.id);
            if (found != null && found.json.getJsonArray("childIds") != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private record Child(int order, String id) {}

    private void sort() {
        Map<String, Integer> orders = new HashMap<>();
        known.forEach((id, node) ->
                layout.place(id).ifPresent(place -> orders.put(node.json.getString("nodeId"), place.order)));
        parents.forEach(parent -> sort(parent, orders));
    }

    /** Puts the children in the document's order; one without a place stays behind the one before it. */
    private static void sort(Known parent, Map<String, Integer> orders) {
        List<Child> children = new ArrayList<>();
        int last = -1;
        for (Object id : parent.json.getJsonArray("childIds")) {
            last = orders.getOrDefault((String) id, last);
            children.add(new Child(last, (String) id));
        }
        children.sort(Comparator.comparingInt(Child::order));
        parent.json.put(
                "childIds", new JsonArray(children.stream().map(Child::id).toList()));
    }
}
