package dev.berth.browser.drive.snapshot;

import dev.berth.browser.drive.element.Refs.NodeRef;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the lines of a page out of its accessibility tree and its layout. Pure; used once. */
final class Outline {
    /** Deeper nodes are left out, as each level takes stack. */
    private static final int MAX_DEPTH = 400;

    private static final int MAX_OPTIONS = 25;

    private final DocumentRefs refs;
    private int depth;

    Outline(DocumentRefs refs) {
        this.refs = refs;
    }

    /**
     * The nodes of one document, as Chrome returns them.
     *
     * @param owner the backend node id of the iframe that holds it; 0 for a target's own document
     */
    record Part(int owner, JsonArray nodes) {}

    /**
     * A page, or an iframe of another site.
     *
     * @param owner the backend node id of the iframe in the target that holds it; 0 for the page
     * @param parts its own document first
     */
    record Target(String id, int owner, List<Part> parts, Layout layout, List<Target> frames) {}

    /** @param only the node to describe; empty for all */
    Shown of(Target page, Optional<NodeRef> only) {
        Shown root = new Shown("document", "");
        root.children = only.map(node -> within(page, node)).orElseGet(() -> new Documents(page, false, true).all());
        if (!page.layout().extent().isEmpty()) {
            root.marks.put("viewport", page.layout().extent());
        }
        return root;
    }

    private List<Shown> within(Target target, NodeRef node) {
        if (target.id().equals(node.targetId())) {
            return new Documents(target, target.owner() != 0, true).within(node.backendNodeId());
        }
        return target.frames().stream()
                .flatMap(frame -> within(frame, node).stream())
                .toList();
    }

    /** The documents of one target. */
    private final class Documents {
        private final Target target;
        private final boolean inFrame;
        private final boolean reachable;
        private final Map<Integer, JsonArray> parts = new HashMap<>();
        private final Map<Integer, Target> frames = new HashMap<>();
        private final Covers covers;
        private final Set<String> controlNames = new HashSet<>();

        Documents(Target target, boolean inFrame, boolean reachable) {
            this.target = target;
            this.inFrame = inFrame;
            this.reachable = reachable;
            this.covers = new Covers(target.layout());
            Absent.add(target.parts(), target.layout());
            target.parts().forEach(part -> parts.put(part.owner(), part.nodes()));
            target.frames().forEach(frame -> frames.put(frame.owner(), frame));
        }

        List<Shown> all() {
            return Tidy.joined(document(parts.getOrDefault(0, new JsonArray())));
        }

        /** What of the accessibility tree is within an element, which need not be in that tree itself. */
        List<Shown> within(int backendNodeId) {
            Optional<Place> wanted = target.layout().place(backendNodeId);
            List<Shown> found = new ArrayList<>();
            for (Part part : target.parts()) {
                Nodes nodes = new Nodes(part.nodes());
                wanted.ifPresent(
                        element -> nodes.outermost(element).forEach(node -> found.addAll(render(node, nodes))));
            }
            return Tidy.joined(found);
        }

        private List<Shown> document(JsonArray json) {
            Nodes nodes = new Nodes(json);
            return json.isEmpty() ? List.of() : children(json.getJsonObject(0), nodes);
        }

        private List<Shown> children(JsonObject node, Nodes nodes) {
            List<Shown> into = new ArrayList<>();
            node.getJsonArray("childIds", new JsonArray())
                    .forEach(id -> Optional.ofNullable(nodes.byId.get(id))
                            .ifPresent(child -> into.addAll(render(child, nodes))));
            return into;
        }

        private List<Shown> render(JsonObject node, Nodes nodes) {
            if (depth == MAX_DEPTH) {
                return List.of();
            }
            depth++;
            try {
                return new One(node, nodes).lines();
            } finally {
                depth--;
            }
        }

        /** The nodes of one document by id. */
        private final class Nodes {
            private final Map<Object, JsonObject> byId = new HashMap<>();

            Nodes(JsonArray nodes) {
                nodes.forEach(each -> {
                    JsonObject node = (JsonObject) each;
                    byId.put(node.getString("nodeId"), node);
                    if (Roles.isControl(Ax.role(node)) && !Ax.name(node).isEmpty()) {
                        controlNames.add(Ax.name(node));
                    }
                });
            }

            private List<JsonObject> outermost(Place element) {
                return byId.values().stream()
                        .filter(node -> isIn(node, element) && !isIn(byId.get(node.getString("parentId")), element))
                        .sorted(Comparator.comparingInt(node -> place(node).orElseThrow().order))
                        .toList();
            }

            private boolean isIn(JsonObject node, Place element) {
                return node != null
                        && place(node).filter(place -> place.within(element)).isPresent();
            }
        }

        private Optional<Place> place(JsonObject node) {
            return target.layout().place(node.getInteger("backendDOMNodeId", -1));
        }

        /** One node of the tree. */
        private final class One {
            private final JsonObject node;
            private final Nodes nodes;
            private final String role;
            private final Optional<Place> place;

            One(JsonObject node, Nodes nodes) {
                this.node = node;
                this.nodes = nodes;
                this.role = node.getBoolean("ignored", false) ? "none" : Ax.role(node);
                this.place = place(node);
            }

