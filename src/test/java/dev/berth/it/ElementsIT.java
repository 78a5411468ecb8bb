package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Acts on elements as a user would. One session for all: each test opens its own page. */
class ElementsIT extends InOneSession {
    private static final int SHORT = 1_500;

    private JsonObject act(String verb, Object... fields) {
        return act(verb, body(fields));
    }

    private Api.Answer refused(String verb, Object... fields) {
        return api.post(session + "/" + verb, body(fields).put("timeout", SHORT));
    }

    private static JsonObject body(Object... fields) {
        JsonObject body = new JsonObject();
        for (int i = 0; i < fields.length; i += 2) {
            body.put((String) fields[i], fields[i + 1]);
        }
        return body;
    }

    private static String why(Api.Answer refused) {
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getString("code")).isEqualTo("action_failed");
        return refused.error().getString("message");
    }

    // Waiting

    @Test
    void aClickIsTrustedAndLogged() {
        open("<button onclick=\"told = [event.isTrusted, event.detail, event.button]\">Save</button>");
        act("click", "selector", "button");
        assertThat(script("told")).isEqualTo(new JsonArray().add(true).add(1).add(0));
        assertThat(lastAction().getString("type")).isEqualTo("evaluate");
        JsonArray actions = api.get(session + "/actions?limit=1000").list("actions");
        JsonObject click = actions.getJsonObject(actions.size() - 2);
        assertThat(click.getString("type")).isEqualTo("click");
        assertThat(click.getString("source")).isEqualTo("rest");
        assertThat(click.getBoolean("success")).isTrue();
        assertThat(click.getJsonObject("details").getString("selector")).isEqualTo("button");
    }

    @Test
    void doubleAndRightClicks() {
        open("<button ondblclick=\"document.title = 'double'\" oncontextmenu=\"document.title = 'menu'\">b</button>");
        act("click", "selector", "button", "clickCount", 2);
        assertThat(script("document.title")).isEqualTo("double");
        act("click", "selector", "button", "button", "right");
        assertThat(script("document.title")).isEqualTo("menu");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The element appears late, is shown late, is enabled late, is uncovered late, moves first, is far
                // down.
                "<script>setTimeout(() => document.body.append(b), 300); const b = document.createElement('button');"
                        + " b.onclick = () => document.title = 'clicked'</script><p>",
                "<button style='display:none' onclick=\"document.title='clicked'\">b</button>"
                        + "<script>setTimeout(() => document.querySelector('button').style.display = '', 300)</script>",
                "<button disabled onclick=\"document.title='clicked'\">b</button>"
                        + "<script>setTimeout(() => document.querySelector('button').disabled = false, 300)</script>",
                "<button onclick=\"document.title='clicked'\">b</button><div id=o style='position:fixed;inset:0'></div>"
                        + "<script>setTimeout(() => o.remove(), 300)</script>",
                "<button style='position:absolute' onclick=\"document.title='clicked'\">b</button><script>let x = 0;"
                        + " const t = setInterval(() => { document.querySelector('button').style.left = (x += 9) + 'px';"
                        + " if (x > 400) clearInterval(t) }, 10)</script>",
                "<div style='height:5000px'></div><button onclick=\"document.title='clicked'\">b</button>",
                "<div style='overflow:auto;height:100px'><p style='height:900px'></p>"
                        + "<button onclick=\"document.title='clicked'\">b</button></div>",
                "<div style='position:fixed;top:0;width:100%;height:80px;background:red'></div><p style='height:2000px'></p>"
                        + "<button onclick=\"document.title='clicked'\">b</button><p style='height:2000px'></p>"
                        + "<script>scrollTo(0, 1990)</script>"
            })
    void whatIsNotReadyIsWaitedForAndScrolledTo(String html) {
        open(html);
        act("click", "selector", "button");
        assertThat(script("document.title")).isEqualTo("clicked");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <p>                                                                    | was not found
            <button style='visibility:hidden'>b</button>                           | is not visible
            <fieldset disabled><button>b</button></fieldset>                       | is disabled
            <button aria-disabled=true>b</button>                                  | is disabled
            <button>b</button><i id=o style='position:fixed;inset:0'></i>          | is covered by <i id="o">
            <style>@keyframes m{to{left:9999px}}button{position:fixed;left:0;animation:m 20s linear}</style><button>b</button> | is moving
            """)
    void whatNeverIsReadyIsRefusedWithTheReason(String html, String reason) {
        open(html);
        assertThat(why(refused("click", "selector", "button")))
                .isEqualTo("'button' " + reason + " (waited " + SHORT + " ms)");
        assertThat(lastAction().getString("error")).contains(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "visible, <i>x</i>, <i hidden>x</i>",
        "hidden, <i hidden>x</i>, <i>x</i>",
        "attached, <i hidden>x</i>, <b>",
        "detached, <b>, <i>x</i>"
    })
    void waitForWaitsForEachState(String state, String there, String notThere) {
        open("<div id=d>" + notThere + "</div><script>setTimeout(() => d.innerHTML = '" + there + "', 200)</script>");
        act("wait-for", "selector", "i", "state", state);
        open(notThere);
        Api.Answer late = refused("wait-for", "selector", "i", "state", state);
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.error().getString("message")).isEqualTo("'i' was not " + state + " within " + SHORT + " ms");
    }

    @Test
    void aWaitContinuesInTheNextDocument() {
        String next = site.page("<p id=arrived>here</p>");
        open("<script>setTimeout(() => location = '" + next + "', 200)</script>");
        act("wait-for", "selector", "#arrived");
    }

    // Finding

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#two",
                "p > b#two",
                "xpath=//b[@id='two']",
                "//b[2]",
                "text=second",
                "text=\"The Second\"",
                "text= the  SECOND "
            })
    void selectorsOfEachKind(String selector) {
        open("<p><b>The first</b><b id=two onclick=\"document.title = 'two'\">The\n Second</b></p>");
        act("click", "selector", selector);
        assertThat(script("document.title")).isEqualTo("two");
    }

    @Test
    void theFirstVisibleMatchIsUsed() {
        open("<a hidden onclick=\"document.title='hidden'\">x</a><a onclick=\"document.title='seen'\">x</a><a>x</a>");
        act("click", "selector", "a");
        assertThat(script("document.title")).isEqualTo("seen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text=Sign in", "text='Sign in'"})
    void aTextInAScriptIsNoneOfThePage(String selector) {
        open(
                "<div><script>var texts = ['Sign in'];</script><style>/* Sign in */</style>other</div><div id=host></div><script>"
                        + "host.attachShadow({mode: 'open'}).innerHTML = `<a onclick=\"document.title='in'\">Sign in</a>`</script>");
        act("click", "selector", selector);
        assertThat(script("document.title")).isEqualTo("in");
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "other-origin"})
    void iframesOfTheSameProcessArePierced(String kind) {
        String inner =
                "<body style='margin:0'><button style='margin:30px' onclick=\"parent.postMessage(1, '*')\">in</button>";
        String source = kind.equals("same-origin")
                ? "src='" + site.page(inner) + "'"
                : "srcdoc=\"" + inner.replace("\"", "&quot;") + "\" ";
        open(
                "<p>above</p><iframe style='border:9px solid;padding:5px;position:absolute;top:900px;left:200px' "
                        + source
                        + "></iframe><p style='height:3000px'></p><script>onmessage = () => document.title = 'framed'</script>");
        act("click", "selector", "text=in");
        Api.await(() -> script("document.title"), "framed"::equals);
    }

    @Test
    void aCoveredIframeIsNotClicked() {
        String inner = site.page("<button style='margin:30px'>in</button>");
        open("<iframe src='" + inner + "'></iframe><i id=o style='position:fixed;inset:0'></i>");
        assertThat(why(refused("click", "selector", "text=in"))).contains("is covered by <i id=\"o\">");
    }

    @Test
    void overriddenPageFunctionsDoNotMatter() {
        open("<script>Array.prototype.find = Object.getOwnPropertyDescriptor = document.querySelectorAll ="
                + " () => { throw new Error('broken'); }; requestAnimationFrame = setTimeout = () => {};</script>"
                + "<input><button onclick=\"document.title='clicked'\">b</button>");
        act("fill", "selector", "input", "value", "x");
        act("click", "selector", "text=b");
        assertThat(script("document.title")).isEqualTo("clicked");
    }

    // Keyboard and fields

    @Test
    void typingIsKeyByKeyOnAUsLayout() {
        open("<input value='so: '><script>keys = []; document.querySelector('input').onkeydown ="
                + " e => keys.push(e.key + ' ' + e.code + ' ' + e.keyCode + (e.shiftKey ? ' shift' : ''))</script>");
        act("type", "selector", "input", "text", "aB?é👨‍👩‍👧 ");
        assertThat(script("document.querySelector('input').value")).isEqualTo("so: aB?é👨‍👩‍👧 ");
        assertThat(script("keys"))
                .isEqualTo(new JsonArray()
                        .add("a KeyA 65")
                        .add("B KeyB 66 shift")
                        .add("? Slash 191 shift")
                        .add("  Space 32"));
    }

    @Test
    void enterSubmitsAndTheNextPageLoads() {
        String next = site.page("<title>Sent</title>");
        open("<form action='" + next + "'><input name=q></form>");
        JsonObject typed = act("type", "selector", "input", "text", "x\n");
        assertThat(typed.getString("url")).isEqualTo(next + "?q=x");
        assertThat(script("document.title")).isEqualTo("Sent");
    }

    @ParameterizedTest
    @CsvSource({"Control+a, Backspace, ''", "Home, Delete, bc", "Shift+ArrowLeft, X, abX", "End, +, abc+"})
    void keysArePressedWithTheirModifiers(String first, String second, String left) {
        open("<input value=abc>");
        act("press", "selector", "input", "key", first);
        act("press", "key", second);
        assertThat(script("document.querySelector('input').value")).isEqualTo(left);
    }

    @Test
    void anUnknownKeyIsRefused() {
        Api.Answer refused = api.post(session + "/press", body("key", "Control+Nope"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).startsWith("key: 'Control+Nope' is not a key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <input id=f value=old>                             | new text
            <input id=f type=number value=1>                   | 2.5
            <input id=f type=date>                             | 2026-02-03
            <input id=f type=range>                            | 70
            <input id=f type=color>                            | #ff0000
            <textarea id=f>old</textarea>                      | two words
            <label id=l>Label <input id=f></label>             | by label
            """)
    void fillSetsAValueAndFiresEvents(String field, String value) {
        open("<form>" + field + "</form><script>told = []; for (const e of ['input', 'change'])"
                + " document.forms[0].addEventListener(e, ev => told.push(ev.type))</script>");
        act("fill", "selector", field.contains("label") ? "#l" : "#f", "value", value);
        assertThat(script("f.value")).isEqualTo(value);
        assertThat(script("told")).isEqualTo(new JsonArray().add("input").add("change"));
    }

    @Test
    void fillReplacesEditableContent() {
        open("<div contenteditable oninput=\"document.title = 'told'\">old <b>bold</b></div>");
        act("fill", "selector", "div", "value", "new");
        assertThat(script("document.querySelector('div').textContent")).isEqualTo("new");
        assertThat(script("document.title")).isEqualTo("told");
        act("fill", "selector", "div", "value", "");
        assertThat(script("document.querySelector('div').textContent")).isEqualTo("");
    }

    @ParameterizedTest
    @CsvSource({
        "<input type=checkbox>, is no field for text; use click",
        "<input type=file>, is no field for text; use upload",
        "<input readonly>, is read-only",
        "<input type=date>, 'x' is no value for a field of type date"
    })
    void whatCannotBeFilledSaysSo(String field, String reason) {
        open(field);
        assertThat(why(refused("fill", "selector", "input", "value", "x"))).contains(reason);
    }

    @Test
    void passwordsStayOutOfTheLog() {
        open("<input type=password>");
        act("fill", "selector", "input", "value", "s3cret");
        assertThat(lastAction().getJsonObject("details").getString("value")).isEqualTo("[redacted]");
        act("type", "selector", "input", "text", "more");
        assertThat(lastAction().getJsonObject("details").getString("text")).isEqualTo("[redacted]");
        assertThat(script("document.querySelector('input').value")).isEqualTo("s3cretmore");
    }

    @Test
    void optionsAreSelectedByValueOrLabel() {
        open("<select id=one onfocus='document.title = \"opened\"'><option value=a>Alpha<option value=b>Beta</select>"
                + "<select id=many multiple><option selected>x<option>y<option>z</select>");
        assertThat(act("select", "selector", "#one", "values", new JsonArray().add("Beta"))
                        .getJsonArray("values"))
                .isEqualTo(new JsonArray().add("b"));
        assertThat(act(
                                "select",
                                "selector",
                                "#many",
                                "values",
                                new JsonArray().add("y").add("z"))
                        .getJsonArray("values"))
                .isEqualTo(new JsonArray().add("y").add("z"));
        assertThat(why(refused("select", "selector", "#one", "values", new JsonArray().add("c"))))
                .contains("has no option 'c'");
        assertThat(why(refused(
                        "select",
                        "selector",
                        "#one",
                        "values",
                        new JsonArray().add("a").add("b"))))
                .contains("only one option");
        assertThat(script("document.title"))
                .as("a list of the page's own may open")
                .isEqualTo("");
    }

    // Mouse and page

    @Test
    void hoverAndScroll() {
        open("<style>b:hover{color:red}</style><b>x</b><p style='height:5000px'></p><i>end</i>");
        act("hover", "selector", "b");
        assertThat(script("document.querySelector('b').matches(':hover')")).isEqualTo(true);
        assertThat(act("scroll", "y", 700).getDouble("y")).isEqualTo(700.0);
        act("scroll", "selector", "i");
        assertThat((int) script("Math.round(document.querySelector('i').getBoundingClientRect().top)"))
                .isBetween(0, 720);
    }

    @Test
    void refsOfASnapshotAreSelectorsUntilThePageChanges() {
        String inner = site.page("<button onclick=\"parent.document.title = 'framed'\">In frame</button>");
        open("<h1>Head</h1><label>Name <input value=Ann></label><iframe src='" + inner + "'></iframe>");
        act("wait-for", "selector", "text=In frame");
        JsonObject taken = act("snapshot", "tree", true);
        assertThat(taken.getString("snapshot"))
                .contains("- heading \"Head\" [level=1]")
                .containsPattern("- textbox \"Name\" \\[ref=e\\d+\\]: Ann");
        assertThat(taken.getJsonObject("tree").getString("role")).isEqualTo("document");
        act("fill", "selector", "ref=" + ref(taken, "textbox"), "value", "Bob");
        assertThat(script("document.querySelector('input').value")).isEqualTo("Bob");
        act("click", "selector", "ref=" + ref(taken, "button"));
        assertThat(script("document.title")).isEqualTo("framed");
        open("<input>");
        assertThat(why(refused("fill", "selector", "ref=" + ref(taken, "textbox"), "value", "x")))
                .contains("take a new snapshot");
    }

    private static String ref(JsonObject taken, String role) {
        var line = java.util.regex.Pattern.compile("- " + role + ".*\\[ref=(e\\d+)\\]")
                .matcher(taken.getString("snapshot"));
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    @Test
    void aDialogIsAnsweredAndLoggedAndBlocksNothing() {
        open("<button onclick=\"document.title = confirm('sure?') + '' + prompt('who?', 'me')\">b</button>");
        JsonObject prompt = new JsonObject().put("type", "prompt").put("message", "who?");
        assertThat(act("click", "selector", "button").getJsonObject("dialog"))
                .isEqualTo(prompt.copy().put("accepted", false));
        assertThat(script("document.title")).isEqualTo("falsenull");
        act("dialogs", "accept", true, "promptText", "you");
        assertThat(act("click", "selector", "button").getJsonObject("dialog"))
                .isEqualTo(prompt.copy().put("accepted", true));
        assertThat(script("document.title")).isEqualTo("trueyou");
        assertThat(act("hover", "selector", "button").containsKey("dialog")).isFalse();
        act("dialogs", "accept", false);
        JsonArray actions = api.get(session + "/actions?limit=1000").list("actions");
        JsonObject dialog = actions.stream()
                .map(JsonObject.class::cast)
                .filter(action -> action.getString("type").equals("dialog"))
                .findFirst()
                .orElseThrow()
                .getJsonObject("details");
        assertThat(dialog.getString("message")).isEqualTo("sure?");
        assertThat(dialog.getBoolean("accepted")).isFalse();
    }
}
