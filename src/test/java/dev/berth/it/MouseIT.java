package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a mouse can do beyond plain clicks. One session for all: each test opens its own page. */
class MouseIT extends InOneSession {
    @Override
    void open(String html) {
        super.open("<style>body { margin: 0 }</style>" + html);
    }

    private JsonObject lastDetails() {
        return lastAction().getJsonObject("details");
    }

    private void assertPoint(double x, double y) {
        JsonObject point = lastDetails().getJsonObject("point");
        assertThat(point.getDouble("x")).isBetween(x - 2, x + 2);
        assertThat(point.getDouble("y")).isBetween(y - 2, y + 2);
    }

    @Test
    void theLogTellsWhereAnElementWasMet() {
        open(
                "<button style='position:absolute;left:100px;top:50px;width:40px;height:20px'></button>"
                        + "<input style='position:absolute;left:300px;top:200px;width:100px;height:30px;box-sizing:border-box'>");
        click("button");
        assertPoint(120, 60);
        assertThat(lastDetails().getJsonObject("viewport"))
                .isEqualTo(new JsonObject().put("width", 1_280).put("height", 720));
        act("hover", on("button"));
        assertPoint(120, 60);
        act("fill", "{\"selector\":\"input\",\"value\":\"x\"}");
        assertPoint(350, 215);
        act("press", "{\"selector\":\"input\",\"key\":\"a\"}");
        assertPoint(350, 215);
        act("press", "{\"key\":\"a\"}");
        assertThat(lastDetails().containsKey("point")).isFalse();
    }

    @Test
    void htmlDragAndDrop() {
        open("""
                <div id=what draggable=true style='width:50px;height:50px;background:red'></div>
                <div id=place style='width:100px;height:100px;margin-top:100px'></div>
                <script>
                  what.ondragstart = e => e.dataTransfer.setData('text/plain', 'payload');
                  place.ondragover = e => e.preventDefault();
                  place.ondrop = e => { e.preventDefault(); place.textContent = e.dataTransfer.getData('text/plain'); };
                </script>""");
        act("drag", "{\"selector\":\"#what\",\"to\":\"#place\"}");
        assertThat(script("place.textContent")).isEqualTo("payload");
    }

    @Test
    void aSliderIsDraggedByADistance() {
        open("<input type=range min=0 max=100 value=0 style='width:216px;margin:0'>");
        act("drag", "{\"selector\":\"input\",\"position\":{\"x\":8,\"y\":8},\"by\":{\"x\":100,\"y\":0}}");
        assertThat((Integer) script("+document.querySelector('input').value")).isBetween(45, 55);
    }

    @Test
    void aListIsSortedByPointerEvents() {
        String items = Stream.of("a", "b", "c", "d")
                .map(name -> "<li id=" + name + " style='height:40px'>" + name + "</li>")
                .collect(Collectors.joining());
        open("<ul style='margin:0;padding:0'>" + items + """
                </ul><script>
                  let held;
                  onpointerdown = e => { held = e.target.closest('li'); };
                  onpointermove = e => {
                    if (!held || e.buttons !== 1) return;
                    const over = [...document.querySelectorAll('li')].find(li => li !== held && e.clientY > li.offsetTop && e.clientY < li.offsetTop + 40);
                    if (over) over[held.compareDocumentPosition(over) & 4 ? 'after' : 'before'](held);
                  };
                  onpointerup = () => held = null;
                </script>""");
        act("drag", "{\"selector\":\"#a\",\"to\":\"#d\"}");
        assertThat(script("[...document.querySelectorAll('li')].map(li => li.id).join('')"))
                .isEqualTo("bcda");
    }

    @Test
    void aDragHasAsManyStepsAsAskedFor() {
        open("""
                <div id=what style='width:50px;height:50px'></div>
                <script>moves = 0; document.onmousemove = e => moves += e.buttons;</script>""");
        act("drag", "{\"selector\":\"#what\",\"by\":{\"x\":100,\"y\":0},\"steps\":50,\"hold\":0}");
        // And one at the end.
        assertThat(script("moves")).isEqualTo(51);
    }

