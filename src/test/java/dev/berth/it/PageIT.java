package dev.berth.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The content, files and cookies of a page. */
class PageIT extends InOneSession {
    private String content(String format) {
        return act("content", new JsonObject().put("format", format)).getString("content");
    }

    private JsonArray artifacts() {
        return api.get(session + "/artifacts").list("artifacts");
    }

    private JsonArray artifacts(int count) {
        return api.await(
                        session + "/artifacts",
                        a -> a.list("artifacts").size() == count
                                && a.list("artifacts").stream()
                                        .allMatch(each -> ((JsonObject) each)
                                                .getString("state")
                                                .equals("stored")))
                .list("artifacts");
    }

    @Test
    void contentAsHtmlTextAndMarkdown() {
        open("<title>T</title><h1>Head</h1><p>One <b>bold</b> <a href=/x>link</a></p><p hidden>secret</p>"
                + "<ul><li>a<li>b</ul><table><tr><th>A<th>B<tr><td>1<td>2</table><script>var hidden</script><my-el></my-el>"
                + "<script>customElements.define('my-el', class extends HTMLElement { constructor() { super();"
                + " this.attachShadow({mode: 'open'}).innerHTML = '<p>shadowed</p>'; } })</script>"
                + "<iframe srcdoc='<p>framed</p>'></iframe>");
        act("wait-for", on("text=framed"));
        assertThat(content("html")).startsWith("<!DOCTYPE html>").contains("<p hidden=\"\">secret</p>");
        assertThat(content("text")).isEqualTo("Head\n\nOne bold link\n\na\n\nb\n\nA\tB\n\n1\t2\n\nshadowed\n\nframed");
        assertThat(content("markdown"))
                .startsWith("# Head\n\nOne **bold** [link](" + site.url("/x")
                        + ")\n\n* a\n* b\n\n| A | B |\n|---|---|\n| 1 | 2 |")
                .contains("shadowed", "framed")
                .doesNotContain("secret", "var");
    }

