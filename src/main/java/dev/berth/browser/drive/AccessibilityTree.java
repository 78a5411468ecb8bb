package dev.berth.browser.drive;

import dev.berth.browser.Failures;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Renders a page's accessibility tree as JSON and as text, without nodes that carry no meaning. Pure. */
final class AccessibilityTree {
    /** Roles without a meaning of their own: such nodes are replaced by their children. */
    private static final Set<String> TRANSPARENT =
            Set.of("none", "generic", "GenericContainer", "InlineTextBox", "LineBreak", "MenuListPopup");

    /** ARIA's names of roles that Chrome names otherwise. */
    private static final Map<String, String> ARIA_ROLES =
            Map.of("RootWebArea", "document", "Iframe", "iframe", "Canvas", "canvas", "Date", "group");

    private static final Set<String> STATES = Set.of(
            "level",
            "checked",
            "disabled",
            "expanded",
            "selected",
            "pressed",
            "required",
            "readonly",
            "invalid",
            "focused");
    private static final Pattern SPACE = Pattern.compile("\\s");
    private static final Set<Object> NO = Set.of(false, "false", "");
    private static final String TEXT = "StaticText";
    private static final String MARKER = "ListMarker";

    /** Deeper nodes are left out, as each level takes stack. */
    private static final int MAX_DEPTH = 500;

    private int depth;
    private final Map<Integer, JsonArray> parts = new HashMap<>();
    private final JsonArray roots;
    private final String json;
    private final String text;

    private AccessibilityTree(List<Part> parts) {
        parts.forEach(part -> this.parts.put(part.owner(), part.nodes()));
        this.roots = render(parts.get(0).nodes());
        this.json = roots.isEmpty() ? "null" : roots.getJsonObject(0).encode();
        this.text = lines();
        if ((long) json.length() + text.length() > Failures.MAX_RESULT_BYTES) {
            throw Failures.tooLarge("the snapshot", (long) json.length() + text.length());
        }
    }

    /**
     * The nodes of one document, as Chrome returns them.
     *
     * @param owner the backend node id of the iframe that holds it; 0 for the page's own document
     */
    record Part(int owner, JsonArray nodes) {}

    /** @param parts the page's own document first */
    static AccessibilityTree of(List<Part> parts) {
        return new AccessibilityTree(parts);
    }

    private JsonArray render(JsonArray nodes) {
        if (nodes.isEmpty()) {
            return new JsonArray();
        }
        Map<String, JsonObject> byId = new HashMap<>();
        nodes.forEach(each -> byId.put(((JsonObject) each).getString("nodeId"), (JsonObject) each));
        JsonArray into = new JsonArray();
        render(nodes.getJsonObject(0), byId, into);
        return into;
    }

    private void render(JsonObject node, Map<String, JsonObject> byId, JsonArray into) {
        if (depth == MAX_DEPTH) {
            return;
        }
        depth++;
        renderWithin(node, byId, into);
        depth--;
    }

    private void renderWithin(JsonObject node, Map<String, JsonObject> byId, JsonArray into) {
        String role = value(node, "role");
        String name = value(node, "name").strip();
        if (role.equals(MARKER)) {
            return;
        }
        if (node.getBoolean("ignored", false) || TRANSPARENT.contains(role)) {
            children(node, byId, into);
        } else if (role.equals(TEXT)) {
            if (!name.isEmpty()) {
                into.add(new JsonObject().put("role", "text").put("name", name));
            }
        } else {
            into.add(element(node, ARIA_ROLES.getOrDefault(role, role), name, byId));
        }
    }

    private JsonObject element(JsonObject node, String role, String name, Map<String, JsonObject> byId) {
        JsonObject shown = new JsonObject().put("role", role);
        put(shown, "name", name);
        put(shown, "value", value(node, "value"));
        for (Object each : node.getJsonArray("properties", new JsonArray())) {
            JsonObject property = (JsonObject) each;
            Object state = property.getJsonObject("value").getValue("value");
            if (STATES.contains(property.getString("name")) && state != null && !NO.contains(state)) {
                shown.put(property.getString("name"), state);
            }
        }
        Integer id = node.getInteger("backendDOMNodeId");
        if (id != null) {
            shown.put("ref", "e" + id);
        }
        JsonArray children = new JsonArray();
        children(node, byId, children);
        children.addAll(render(parts.getOrDefault(id == null ? -1 : id, new JsonArray())));
        if (!children.isEmpty() && !repeats(children, name) && !repeats(children, value(node, "value"))) {
            shown.put("children", children);
        }
        return shown;
    }

    private void children(JsonObject node, Map<String, JsonObject> byId, JsonArray into) {
        node.getJsonArray("childIds", new JsonArray()).forEach(id -> {
            JsonObject child = byId.get(id);
            if (child != null) {
                render(child, byId, into);
            }
        });
    }

    /** Whether the name or value {@code text} only repeats the text of the children. */
    private static boolean repeats(JsonArray children, String text) {
        StringBuilder within = new StringBuilder();
        for (Object each : children) {
            JsonObject child = (JsonObject) each;
            if (!child.getString("role").equals("text")) {
                return false;
            }
            within.append(child.getString("name"));
        }
        return SPACE.matcher(within).replaceAll("").equals(SPACE.matcher(text).replaceAll(""));
    }

    private static void put(JsonObject into, String field, String value) {
        if (!value.isEmpty()) {
            into.put(field, value);
        }
    }

    private static String value(JsonObject node, String field) {
        JsonObject value = node.getJsonObject(field);
        return value == null || value.getValue("value") == null
                ? ""
                : value.getValue("value").toString();
    }

    /** The tree as JSON text; {@code null} for an empty page. */
    String json() {
        return json;
    }

    /** The tree with one line for each node. */
    String text() {
        return text;
    }

    private String lines() {
        List<String> lines = new ArrayList<>();
        roots.forEach(root -> line((JsonObject) root, "", lines));
        return String.join("\n", lines);
    }

    private static void line(JsonObject node, String indent, List<String> into) {
        StringBuilder line = new StringBuilder(indent).append("- ").append(node.getString("role"));
        if (node.containsKey("name")) {
            line.append(' ').append(Json.encode(node.getString("name")));
        }
        STATES.stream().sorted().filter(node::containsKey).forEach(state -> {
            Object value = node.getValue(state);
            line.append(" [").append(state);
            line.append(Boolean.TRUE.equals(value) || "true".equals(value) ? "]" : "=" + value + "]");
        });
        if (node.containsKey("ref")) {
            line.append(" [ref=").append(node.getString("ref")).append(']');
        }
        if (node.containsKey("value")) {
            line.append(": ").append(node.getString("value").replace("\n", "\\n"));
        }
        into.add(line.toString());
        node.getJsonArray("children", new JsonArray()).forEach(child -> line((JsonObject) child, indent + "  ", into));
    }
}
