package dev.berth.browser.drive.snapshot;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
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

    private final Layout layout;
    private final Map<Integer, Known> known = new HashMap<>();
    /** The nodes that got children. */
    private final Set<Known> parents = new LinkedHashSet<>();

    private Absent(List<Outline.Part> parts, Layout layout) {
        this.layout = layout;
        for (Outline.Part part : parts) {
            Tree tree = new Tree(part.nodes(), new HashMap<>());
            part.nodes().forEach(node -> know(new Known(tree, (JsonObject) node, false)));
        }
    }

    /** The tree of one document; ids are unique within it only. */
    private record Tree(JsonArray nodes, Map<String, Known> byId) {}

    /** A node of a tree, or one that is added. By identity, as its JSON changes. */
    private static final class Known {
        private final Tree tree;
        private final JsonObject json;
        private final boolean added;

        Known(Tree tree, JsonObject json, boolean added) {
            this.tree = tree;
            this.json = json;
            this.added = added;
        }

        String id() {
            return json.getString("nodeId");
        }

        JsonArray children() {
            return json.getJsonArray("childIds");
        }
    }

    static void add(List<Outline.Part> parts, Layout layout) {
        Absent absent = new Absent(parts, layout);
        layout.ordered().stream()
                .filter(place -> place.reachable && (place.isClickable() || Roles.isControl(place.role)))
                .filter(place -> !absent.known.containsKey(place.id))
                .limit(MAX_ADDED)
                .toList()
                .forEach(absent::add);
        absent.parents.forEach(absent::nest);
    }

    private void know(Known node) {
        known.putIfAbsent(node.json.getInteger("backendDOMNodeId", -1), node);
        node.tree.byId.put(node.id(), node);
    }

    private void add(Place place) {
        parent(place).ifPresent(parent -> {
            JsonObject node = new JsonObject()
                    .put("nodeId", "absent-" + place.id)
                    .put("parentId", parent.id())
                    .put("backendDOMNodeId", place.id)
                    .put("role", new JsonObject().put("value", Roles.unheard(place)))
                    .put("name", new JsonObject().put("value", place.label))
                    .put("childIds", new JsonArray());
            parent.children().add(node.getString("nodeId"));
            parent.tree.nodes.add(node);
            parents.add(parent);
            know(new Known(parent.tree, node, true));
        });
    }

    /** The node of the tree that contains it; not one that is added, as these are nested later. */
    private Optional<Known> parent(Place place) {
        for (Place above = place.parent; above != null; above = above.parent) {
            Known found = known.get(above.id);
            if (found != null && !found.added && found.children() != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    private record Child(Optional<Place> place, int order, Known node) {}

    /** Puts the children in the document's order, and those that are within an added one into it. */
    private void nest(Known parent) {
        List<Child> children = children(parent);
        parent.json.put("childIds", new JsonArray());
        Deque<Child> open = new ArrayDeque<>();
        for (Child child : children) {
            while (!open.isEmpty() && !isWithin(child, open.peek())) {
                open.pop();
            }
            Known holder = open.isEmpty() ? parent : open.peek().node;
            holder.children().add(child.node.id());
            child.node.json.put("parentId", holder.id());
            if (child.node.added) {
                open.push(child);
            }
        }
        children.forEach(this::nameIfBare);
    }

    /** The children of a node in their order on the page. A child without a place stays behind the child before it. */
    private List<Child> children(Known parent) {
        List<Child> children = new ArrayList<>();
        int last = -1;
        for (Object id : parent.children()) {
            Known node = parent.tree.byId.get((String) id);
            if (node == null) {
                continue;
            }
            Optional<Place> place = layout.place(node.json.getInteger("backendDOMNodeId", -1));
            last = place.map(at -> at.order).orElse(last);
            children.add(new Child(place, last, node));
        }
        children.sort(Comparator.comparingInt(Child::order));
        return children;
    }

    private static boolean isWithin(Child child, Child holder) {
        return child.place.isPresent() && child.place.get().within(holder.place.orElseThrow());
    }

    /** Names a child by its text where the tree has no part of its content. */
    private void nameIfBare(Child child) {
        JsonObject json = child.node.json;
        boolean bare = child.node.added
                && json.getJsonObject("name").getString("value").isEmpty()
                && child.node.children().stream().allMatch(id -> child.node.tree.byId.get((String) id).added);
        if (bare) {
            json.getJsonObject("name").put("value", layout.name(child.place.orElseThrow()));
        }
    }
}
