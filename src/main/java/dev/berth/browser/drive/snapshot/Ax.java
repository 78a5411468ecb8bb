package dev.berth.browser.drive.snapshot;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a node of Chrome's accessibility tree. */
final class Ax {
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
    /** States that are told also where they are false. */
    private static final Set<String> BOTH = Set.of("expanded");

    private static final Set<Object> NO = Set.of(false, "false", "");
    private static final int MAX_URL_CHARS = 120;
    private static final int MAX_DESCRIPTION_CHARS = 200;

    private Ax() {}

    static String role(JsonObject node) {
        return node == null ? "none" : text(node, "role");
    }

    static boolean isRoot(String role) {
        return role.equals("RootWebArea");
    }

    static String name(JsonObject node) {
        String name = text(node, "name");
        return role(node).equals("StaticText") ? Tidy.spaced(name) : Tidy.normal(name);
    }

    static String value(JsonObject node) {
        return text(node, "value").strip();
    }

    private static String text(JsonObject node, String field) {
        JsonObject value = node.getJsonObject(field);
        return value == null || value.getValue("value") == null
                ? ""
                : value.getValue("value").toString();
    }

    private static Stream<JsonObject> properties(JsonObject node) {
        return node.getJsonArray("properties", new JsonArray()).stream().map(JsonObject.class::cast);
    }

    static boolean is(JsonObject node, String property) {
        return properties(node)
                .anyMatch(each -> each.getString("name").equals(property)
                        && Boolean.TRUE.equals(each.getJsonObject("value").getValue("value")));
    }

    /** The nodes that a property names. */
    static List<Integer> related(JsonObject node, String property) {
        return properties(node)
                .filter(each -> each.getString("name").equals(property))
                .flatMap(each -> each.getJsonObject("value").getJsonArray("relatedNodes", new JsonArray()).stream())
                .map(each -> ((JsonObject) each).getInteger("backendDOMNodeId", -1))
                .toList();
    }

    /** The marks of a node: facts for a reader besides its role, name and value. */
    static void marks(JsonObject node, Map<String, Object> into) {
        String role = role(node);
        properties(node).forEach(each -> {
            Object value = each.getJsonObject("value").getValue("value");
            String property = each.getString("name");
            if (value != null && isTold(property, value, role)) {
                into.put(property, value.equals("true") ? true : value);
            } else if (property.equals("hasPopup")
                    && value != null
                    && !NO.contains(value)
                    && !role.equals("combobox")) {
                into.put("haspopup", value);
            } else if (property.equals("url") && role.equals("link")) {
                url(String.valueOf(value), into);
            }
        });
        String description = Tidy.normal(text(node, "description"));
        if (!description.isEmpty() && !description.equals(name(node))) {
            into.put("description", Tidy.cut(description, MAX_DESCRIPTION_CHARS));
        }
    }

    private static boolean isTold(String property, Object value, String role) {
        if (!STATES.contains(property)) {
            return false;
        }
        // Every item of a list and heading has a level, and a closed list is always expandable.
        boolean noise = property.equals("level") && !role.equals("heading")
                || property.equals("expanded") && role.equals("combobox") && NO.contains(value)
                || property.equals("readonly") && !Roles.isControl(role)
                || property.equals("focused") && isRoot(role);
        return !noise && (BOTH.contains(property) || !NO.contains(value));
    }

    private static void url(String url, Map<String, Object> into) {
        if (!url.startsWith("javascript:")) {
            into.put("url", Tidy.cut(url, MAX_URL_CHARS));
        }
    }
}
