package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.protocol.SessionClient;
import dev.berth.protocol.SessionId;
import dev.berth.protocol.TaskSupport.NameElement;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** By which selectors elements are found again. One session and one page for all. */
class ElementNamesIT extends InOneSession {
    private static final String PAGE = """
            <style>[hidden] { display: none }</style>
            <button hidden>Save</button><button id=save>Save</button>
            <label>E-mail <input id=mail name=mail placeholder="you@example.com"></label>
            <label>Pin "1" <input id=input-4711 type=password></label>
            <p data-testid=note id=note tabindex=0>Note</p>
            <ul><li>Apples <button>Buy</button><li>Pears <button>Buy</button></ul>
            <x-card id=card></x-card>
            <script>card.attachShadow({mode: 'open'}).innerHTML = '<div><i tabindex=0>A</i><i tabindex=0>A</i></div>'</script>
            <iframe srcdoc="<button id=save>Save</button><button>Only here</button>"></iframe>
            """;

    @BeforeAll
    void openPage() {
        open(PAGE);
    }

    private List<String> names(String... selectors) {
        return names(10_000, selectors);
    }

    private List<String> names(long timeoutMillis, String... selectors) {
        SessionId id = new SessionId(session.substring(session.lastIndexOf('/') + 1));
        return Berth.await(new SessionClient(Berth.shared().vertx)
                        .ask(id, new NameElement(List.of(selectors), timeoutMillis)))
                .selectors();
    }

    @Test
    void anElementIsNamedByItsMeaningFirst() {
        assertThat(names("#save")).isEqualTo(List.of("role=button[name=\"Save\"s]", "#save"));
        assertThat(names("#note")).isEqualTo(List.of("testid=\"note\"", "#note"));
        assertThat(names("#mail"))
                .isEqualTo(List.of(
                        "role=textbox[name=\"E-mail\"s]",
                        "label=\"E-mail\"s",
                        "placeholder=\"you@example.com\"s",
                        "#mail",
                        "input[name=\"mail\"]"));
    }

    private String ref(String line) {
        String snapshot = act("snapshot", new JsonObject()).getString("snapshot");
        Matcher ref = Pattern.compile("(?m)^.*" + line + ".*?\\[ref=(\\w+)].*$").matcher(snapshot);
        assertThat(ref.find()).as("%s in %s", line, snapshot).isTrue();
        return ref.group(1);
    }

    @Test
    void anIdThatAFrameworkMadeIsNoName() {
        assertThat(names(ref("Pin"))).noneMatch(name -> name.contains("4711")).isNotEmpty();
    }

    @Test
    void onlyWhereNothingElseTellsItsPositionDoes() {
        assertThat(names(ref("Buy"))).isEqualTo(List.of("html > body > ul > li:nth-of-type(1) > button"));
    }

    @Test
    void inAnIframeItIsNamedByWhatThePageDoesNotHave() {
        assertThat(names(ref("Only here"))).isEqualTo(List.of("role=button[name=\"Only here\"s]"));
    }

    @Test
    void theFirstSelectorThatStandsForOneElementCounts() {
        assertThat(names("#gone", "ul button", "#note")).startsWith("testid=\"note\"");
        assertThatThrownBy(() -> names(400, "#gone", "role=button[name=\"Buy\"s]"))
                .hasMessageContaining("matches exactly one visible element");
    }

    @Test
    void anElementOfAShadowRootIsFoundThroughItsHost() {
        String second = "#card div > i:nth-of-type(2)";
        assertThat(names(second)).isEqualTo(List.of(second));
    }

    private JsonObject element() {
        return lastAction().getJsonObject("details").getJsonObject("element");
    }

    @Test
    void theActionLogNamesWhatAVerbActsOn() {
        act("click", on("text=Save").put("button", "right"));
        assertThat(element())
                .isEqualTo(new JsonObject()
                        .put("role", "button")
                        .put("name", "Save")
                        .put("selector", "role=button[name=\"Save\"s]")
                        .put(
                                "selectors",
                                new JsonArray()
                                        .add("role=button[name=\"Save\"s]")
                                        .add("#save")));
        act("fill", on("#mail").put("value", "a@b.c"));
        assertThat(element().getString("selector")).isEqualTo("role=textbox[name=\"E-mail\"s]");
        act("press", new JsonObject().put("key", "End"));
        assertThat(element().getString("name")).as("what has the focus").isEqualTo("E-mail");
        act("hover", on("role=button[name='Only here']"));
        assertThat(element().getJsonArray("frames")).isEqualTo(new JsonArray().add("html > body > iframe"));
        act("scroll", on("ul li:nth-of-type(2)"));
        assertThat(element().getString("name")).startsWith("Pears");
        act("drag", on("#note").put("to", "#mail"));
        assertThat(lastAction()
                        .getJsonObject("details")
                        .getJsonObject("toElement")
                        .getString("name"))
                .isEqualTo("E-mail");
    }
}
