package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The exact lines of small pages, each of a kind that a library of widgets makes. */
class SnapshotLinesIT extends InOneSession {
    static Stream<Arguments> pages() {
        return Stream.of(
                page("a control that is hidden from assistive technology", """
                        <div aria-hidden=true><span role=button tabindex=-1 aria-label=Up style="display: block; height: 9px"></span></div>""", """
                        - button "Up" [ref=e1]"""),
                page("a field under the one that stands in for it", """
                        <div style="position: relative"><input aria-label=Shown style="position: relative">
                        <input aria-label=Value onclick=1 style="position: absolute; left: 0; width: 60px; opacity: 0; z-index: -1"></div>""", """
                        - textbox "Shown" [ref=e1]
                        - textbox "Value\""""),
                page("a button whose icon is covered by a larger area", """
                        <button aria-label=Close style="position: relative"><i onclick=1 style="display: block; width: 9px; height: 9px"></i>
                        <b style="position: absolute; inset: -9px"></b></button>""", """
                        - button "Close" [ref=e1]"""),
                page("what is covered by what is cut off there", """
                        <div style="position: relative; margin-left: 99px; width: 50px; overflow: hidden">
                        <div style="position: relative; left: -99px; width: 300px; height: 50px"></div></div>
                        <button style="position: absolute; left: 20px; top: 20px">Back</button>
                        <div style="position: absolute; left: 99px; top: 0; width: 50px; height: 90px; overflow: hidden">
                        <div style="position: relative; left: -99px; width: 300px; height: 90px"></div></div>""", """
                        - button "Back" [ref=e1]"""),
                page("what is beside a rotated element, but within its box", """
                        <button style="width: 20px; height: 20px">A</button>
                        <div style="position: absolute; left: 8px; top: 8px; width: 100px; height: 100px; transform: rotate(45deg)"></div>""", """
                        - button "A" [ref=e1]"""),
                page("a field without a size, which takes keys", """
                        <textarea aria-label=Code style="width: 1px; height: 1px; padding: 0; border: 0; opacity: 0"></textarea>
                        <input tabindex=-1 style="width: 1px; height: 1px; padding: 0; border: 0" value=Replaced>""", """
                        - textbox "Code" [ref=e1]
                        - textbox: Replaced"""),
                page("an element without a box that listens", """
                        <div onclick=1 style="height: 0"><p>One</p><p>Two</p></div>""", """
                        - paragraph: One
                        - paragraph: Two"""),
                page("a wrapper that hears the clicks of its control", """
                        <ul role=menu><li role=presentation onclick=1><a role=menuitem tabindex=-1 style="display: block">Ports</a></ul>""", """
                        - menu
                          - menuitem "Ports" [ref=e2]"""),
                page("a wrapper that is larger than its control", """
                        <div onclick=1 style="width: 300px; height: 90px"><button>Go</button></div>""", """
                        - generic [ref=e1]
                          - button "Go" [ref=e2]"""),
                page("an edge that can be dragged", """
                        <table role=grid><tr><td>Ann</td><td><span class=col-resize-handle onmousedown=1 style="display: block; height: 20px; width: 6px">
                        </span></td></table>""", """
                        - grid
                          - row "Ann\""""),
                page("a row with a control", """
                        <table role=grid><tr><td tabindex=0><input type=checkbox aria-label=Pick></td><td>Ann</td></tr></table>""", """
                        - grid
                          - row
                            - checkbox "Pick" [ref=e2]
                            - gridcell "Ann\""""),
                page("a day of a calendar, whose clicks the page hears as a whole", """
                        <table role=grid><tr><td role=gridcell aria-label="June 1">1</td><td>2</td></tr></table>""", """
                        - grid
                          - row
                            - gridcell "June 1" [ref=e1]: 1
                            - gridcell "2\""""),
                page("texts of blocks that follow each other", """
                        <div><b>4</b> b</div><div>rope.txt</div>one<br>two""", """
                        - text: 4 b rope.txt one two"""),
                page("labels", """
                        <label>Name <input></label><label for=box>Insured</label><input id=box type=checkbox>
                        <input type=radio id=port style="position: absolute; pointer-events: none; opacity: 0"><label for=port onclick=1>Port</label>
                        <label for=none onclick=1>Alone</label>""", """
                        - textbox "Name" [ref=e2]
                        - checkbox "Insured" [ref=e4]
                        - radio "Port" [ref=e5]
                        - label "Alone" [ref=e6]"""));
    }

    private static Arguments page(String name, String html, String lines) {
        return Arguments.of(name, html, lines);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void areToldAs(String name, String html, String lines) {
        open(html);
        assertThat(act("snapshot", new JsonObject()).getString("snapshot")).isEqualTo(lines);
    }
}