    @Test
    void whatIsOutOfSightIsScrolledTo() {
        open("""
                <div id=what style='width:50px;height:50px;margin-top:2000px'></div>
                <script>document.onmousedown = e => document.title = e.target.id + ' ' + e.offsetX + ',' + e.offsetY;</script>""");
        act("drag", "{\"selector\":\"#what\",\"position\":{\"x\":5,\"y\":7},\"by\":{\"x\":10,\"y\":10}}");
        assertThat(script("document.title")).isEqualTo("what 5,7");
    }

    @Test
    void aDrawingIsMadeAtCoordinates() {
        open("""
                <canvas width=200 height=200></canvas><script>
                  const log = [];
                  // Chrome tells where the mouse is by itself when the page is laid out.
                  for (const type of ['mousedown', 'mousemove', 'mouseup']) {
                    document.addEventListener(type, e => e.clientX && log.push(type + ' ' + e.clientX + ' ' + e.buttons));
                  }
                </script>""");
        act("mouse", "{\"action\":\"move\",\"x\":10,\"y\":10}");
        act("mouse", "{\"action\":\"down\",\"x\":10,\"y\":10}");
        act("mouse", "{\"action\":\"move\",\"x\":60,\"y\":10}");
        act("mouse", "{\"action\":\"up\",\"x\":60,\"y\":10}");
        assertThat(((JsonArray) script("log")).getList())
                .containsExactly("mousemove 10 0", "mousedown 10 1", "mousemove 60 1", "mouseup 60 0");
    }

    @Test
    void theWheelIsTurned() {
        open("<div style='height:5000px'></div>");
        act("mouse", "{\"action\":\"wheel\",\"x\":10,\"y\":10,\"deltaY\":300}");
        Api.await(() -> script("scrollY"), y -> ((Number) y).intValue() == 300);
    }

    @Test
    void aClickHasItsPositionAndModifiers() {
        open("""
                <div id=d style='border:10px solid;width:100px;height:100px'></div>
                <script>d.onclick = e => document.title = [e.offsetX, e.offsetY, e.shiftKey, e.ctrlKey, e.altKey];</script>""");
        act("click", "{\"selector\":\"#d\",\"position\":{\"x\":3,\"y\":90},\"modifiers\":[\"Shift\",\"Alt\"]}");
        assertThat(script("document.title")).isEqualTo("3,90,true,false,true");
    }

    @Test
    void aPositionThatIsCoveredIsRefusedUnlessForced() {
        open("""
                <button id=b style='width:100px;height:100px'>b</button>
                <div id=cover style='position:absolute;left:0;top:0;width:50px;height:50px'></div>
                <script>document.onclick = e => document.title = e.target.id;</script>""");
        assertThat(refused("click", "{\"selector\":\"#b\",\"position\":{\"x\":10,\"y\":10}}")
                        .text())
                .contains("is covered by <div id=\\\"cover\\\">");
        act("click", "{\"selector\":\"#b\",\"position\":{\"x\":10,\"y\":10},\"force\":true}");
        assertThat(script("document.title")).isEqualTo("cover");
        act("click", "{\"selector\":\"#b\",\"position\":{\"x\":80,\"y\":80}}");
        assertThat(script("document.title")).isEqualTo("b");
    }

    @Test
    void aDragNeedsOnePlaceToGo() {
        open("<p>x</p>");
        assertThat(refused("drag", "{\"selector\":\"p\"}").text()).contains("to (a selector) or by");
        assertThat(refused("drag", "{\"selector\":\"p\",\"to\":\"#none\"}").text())
                .contains("'#none' was not found");
        assertThat(refused("mouse", "{\"x\":1}").text()).contains("y");
    }
}
