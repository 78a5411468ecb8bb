package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which element receives clicks and keys. One session for all: each test opens its own page. */
class HitTargetIT extends InOneSession {
    private static final String BUTTON = "class B extends HTMLElement { constructor() { super();"
            + " this.attachShadow({mode: 'open'}).innerHTML = `<style>button { padding: 20px }</style>"
            + "<button onclick=\"document.title = 'clicked'\"><slot>none</slot></button>` } };"
            + " customElements.define('x-button', B);";

    /** For what can't be done. */
    private Api.Answer post(String verb, String body) {
        return post(verb, body, 700);
    }

    private Api.Answer post(String verb, String body, long timeoutMillis) {
        return api.post(session + "/" + verb, new JsonObject(body).put("timeout", timeoutMillis));
    }

    @Override
    JsonObject act(String verb, String body) {
        Api.Answer done = post(verb, body, 10_000);
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        return done.json();
    }

    private JsonObject details(String type) {
        return lastAction(type).getJsonObject("details");
    }

    // What is painted there

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<x-button>Label</x-button><script>" + BUTTON + "</script>",
                "<x-button><b>Label</b></x-button><script>" + BUTTON + "</script>",
                "<x-button></x-button><script>" + BUTTON + "</script>",
                "<x-outer>Label</x-outer><script>" + BUTTON + "customElements.define('x-outer', class extends"
                        + " HTMLElement { constructor() { super(); this.attachShadow({mode: 'open'}).innerHTML ="
                        + " '<x-button><slot></slot></x-button>' } })</script>"
            })
    void whatIsSlottedIntoAnElementIsNoCover(String html) {
        open(html);
        act("click", "{\"selector\":\"button\"}");
        assertThat(script("document.title")).isEqualTo("clicked");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<button style='width:300px;height:100px'>b</button><div style='position:fixed;left:60px;top:30px;"
                        + "width:180px;height:50px;background:red'></div>",
                "<button style='width:200px;height:200px;clip-path:polygon(0 0, 100% 0, 100% 20%, 0 20%)'>b</button>",
                "<span style='display:contents' class=button><i>contents</i></span>",
                "<svg width=200 height=200><path class=button d='M10 10 L190 10 L10 190 Z' />"
                        + "<circle cx=100 cy=100 r=9 fill=red /></svg>"
            })
    void anyPointThatIsFreeWillDo(String html) {
        open(
                html
                        + "<script>document.querySelector('button, .button').onclick = () => document.title = 'clicked'</script>");
        act("click", "{\"selector\":\"button, .button\"}");
        assertThat(script("document.title")).isEqualTo("clicked");
    }

    @Test
    void aFullyCoveredElementIsNotClicked() {
        open("<button>b</button><div id=veil style='position:fixed;inset:0'></div>");
        JsonObject error = post("click", "{\"selector\":\"button\"}").error();
        assertThat(error.getString("message")).isEqualTo("'button' is covered by <div id=\"veil\"> (waited 700 ms)");
        assertThat(error.getString("hint")).contains("remove the cover first");
    }

    // Press and release

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "this.style.marginLeft = '500px' | <body>",
                "document.getElementById('o').style.display = 'block' | <div id=\"o\">",
                "this.remove() | another element, as it left the document when it was pressed"
            })
    void aClickThatTheElementDidNotGetSaysSo(String onPress, String who) {
        open("<button onmousedown=\"" + onPress + "\" onclick=\"document.title = 'clicked'\">b</button>"
                + "<div id=o style='display:none;position:fixed;inset:0'></div>");
        JsonObject done = act("click", "{\"selector\":\"button\"}");
        String note = "the element was pressed, but not clicked: the mouse was released on " + who;
        assertThat(done.getString("note")).isEqualTo(note);
        assertThat(details("click").getString("note")).isEqualTo(note);
        assertThat(script("document.title")).isEqualTo("");
    }

    private static final String SWAP = "function swap() { b.innerHTML = '<i>new</i>';"
            + " b.firstChild.onclick = () => document.title = 'clicked' }";

    @Test
    void aClickOnWhatWasReplacedBeforeTheReleaseSaysSo() {
        open("<button id=b><i>old</i></button><script>" + SWAP + " addEventListener('pointerup', swap, true)</script>");
        assertThat(act("click", "{\"selector\":\"i\"}").getString("note")).contains("as it left the document");
        assertThat(script("document.title")).isEqualTo("");
    }

    @Test
    void whatIsReplacedWhenTheMouseComesIsClickedAfterwards() {
        open("<button id=b><i>old</i></button><script>" + SWAP
                + " b.addEventListener('mouseover', swap, {once: true})</script>");
        assertThat(act("click", "{\"selector\":\"i\"}").containsKey("note")).isFalse();
        assertThat(script("document.title")).isEqualTo("clicked");
    }

    @Test
    void aClickThatTheElementReceivedHasNoNote() {
        open(
                "<button onmousedown=\"this.innerHTML = '<b>pressed</b>'\" onclick=\"document.title = 'clicked'\">b</button>");
        assertThat(act("click", "{\"selector\":\"button\"}").containsKey("note"))
                .isFalse();
        assertThat(script("document.title")).isEqualTo("clicked");
    }

    // Texts

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ONE | <p>There is ONE thing to do</p><button id=it>ONE</button>",
                "ONE | <h1>ONE</h1><button id=it>ONE</button>",
                "one | <p>one or two</p><p>none</p><a href=# id=it><b>One more</b></a>",
                "Save | <button style='display:none'>Save</button><button id=it>Save</button>",
                "Save | <button>Save as</button><button id=it>Save</button>",
                "Sign in | <h2>Sign in</h2><input type=submit id=it value='Sign in'>",
                "\"Go\" | <p>Go</p><div style='cursor:pointer' id=it>Go</div>"
            })
    void aTextMeansWhatAUserWouldClick(String text, String html) {
        open(html
                + "<script>document.onclick = e => { document.title = e.target.closest('#it') ? 'it' : e.target.outerHTML;"
                + " e.preventDefault() }</script>");
        act("click", new JsonObject().put("selector", "text=" + text).encode());
        assertThat(script("document.title")).isEqualTo("it");
    }

    // Fields

    @Test
    void keysGoToAFieldThatHasNoSize() {
        open("<textarea style='width:0;height:0;padding:0;border:0;position:absolute'></textarea>");
        act("type", "{\"selector\":\"textarea\",\"text\":\"ab\"}");
        act("press", "{\"selector\":\"textarea\",\"key\":\"c\"}");
        assertThat(script("document.querySelector('textarea').value")).isEqualTo("abc");
    }

    @Test
    void keysGoToTheFocusedElement() {
        open("<x-field></x-field><script>customElements.define('x-field', class extends HTMLElement { constructor() {"
                + " super(); this.attachShadow({mode: 'open'}).innerHTML = '<input>';"
                + " } connectedCallback() { this.shadowRoot.firstChild.focus() } })</script>");
        act("type", "{\"text\":\"ab\"}");
        assertThat(details("type").getString("text")).isEqualTo("ab");
        assertThat(script("document.querySelector('x-field').shadowRoot.firstChild.value"))
                .isEqualTo("ab");
    }

    @Test
    void textTypedIntoAFocusedPasswordFieldIsNotKept() {
        open("<label>secret<input type=password></label><script>document.querySelector('input').focus()</script>");
        act("type", "{\"text\":\"ab\"}");
        assertThat(details("type").getString("text")).isEqualTo("[redacted]");
        act("type", "{\"selector\":\"label\",\"text\":\"c\"}");
        assertThat(details("type").getString("text")).isEqualTo("[redacted]");
        assertThat(script("document.querySelector('input').value")).isEqualTo("abc");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type | {\"selector\":\"input\",\"text\":\"x\"} | 'input' is read-only (waited 700 ms)",
                "type | {\"text\":\"x\"} | the focused element is read-only",
                "press | {\"selector\":\"input\",\"key\":\"Shift+x\"} | 'input' is read-only (waited 700 ms)",
                "press | {\"key\":\"x\"} | the focused element is read-only",
                "fill | {\"selector\":\"input\",\"value\":\"x\"} | 'input' is read-only (waited 700 ms)"
            })
    void whatIsReadOnlyIsNotWrittenTo(String verb, String body, String why) {
        open("<input readonly value=old><script>document.querySelector('input').focus()</script>");
        Api.Answer refused = post(verb, body);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getString("message")).isEqualTo(why);
        assertThat(refused.error().getString("hint")).isNotEmpty();
        assertThat(script("document.querySelector('input').value")).isEqualTo("old");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<input maxlength=3> | abcdef | abc",
                "<input maxlength=3> | ab\uD83D\uDE00 | ab",
                "<textarea maxlength=3></textarea> | abcdef | abc",
                "<input type=number maxlength=1> | 12 | 12",
                "<input maxlength=6> | abcdef | abcdef"
            })
    void aFieldIsFilledWithAsMuchAsAUserCouldEnter(String html, String value, String held) {
        open(html);
        JsonObject done = act(
                "fill",
                new JsonObject()
                        .put("selector", "input, textarea")
                        .put("value", value)
                        .encode());
        assertThat(script("document.querySelector('input, textarea').value")).isEqualTo(held);
        assertThat(done.containsKey("note")).isEqualTo(held.length() < value.length());
    }
}