            List<Shown> lines() {
                if (Roles.isSkipped(role)) {
                    return List.of();
                }
                if (role.equals("StaticText")) {
                    String text = Ax.name(node);
                    return text.isEmpty() ? List.of() : List.of(text(text));
                }
                Optional<Integer> clicked = clicked();
                if (Roles.isTransparent(role) && clicked.isEmpty() && scrolled().isEmpty()) {
                    List<Shown> inside = children(node, nodes);
                    return role.equals("LabelText") && repeatsControl(inside) ? List.of() : inside;
                }
                return List.of(line(clicked));
            }

            private Shown text(String text) {
                Shown line = new Shown(Shown.TEXT, text);
                line.side = place.map(at -> at.side).orElse(Place.Side.WITHIN);
                return line;
            }

            private boolean repeatsControl(List<Shown> inside) {
                return inside.stream().allMatch(Shown::isText) && controlNames.contains(Tidy.text(inside));
            }

            private Shown line(Optional<Integer> clicked) {
                Shown line = new Shown(Roles.aria(role), Ax.name(node));
                line.value = Ax.value(node);
                line.side = place.map(at -> at.side).orElse(Place.Side.WITHIN);
                Ax.marks(node, line.marks);
                scrolled().ifPresent(scrolls -> line.marks.put("scrollable", true));
                clicked.or(this::scrolled).ifPresent(id -> line.ref = refs.of(new NodeRef(target.id(), id), inFrame));
                if (role.equals("combobox") && hasClosedList()) {
                    options(line);
                } else {
                    inside(line);
                }
                hint(line);
                return line;
            }

            private void inside(Shown line) {
                List<Shown> children = new ArrayList<>(children(node, nodes));
                Integer id = node.getInteger("backendDOMNodeId", -1);
                children.addAll(document(parts.getOrDefault(id, new JsonArray())));
                Optional.ofNullable(frames.get(id)).ifPresent(frame -> children.addAll(framed(frame)));
                line.children = Tidy.joined(children);
                Tidy.fold(line);
            }

            private List<Shown> framed(Target frame) {
                boolean seen = reachable && place.filter(at -> at.reachable).isPresent();
                return new Documents(frame, true, seen).all();
            }

            private boolean hasClosedList() {
                return node.getJsonArray("childIds", new JsonArray()).stream()
                        .anyMatch(id -> Ax.role(nodes.byId.get(id)).equals("MenuListPopup"));
            }

            /** The options of a closed list can be selected, but not clicked. */
            private void options(Shown line) {
                List<String> names = new ArrayList<>();
                nodes.byId
                        .get(node.getJsonArray("childIds").getString(0))
                        .getJsonArray("childIds", new JsonArray())
                        .forEach(id -> optionNames(nodes.byId.get(id), names));
                String more = names.size() > MAX_OPTIONS ? " | … " + (names.size() - MAX_OPTIONS) + " more" : "";
                line.children.add(new Shown(
                        "options", String.join(" | ", names.subList(0, Math.min(MAX_OPTIONS, names.size()))) + more));
            }

            private void optionNames(JsonObject option, List<String> into) {
                if (option == null) {
                    return;
                }
                if (Ax.role(option).equals("option")) {
                    into.add(Ax.name(option));
                } else {
                    option.getJsonArray("childIds", new JsonArray())
                            .forEach(id -> optionNames(nodes.byId.get(id), into));
                }
            }

            private void hint(Shown line) {
                boolean nameless = line.name.isEmpty() && line.value.isEmpty() && line.children.isEmpty();
                if (nameless && !line.ref.isEmpty()) {
                    place.filter(at -> !at.hint.isEmpty()).ifPresent(at -> line.marks.put("hint", at.hint));
                }
            }

            /** The node that a click goes to: its own, or that of a label where its own can't be hit. */
            private Optional<Integer> clicked() {
                if (!reachable || place.isEmpty() || Ax.isRoot(role)) {
                    return Optional.empty();
                }
                Place at = place.get();
                boolean acts = Roles.isControl(role)
                        || at.isClickable()
                        || Ax.is(node, "focusable") && !at.tag.equals("IFRAME");
                if (!acts || at.editable && !at.isEditor() && !Roles.isControl(role)) {
                    return Optional.empty();
                }
                if (at.reachable && !covers.hide(at) && !isBackground(at)) {
                    return Optional.of(node.getInteger("backendDOMNodeId"));
                }
                return Roles.isControl(role) ? label() : Optional.empty();
            }

            /** Whether it only hears what happens in the page as a whole. */
            private boolean isBackground(Place at) {
                return !Roles.isControl(role)
                        && !Ax.is(node, "focusable")
                        && !at.pointer
                        && at.box.area() > target.layout().viewport().area() / 2;
            }

            private Optional<Integer> label() {
                return Ax.related(node, "labelledby").stream()
                        .filter(id -> target.layout()
                                .place(id)
                                .filter(at -> at.tag.equals("LABEL") && at.reachable && !covers.hide(at))
                                .isPresent())
                        .findFirst();
            }

            private Optional<Integer> scrolled() {
                return place.filter(at -> at.scrollable && at.reachable && reachable)
                        .map(at -> node.getInteger("backendDOMNodeId"));
            }
        }
    }
}
