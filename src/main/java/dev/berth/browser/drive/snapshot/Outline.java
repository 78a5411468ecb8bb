package dev.berth.browser.drive.snapshot;

import dev.berth.browser.drive.element.Refs.NodeRef;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the lines of a page out of its accessibility tree and its layout. Pure; used once. */
final class Outline {
    /** Deeper nodes are left out, as each level takes stack. */
    private static final int MAX_DEPTH = 400;

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
        Labels.tidy(root);
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
        private final RefTargets refTargets;
        private final Map<Integer, JsonArray> parts = new HashMap<>();
        private final Map<Integer, Target> frames = new HashMap<>();

        Documents(Target target, boolean inFrame, boolean reachable) {
            this.target = target;
            this.inFrame = inFrame;
            this.refTargets = new RefTargets(target.layout(), reachable);
            Absent.add(target.parts(), target.layout());
            target.parts().forEach(part -> parts.put(part.owner(), part.nodes()));
            target.frames().forEach(frame -> frames.put(frame.owner(), frame));
        }

        List<Shown> all() {
            return Tidy.joined(document(parts.getOrDefault(0, new JsonArray())));
        }

        /** The parts of the accessibility tree within an element, which need not be in that tree itself. */
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
                return new TreeNode(node, nodes).lines();
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

        /** A node of the tree. */
        private final class TreeNode {
            private final JsonObject node;
            private final Nodes nodes;
            private final String role;
            private final Optional<Place> place;

            TreeNode(JsonObject node, Nodes nodes) {
                this.node = node;
                this.nodes = nodes;
                this.place = place(node);
                this.role = isIgnored() ? ignoredRole() : Ax.role(node);
            }

            private boolean isIgnored() {
                return node.getBoolean("ignored", false);
            }

            /** Assistive technology is to ignore it, but a mouse does not. */
            private String ignoredRole() {
                return place.map(Roles::unheard).orElse("none");
            }

            List<Shown> lines() {
                if (Roles.isSkipped(role)
                        || place.filter(at -> at.tag.equals("::MARKER")).isPresent()) {
                    return List.of();
                }
                if (role.equals("LineBreak")) {
                    return List.of(text(" "));
                }
                if (role.equals("StaticText")) {
                    String text = Ax.name(node);
                    return text.isEmpty() ? List.of() : List.of(text(text));
                }
                Optional<Integer> clicked = refTargets.acted(node, role, place);
                Optional<Integer> scrolled = refTargets.scrolled(place);
                return Roles.isTransparent(role) && clicked.isEmpty() && scrolled.isEmpty() && !role.equals("LabelText")
                        ? apart(children(node, nodes))
                        : List.of(line(clicked, scrolled));
            }

            /** The texts of blocks are words of their own. */
            private List<Shown> apart(List<Shown> inside) {
                if (inside.isEmpty() || place.filter(Place::isBlock).isEmpty()) {
                    return inside;
                }
                List<Shown> apart = new ArrayList<>(inside);
                apart.add(0, text(" "));
                apart.add(text(" "));
                return apart;
            }

            private Shown text(String text) {
                Shown line = new Shown(Shown.TEXT, text);
                line.side = place.map(at -> at.side).orElse(Place.Side.WITHIN);
                return line;
            }

            private Shown line(Optional<Integer> clicked, Optional<Integer> scrolled) {
                Shown line = new Shown(Roles.aria(role), name());
                place.ifPresent(at -> line.box = at.box);
                line.value = Ax.value(node);
                line.side = place.map(at -> at.side).orElse(Place.Side.WITHIN);
                Ax.marks(node, line.marks);
                scrolled.ifPresent(scrolls -> line.marks.put("scrollable", true));
                clicked.or(() -> scrolled).ifPresent(id -> line.ref = refs.of(new NodeRef(target.id(), id), inFrame));
                Optional<Shown> options = role.equals("combobox") ? ClosedList.of(node, nodes.byId) : Optional.empty();
                options.ifPresentOrElse(line.children::add, () -> inside(line));
                hint(line);
                return line;
            }

            private String name() {
                String name = Ax.name(node);
                boolean unnamed = name.isEmpty() && (isIgnored() ? !role.equals("none") : role.equals("LabelText"));
                return unnamed ? place.map(target.layout()::name).orElse("") : name;
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
                return new Documents(frame, true, refTargets.reaches(place)).all();
            }

            private void hint(Shown line) {
                boolean nameless = line.name.isEmpty() && line.value.isEmpty() && line.children.isEmpty();
                if (nameless && !line.ref.isEmpty()) {
                    place.filter(at -> !at.hint.isEmpty()).ifPresent(at -> line.marks.put("hint", at.hint));
                }
            }
        }
    }
}
