package dev.berth.browser.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessibilityTreeTest {
    private static JsonObject node(String id, int dom, String role, String name, String... children) {
        return new JsonObject()
                .put("nodeId", id)
                .put("backendDOMNodeId", dom)
                .put("role", new JsonObject().put("value", role))
                .put("name", new JsonObject().put("value", name))
                .put("childIds", new JsonArray(List.of((Object[]) children)));
    }

    private static JsonObject with(JsonObject node, String property, Object value) {
        JsonArray properties = node.getJsonArray("properties", new JsonArray());
        return node.put(
                "properties",
                properties.add(
                        new JsonObject().put("name", property).put("value", new JsonObject().put("value", value))));
    }

    private static AccessibilityTree tree(JsonObject... nodes) {
        return AccessibilityTree.of(List.of(new AccessibilityTree.Part(0, new JsonArray(List.of((Object[]) nodes)))));
    }

    @Test
    void nodesWithoutMeaningAreReplacedByTheirChildren() {
        AccessibilityTree tree = tree(
                node("1", 10, "RootWebArea", "Page", "2"),
                node("2", 11, "generic", "", "3", "4"),
                node("3", 12, "none", "", "5").put("ignored", true),
                node("4", 13, "ListMarker", "•"),
                node("5", 14, "button", "Save", "6"),
                node("6", 15, "StaticText", "Save"));
        assertThat(tree.text()).isEqualTo("- document \"Page\" [ref=e10]\n  - button \"Save\" [ref=e14]");
    }

    @Test
    void onlyStatesThatHoldAreShown() {
        JsonObject box = node("2", 11, "checkbox", "Box");
        with(with(with(box, "checked", "true"), "disabled", false), "invalid", "false");
        JsonObject head = with(node("3", 12, "heading", "H"), "level", 2);
        assertThat(tree(node("1", 10, "RootWebArea", "", "2", "3"), box, head).text())
                .isEqualTo("- document [ref=e10]\n  - checkbox \"Box\" [checked] [ref=e11]\n"
                        + "  - heading \"H\" [level=2] [ref=e12]");
    }

    @Test
    void aFieldShowsItsValueOnce() {
        JsonObject field =
                node("2", 11, "textbox", "Name", "3", "4").put("value", new JsonObject().put("value", "two\nlines"));
        AccessibilityTree tree = tree(
                node("1", 10, "RootWebArea", "", "2"),
                field,
                node("3", 12, "StaticText", "two"),
                node("4", 13, "StaticText", "lines"));
        assertThat(tree.text()).endsWith("- textbox \"Name\" [ref=e11]: two\\nlines");
        assertThat(new JsonObject(tree.json())
                        .getJsonArray("children")
                        .getJsonObject(0)
                        .getString("value"))
                .isEqualTo("two\nlines");
    }

    @Test
    void anIframeHoldsItsDocument() {
        JsonArray outer =
                new JsonArray().add(node("1", 10, "RootWebArea", "Out", "2")).add(node("2", 11, "Iframe", ""));
        JsonArray inner = new JsonArray().add(node("1", 20, "RootWebArea", "In"));
        assertThat(AccessibilityTree.of(
                                List.of(new AccessibilityTree.Part(0, outer), new AccessibilityTree.Part(11, inner)))
                        .text())
                .isEqualTo("- document \"Out\" [ref=e10]\n  - iframe [ref=e11]\n    - document \"In\" [ref=e20]");
    }

    @Test
    void anEmptyPageHasNoTree() {
        assertThat(tree().text()).isEmpty();
        assertThat(tree().json()).isEqualTo("null");
    }
}
