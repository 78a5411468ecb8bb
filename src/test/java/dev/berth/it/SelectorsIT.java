package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which elements selectors find. One session and one page for all: the page's title is the id of what was clicked last. */
class SelectorsIT extends InOneSession {
    private static final String PAGE = """
            <style>body { margin: 0 } * { font-size: 12px } [hidden] { display: none }
              #made::before { content: "\\e001" "New " } #made::after { content: "!" / " today" }</style>
            <script>onclick = event => { document.title = event.composedPath().find(e => e.id).id; event.preventDefault() }</script>
            <h1 id=h1>Shop</h1><h2 id=h2>Cart</h2>
            <button id=as>Save as</button><button id=save>Save</button><button id=gone hidden>Gone</button>
            <button id=icon><svg id=svg width=9 height=9 style="pointer-events: none"><title>Close</title></svg></button>
            <button id=made>offer</button>
            <button id=star aria-label="Mark as favourite">*</button><button id=concealed aria-hidden=true>Concealed</button>
            <span id=word>Print</span> <span id=noun>receipt</span><div id=by role=button aria-labelledby="word noun">?</div>
            <input id=send type=submit value=Send><a id=link href=/plain><img alt=Home width=9 height=9 style="pointer-events: none"></a>
            <label>Email <input id=email></label><label for=town>Town</label><input id=town placeholder="Where you live">
            <label>Accept <input id=accept type=checkbox checked></label><label>News <input id=news type=checkbox></label>
            <div id=bold role=button aria-pressed=true>Bold</div><div id=menu role=button aria-expanded=false>Menu</div>
            <div role=tablist><span id=tab1 role=tab>Tab 1</span> <span id=tab2 role=tab aria-selected=true>Tab 2</span></div>
            <select id=size aria-label=Size><option>S<option>M</select>
            <div id=none role="none presentation">none</div><p id=p data-testid=note>It's there</p><p id=crumb>Home >> Shop</p>
            <ul><li id=li1>Apples <button id=apples>Buy</button><li id=li2>Pears <button id=pears data-testid=buy>Buy</button></ul>
            <x-card></x-card>
            <script>document.querySelector('x-card').attachShadow({mode: 'open'}).innerHTML =
              '<article aria-label=Card><button id=inner><slot>More</slot></button><input id=within placeholder=Amount></article>'
            </script>
            """;

    @BeforeAll
    void openPage() {
        open(PAGE);
    }

    private Api.Answer post(String verb, JsonObject body, int timeoutMillis) {
        return api.post(session + "/" + verb, body.put("timeout", timeoutMillis));
    }

    private Api.Answer click(String selector, int timeoutMillis) {
        return post("click", new JsonObject().put("selector", selector), timeoutMillis);
    }

    private static String message(Api.Answer failed) {
        return failed.json().getJsonObject("error").getString("message");
    }

    @Test
    void strictRefusesSeveralMatches() {
        Api.Answer refused =
                post("click", new JsonObject().put("selector", "li button").put("strict", true), 5_000);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(message(refused))
                .contains("strict: 2 elements match: <button id=\"apples\">, <button id=\"pears\">");
        assertThat(message(click("role=button[name=Buy] >> strict", 5_000))).contains("strict: 2 elements match");
        assertThat(post(
                                "click",
                                new JsonObject()
                                        .put("selector", "#li2 >> text=Buy")
                                        .put("strict", true),
                                5_000)
                        .status())
                .isEqualTo(200);
        assertThat(script("document.title")).isEqualTo("pears");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "role=heading | h1",
                "role=heading[level=2] | h2",
                "role=button[name=\"Save\"] | save",
                "role=button[name=\"save A\"] | as",
                "role=button[name=\"Save\"s] | save",
                "role=button[name=/^save a/i] | as",
                "role=button[name='Close'] | icon",
                "role=button[name=\"favourite\"] | star",
                "role=button[name=\"Print receipt\"s] | by",
                "role=button[name=\"Send\"] | send",
                "role=button[name=\"New offer today\"s] | made",
                "role=link[name=\"Home\"] | link",
                "role=textbox[name=\"email\"] | email",
                "role=textbox[name=\"Town\"s] | town",
                "role=checkbox[checked] | accept",
                "role=checkbox[ checked = false ] | news",
                "role=button[pressed] | bold",
                "role=button[expanded=false] | menu",
                "role=tab[selected] | tab2",
                "role=combobox[name=\"Size\"] | size",
                "role=button[name=\"More\"] | inner",
                "label=email | email",
                "label=\"Town\" | town",
                "label=Size | size",
                "placeholder=where you | town",
                "placeholder=\"Amount\" | within",
                "testid=note | p",
                "testid=\"buy\" | pears",
                "li >> nth=1 | li2",
                "li >> nth=-2 | li1",
                "li >> nth=1 >> role=button | pears",
                "role=listitem >> text=Buy >> nth=1 | pears",
                "text=Pears >> role=button[name=\"Buy\"] | pears",
                "css=ul >> xpath=//button[2 > 1] >> nth=0 | apples",
                "ul >> li:nth-child(2) > button | pears",
                "role=article[name=\"Card\"] >> placeholder=Amount | within",
                "x-card >> css=input | within",
                "text=\"Home >> Shop\" | crumb",
                "text=It's >> nth=0 | p",
            })
    void finds(String selector, String id) {
        Api.Answer done = click(selector, 2_000);
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(script("document.title")).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "role=button[name=\"Gone\"] | is not visible",
                "role=button[name=\"Concealed\"] | was not found",
                "role=button[name=\"More\"s] >> role=button | was not found",
                "role=none[name=\"x\"] | was not found",
                "text=Home >> nth=5 | was not found",
                "label=\"mail\" | was not found",
            })
    void tellsWhyNothingCanBeClicked(String selector, String why) {
        assertThat(message(click(selector, 700))).contains(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "role=knob | use an ARIA role such as button",
                "role=button[title=\"x\"] | but name, checked, disabled, expanded, pressed, selected, level",
                "role=button name=Save | such as role=button[name=\"Save\"]",
                "role=button[name=\"\"] | name= needs a text",
                "role=heading[level=two] | [level=…] needs a number",
                "role=button[disabled=mixed] | is one of true, false",
                "id=save | css=, xpath=, text=, role=, label=, placeholder=, testid=, nth=",
                "nth=1 | counts what a selector before it finds",
                "ref=e1 >> button | such as ref=e12, and stands alone",
                "label= | label= needs a text",
            })
    void refusesAWrongSelectorAndTellsWhatWouldBeRight(String selector, String words) {
        Api.Answer refused = click(selector, 2_000);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(message(refused)).contains(words);
    }

    @Test
    void isOneForAllVerbs() {
        post("fill", new JsonObject().put("selector", "label=Email").put("value", "ann"), 2_000);
        post("wait-for", on("role=textbox[name=\"Email\"]"), 2_000);
        assertThat(script("email.value")).isEqualTo("ann");
    }
}
