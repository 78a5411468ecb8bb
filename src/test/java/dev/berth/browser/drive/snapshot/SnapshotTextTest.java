package dev.berth.browser.drive.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotTextTest {
    private static JsonObject node(String id, String role, String name, String... children) {
        return new JsonObject()
                .put("nodeId", id)
                .put("backendDOMNodeId", Integer.valueOf(id))
                .put("role", new JsonObject().put("value", role))
                .put("name", new JsonObject().put("value", name))
                .put("childIds", new JsonArray(List.of((Object[]) children)));
    }

    private static Shown outline(JsonObject... nodes) {
        Outline.Part part = new Outline.Part(0, new JsonArray(List.of((Object[]) nodes)));
        return new Outline(new DocumentRefs("d"))
                .of(
                        new Outline.Target("t", 0, List.of(part), Layout.of(new JsonObject()), List.of()),
                        Optional.empty());
    }

    private static List<String> lines(JsonObject... nodes) {
        return new SnapshotText("http://a.b/", Optional.empty(), false).lines(outline(nodes));
    }

    @Test
    void inlineTextIsJoinedAndIconsAreLeftOut() {
        assertThat(lines(
                        node("1", "RootWebArea", "Page", "2"),
                        node("2", "paragraph", "", "3", "4", "6", "7"),
                        node("3", "StaticText", "some "),
                        node("4", "strong", "", "5"),
                        node("5", "StaticText", "bold"),
                        node("6", "StaticText", " \uE001 text"),
                        node("7", "img", "")))
                .containsExactly("- paragraph: some bold text");
    }

    @Test
    void childrenThatRepeatTheNameAreLeftOut() {
        assertThat(lines(
                        node("1", "RootWebArea", "Page", "2"),
                        node("2", "listitem", "", "3"),
                        node("3", "link", " Go\n home ", "4"),
                        node("4", "StaticText", "Go home")))
                .containsExactly("- link \"Go home\"");
    }

    @Test
    void whatHasNoPlaceInTheLayoutHasNoRef() {
        assertThat(lines(node("1", "RootWebArea", "Page", "2"), node("2", "button", "Save")))
                .containsExactly("- button \"Save\"");
    }

    @Test
    void aCutSaysWhatIsMissing() {
        List<String> lines = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> "- button \"Button " + i + "\" [ref=e" + i + "]")
                .toList();
        List<String> cut = SnapshotText.cut(lines, Optional.of(200));
        int missing = 100 - (cut.size() - 1);
        assertThat(cut.get(cut.size() - 1))
                .startsWith("- … cut: " + missing + " more lines, " + missing + " of them with a ref, about ");
        assertThat(SnapshotText.chars(cut)).isLessThanOrEqualTo(800);
        assertThat(SnapshotText.cut(lines, Optional.of(5_000))).isEqualTo(lines);
    }

    @Test
    void aDifferenceTellsWhatChangedBelowWhatContainsIt() {
        List<String> before = List.of("- list", "  - link \"a\"", "  - link \"b\"", "- text: end");
        List<String> after = List.of("- list", "  - link \"a\"", "  - link \"c\"", "- text: end");
        assertThat(SnapshotDiff.of(before, after)).containsExactly(" - list", "-  - link \"b\"", "+  - link \"c\"");
        assertThat(SnapshotDiff.of(before, before)).containsExactly("- nothing changed");
    }
}