    @Test
    void aPdfIsAnArtifact() {
        renew();
        open("<h1>Printed</h1>");
        JsonObject printed = act("pdf", new JsonObject().put("landscape", true));
        byte[] pdf = Api.fetch(printed.getString("publicUrl")).body();
        assertThat(new String(pdf, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
        JsonObject artifact = artifacts().getJsonObject(0);
        assertThat(artifact.getString("type")).isEqualTo("pdf");
        assertThat(artifact.getString("contentType")).isEqualTo("application/pdf");
    }

    private byte[] pdf(String body) {
        return Api.fetch(act("pdf", body).getString("publicUrl")).body();
    }

    /** The size of the first page, in points: 72 an inch. */
    private static String size(byte[] pdf) {
        Matcher box = Pattern.compile("/MediaBox \\[0 0 (\\S+) (\\S+)]").matcher(new String(pdf, ISO_8859_1));
        assertThat(box.find()).isTrue();
        return Math.round(Double.parseDouble(box.group(1))) + "x" + Math.round(Double.parseDouble(box.group(2)));
    }

    /** The parts of the file that are compressed: what is drawn on its pages, in PDF's language, and fonts. */
    private static String drawings(byte[] pdf) throws IOException {
        StringBuilder all = new StringBuilder();
        Matcher part = Pattern.compile("/FlateDecode[^>]*>>\\s*?stream\n").matcher(new String(pdf, ISO_8859_1));
        while (part.find()) {
            InputStream rest = new ByteArrayInputStream(pdf, part.end(), pdf.length - part.end());
            all.append(new String(new InflaterInputStream(rest).readAllBytes(), ISO_8859_1));
        }
        return all.toString();
    }

    @Test
    void aPdfHasTheHeaderAndFooterThatAreGivenAndNoOthers() throws IOException {
        open("<title>Untold</title>");
        String blue = "0 0 1 rg";
        String green = "0 1 0 rg";
        String header = "<b style='font-size:20px;color:#00f'>Head</b>";
        JsonObject print = new JsonObject().put("headerTemplate", header).put("margins", new JsonObject("{\"top\":1}"));
        String headed = drawings(pdf(print.encode()));
        assertThat(headed).contains(blue).containsOnlyOnce("\nBT\n");
        print.put("footerTemplate", "<b style='font-size:20px;color:#0f0' class=pageNumber></b>");
        assertThat(drawings(pdf(print.encode()))).contains(blue, green);
        assertThat(drawings(pdf("{\"headerTemplate\":\"\"}"))).doesNotContain("\nBT\n");
        assertThat(lastAction("pdf").getJsonObject("details").getJsonObject("options"))
                .contains(Map.entry("headerTemplate", ""), Map.entry("preferCssPageSize", false));
    }

    @Test
    void aPdfHasTheSizeOfItsCssWhereThatIsPreferred() {
        open("<style>@page { size: 5in 4in }</style>Small");
        assertThat(size(pdf("{\"width\":8,\"height\":6}"))).isEqualTo("576x432");
        assertThat(size(pdf("{\"width\":8,\"height\":6,\"preferCssPageSize\":true}")))
                .isEqualTo("360x288");
    }

    @Test
    void marginsLeaveRoomOnThePaper() throws IOException {
        open("<body style='margin:0;background:#00f'>");
        assertThat(drawings(pdf("{\"width\":4,\"height\":4,\"margin\":1,\"margins\":{\"left\":2}}")))
                // From the left in 300ths of an inch, then the width and height in CSS pixels.
                .contains(" 600 0 cm\n", "\n0 0 192 384 re\n");
        assertThat(refused("pdf", "{\"margins\":{\"left\":5,\"right\":5}}").text())
                .contains("content area is empty");
    }

    @Test
    void aDownloadIsAnArtifactAndAnAction() {
        renew();
        open("<a href=/report.csv>get it</a>");
        click("a");
        JsonObject artifact = artifacts(1).getJsonObject(0);
        assertThat(artifact.getString("type")).isEqualTo("download");
        assertThat(artifact.getString("fileName")).isEqualTo("jährlich.csv");
        assertThat(artifact.getString("contentType")).isEqualTo("text/csv");
        assertThat(Api.fetch(artifact.getString("publicUrl")).text()).isEqualTo("a,b\n1,2\n");
        JsonObject action =
                api.await(session + "/actions", a -> a.text().contains("\"download\"")).list("actions").stream()
                        .map(JsonObject.class::cast)
                        .filter(a -> a.getString("type").equals("download"))
                        .findFirst()
                        .orElseThrow();
        assertThat(action.getBoolean("success")).isTrue();
        assertThat(action.getJsonObject("details").getString("url")).isEqualTo(site.url("/report.csv"));
    }

    @Test
    void aDownloadThatTheEndInterruptsIsLoggedAsFailed() {
        open("<a href=/endless.bin>get it</a>");
        click("a");
        api.delete(session);
        JsonArray actions = api.get(session + "/actions").list("actions");
        JsonObject last = actions.getJsonObject(actions.size() - 1);
        assertThat(last.getString("type")).isEqualTo("download");
        assertThat(last.getBoolean("success")).isFalse();
        assertThat(last.getString("error")).isEqualTo("the session ended");
        renew();
    }

    @Test
    void filesAreUploadedToThePageAndKept() {
        renew();
        open(
                "<label for=f>files</label><input id=f type=file multiple><script>f.onchange = async () => document.title ="
                        + " (await Promise.all([...f.files].map(async x => x.name + '=' + await x.text()))).join()</script>");
        act(
                "upload",
                new JsonObject()
                        .put("selector", "text=files")
                        .put(
                                "files",
                                new JsonArray().add(file("a.txt", "hello")).add(file("../../b.txt", "there"))));
        api.await(session, a -> a.json().getString("title").equals("a.txt=hello,b.txt=there"));
        assertThat(artifacts(2).stream().map(a -> ((JsonObject) a).getString("type")))
                .containsOnly("upload");
    }

    @Test
    void filesWithAnyNameAreUploaded() {
        open(
                "<input id=f type=file multiple><script>f.onchange = async () => document.title ="
                        + " (await Promise.all([...f.files].map(async x => x.name.length + '=' + await x.text()))).join()</script>");
        act(
                "upload",
                new JsonObject()
                        .put("selector", "input")
                        .put(
                                "files",
                                new JsonArray()
                                        .add(file("x".repeat(300) + ".txt", "long"))
                                        .add(file("\ud83d", "half"))
                                        .add(file("\u2028/tmp/berth-elsewhere", "separated"))));
        api.await(session, a -> a.json().getString("title").equals("200=long,1=half,15=separated"));
        assertThat(Path.of("/tmp/berth-elsewhere")).doesNotExist();
    }

    @Test
    void anImpossibleFileNameIsRefused() {
        renew();
        Api.Answer refused = api.post(
                session + "/upload",
                new JsonObject().put("selector", "input").put("files", new JsonArray().add(file("a\u0000b", "x"))));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).contains("files", "NUL");
        assertThat(artifacts()).isEmpty();
    }

    private static JsonObject file(String name, String text) {
        return new JsonObject()
                .put("name", name)
                .put("content", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "<input type=file>, 2, takes one file only",
        "<input type=file webkitdirectory multiple>, 2, takes a folder",
        "<input type=text>, 1, is no file input",
        "<p>, 1, was not found"
    })
    void whatTakesNoFilesSaysSo(String field, int files, String why) {
        open(field);
        JsonArray list = new JsonArray();
        for (int i = 0; i < files; i++) {
            list.add(file("f" + i, "x"));
        }
        Api.Answer refused = api.post(
                session + "/upload",
                new JsonObject().put("selector", "input").put("files", list).put("timeout", 1_500));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getString("message")).contains(why);
    }

