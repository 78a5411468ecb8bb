package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Snapshots as a model gets them. One session for all: each test opens its own page. */
class SnapshotsIT extends InOneSession {
    private String snapshot(JsonObject options) {
        return act("snapshot", options).getString("snapshot");
    }

    private String snapshot() {
        return snapshot(new JsonObject());
    }

    private static String ref(String snapshot, String start) {
        Matcher line = Pattern.compile("- " + start + ".*\\[ref=(\\w+)\\]").matcher(snapshot);
        assertThat(line.find()).as(snapshot).isTrue();
        return line.group(1);
    }

    @Test
    void refsAreForWhatCanBeClicked() {
        open("""
                <p>Plain <b>text</b> in one line</p><button>Go</button>
                <div id=div>Listens</div><div contenteditable></div>
                <button style="display: none">Hidden</button><button style="width: 0; padding: 0; border: 0"></button>
                <select><option>one<option>two</select>
                <script>div.addEventListener('click', () => document.title = 'clicked')</script>""");
        String taken = snapshot();
        assertThat(taken)
                .contains("Plain text in one line")
                .doesNotContain("Hidden")
                .contains("options: one | two");
        assertThat(taken.split("\\[ref=", -1)).as(taken).hasSize(1 + 4);
        click(taken.replaceFirst("(?s).*\\[ref=(\\w+)\\]: Listens.*", "$1"));
        assertThat(script("document.title")).isEqualTo("clicked");
    }

    @Test
    void whatAssistiveTechnologyDoesNotGetHasARefToo() {
        open("""
                <p>Before</p><div aria-hidden=true><i style="display: inline-block; cursor: pointer; width: 20px; height: 20px"
                onclick="document.title = 'icon'"></i><span onclick="document.title = 'words'">Close it</span></div><p>After</p>""");
        String taken = snapshot();
        assertThat(taken).containsSubsequence("Before", "[ref=", "Close it", "[ref=", "After");
        click(ref(taken, "generic"));
        assertThat(script("document.title")).isEqualTo("icon");
        click(ref(taken, "generic \"Close it\""));
        assertThat(script("document.title")).isEqualTo("words");
    }

    @Test
    void aPartIsDescribedWhereAskedFor() {
        open(
                "<h1>Head</h1><main><p>Words</p><nav aria-label=Menu><a href='/x'>X</a></nav></main><button>Last</button>");
        assertThat(snapshot(on("nav")))
                .contains("link \"X\"")
                .doesNotContain("Head")
                .doesNotContain("Last");
        assertThat(snapshot(new JsonObject().put("depth", 1)))
                .contains("heading \"Head\"")
                .contains("main")
                .doesNotContain("Words");
        assertThat(snapshot(new JsonObject().put("interactiveOnly", true)))
                .contains("link \"X\"", "button \"Last\"")
                .doesNotContain("Head");
    }

    @Test
    void whatDoesNotFitIsToldHonestly() {
        open("<button>A button with a long name</button>".repeat(200));
        String cut = snapshot(new JsonObject().put("maxTokens", 200));
        assertThat(cut.length()).isLessThanOrEqualTo(800);
        long kept = cut.lines().filter(line -> line.contains("[ref=")).count();
        assertThat(cut).contains("more lines, " + (200 - kept) + " of them with a ref");
    }

    @Test
    void aDifferenceIsFromTheLatestSnapshotWithTheSameOptions() {
        open("<main><p id=p>Old</p></main><button>Go</button>" + "<p>More</p>".repeat(20));
        JsonObject part = on("main");
        snapshot();
        script("p.textContent = 'New'; 1");
        assertThat(snapshot(part)).contains("New");
        assertThat(snapshot(new JsonObject().put("diff", true)))
                .contains("New", "Old")
                .doesNotContain("More");
        assertThat(snapshot(part.copy().put("diff", true))).isEqualTo("- nothing changed");
    }

    @Test
    void whatIsInAClosedShadowRootCanBeClicked() {
        open("<x-box></x-box><script>document.querySelector('x-box').attachShadow({mode: 'closed'}).innerHTML ="
                + " `<button onclick=\"document.title = 'clicked'\">Inside</button>`</script>");
        click(ref(snapshot(), "button \"Inside\""));
        assertThat(script("document.title")).isEqualTo("clicked");
    }

    @Test
    void aRefIsTheSameInEachSnapshotOfADocument() {
        open("<button id=a>A</button><button>B</button>");
        String before = ref(snapshot(), "button \"B\"");
        script("a.remove(); 1");
        assertThat(ref(snapshot(), "button \"B\"")).isEqualTo(before);
    }

    @Test
    void refsOfIframesOfOtherSitesAreActedOn() {
        String inner = site.otherSiteUrl(URI.create(site.page(
                        "<div><button onclick=\"this.textContent = 'Pressed'\">Inside</button></div><p>Aside</p>"))
                .getPath());
        open("<button onclick=\"document.title = 'wrong'\">Outside</button><iframe src='" + inner + "'></iframe>");
        act("wait-for", on("text=Inside"));
        click(ref(snapshot(), "button \"Inside\""));
        assertThat(snapshot(on("div"))).contains("Pressed").doesNotContain("Aside");
        assertThat(script("document.title")).isNotEqualTo("wrong");
    }

    /** The element of a ref is found in the page's own world. */
    @Test
    void aClickThatThePagesOwnListenersSpoilHasHappened() {
        open("<button onclick=\"document.title = 'clicked'\">Buy</button><script>"
                + "removeEventListener = () => { throw new Error('not here') }</script>");
        act("click", on(ref(snapshot(), "button \"Buy\"")));
        assertThat(script("document.title")).isEqualTo("clicked");
    }
}