    /** As the contract tells at {@code upload}. */
    @Test
    void aScriptGivesAFolder() {
        open("<input type=file webkitdirectory onchange='document.title = this.files.length'>");
        script("""
                const all = new DataTransfer();
                for (const [path, text] of [['photos/a.txt', 'a'], ['photos/old/b.txt', 'b']]) {
                  const file = new File([text], path.split('/').pop());
                  all.items.add(Object.defineProperty(file, 'webkitRelativePath', {value: path}));
                }
                const field = document.querySelector('input[webkitdirectory]');
                field.files = all.files;
                field.dispatchEvent(new Event('change', {bubbles: true}))""");
        assertThat(script("document.title + [...document.querySelector('input').files].map(f => f.webkitRelativePath)"))
                .isEqualTo("2photos/a.txt,photos/old/b.txt");
    }

    @Test
    void cookiesInAndOut() {
        renew();
        open("<p>");
        JsonArray cookies = new JsonArray()
                .add(new JsonObject().put("name", "plain").put("value", "1"))
                .add(new JsonObject()
                        .put("name", "other")
                        .put("value", "2")
                        .put("domain", "example.com")
                        .put("secure", true)
                        .put("httpOnly", true)
                        .put("sameSite", "None")
                        .put("expires", 1_800_000_000));
        Api.Answer set = api.put(session + "/cookies", new JsonObject().put("cookies", cookies));
        assertThat(set.status()).isEqualTo(200);
        assertThat(script("document.cookie")).isEqualTo("plain=1");
        JsonArray jar = api.get(session + "/cookies").list("cookies");
        assertThat(jar).hasSize(2);
        JsonObject other = jar.getJsonObject(1);
        assertThat(other.getString("sameSite")).isEqualTo("None");
        assertThat(other.getBoolean("httpOnly")).isTrue();
        // The cookies that were read can be set again.
        assertThat(api.put(session + "/cookies", new JsonObject().put("cookies", jar))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aCookieNeedsADomainOrUrl() {
        renew();
        Api.Answer refused = api.put(
                session + "/cookies",
                new JsonObject()
                        .put(
                                "cookies",
                                new JsonArray()
                                        .add(new JsonObject().put("name", "n").put("value", "v"))));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().getString("message")).contains("needs a domain or a url");
    }

    @Test
    void aPopupThatAClickClosesGivesWayToItsOpener() {
        String popup = site.page("<title>Popup</title><button onclick='window.close()'>close</button>");
        open("<title>Opener</title><script>open('" + popup + "')</script>");
        api.await(session, a -> a.json().getString("title").equals("Popup"));
        click("button");
        api.await(session, a -> a.json().getString("title").equals("Opener"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "press | {\"key\":\"Enter\"}",
                "press | {\"key\":\"Enter\",\"selector\":\"input\"}",
                "type | {\"text\":\"ab\\n\"}",
                "type | {\"text\":\"ab\\n\",\"selector\":\"input\"}"
            })
    void aKeyMayCloseItsPage(String verb, String body) {
        openPopupThatEnterCloses();
        act(verb, new JsonObject(body));
        api.await(session, a -> a.json().getString("title").equals("Opener"));
    }

    private void openPopupThatEnterCloses() {
        String popup = site.page(
                "<title>Popup</title><input autofocus onkeydown=\"if (event.key == 'Enter') window.close()\">");
        open("<title>Opener</title><script>open('" + popup + "')</script>");
        api.await(session, a -> a.json().getString("title").equals("Popup"));
    }

    @Test
    void closingAPageFailsItsRunningActionAtOnce() {
        open("<script>open('" + site.page("<title>Popup</title>") + "')</script>");
        api.await(session, a -> a.json().getString("title").equals("Popup"));
        Api.Answer cut = api.post(
                session + "/evaluate",
                new JsonObject().put("expression", "setTimeout(close, 100), new Promise(() => {})"));
        assertThat(cut.status()).isEqualTo(422);
        assertThat(cut.error().getString("message")).isEqualTo("the page was closed");
    }
}
