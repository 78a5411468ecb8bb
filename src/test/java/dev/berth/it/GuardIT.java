package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pages and clients that try to take more than their share, or what is not theirs. */
class GuardIT extends InOwnSession {
    @Override
    @BeforeEach
    void create() {
        super.create();
        api.navigate(session, site.url("/plain"));
    }

    @Test
    void aHugeConsoleLineIsListedInOrderAndCut() {
        script("console.log('before'); console.log('x'.repeat(25_000_000)); console.error('after'); 1");
        List<JsonObject> lines =
                api.await(session + "/console", a -> a.json().getInteger("total") == 3).list("logs").stream()
                        .map(JsonObject.class::cast)
                        .toList();
        assertThat(lines.get(0).getString("message")).isEqualTo("before");
        assertThat(lines.get(1).getString("message"))
                .startsWith("xxxx")
                .hasSize(16_384 + "… (24983616 more characters)".length())
                .endsWith("x… (24983616 more characters)");
        assertThat(lines.get(2).getString("message")).isEqualTo("after");
    }

    @Test
    void aConsoleLineOfManyLongTextsIsListedAndCut() {
        script("console.error(...Array(20).fill('x'.repeat(16_384))); 1");
        JsonObject line =
                (JsonObject) api.await(session + "/console", a -> a.json().getInteger("total") == 1)
                        .list("logs")
                        .getValue(0);
        assertThat(line.getString("level")).isEqualTo("error");
        assertThat(line.getString("message"))
                .startsWith("x".repeat(16_384))
                .endsWith("… (" + (19 * 16_385) + " more characters)");
    }

    @Test
    void aLineIsNotMarkedForCutsOfAnother() {
        api.navigate(session, "data:text/html,<p>" + "y".repeat(50_000) + "</p><script>console.log('short')</script>");
        JsonObject line =
                (JsonObject) api.await(session + "/console", a -> a.json().getInteger("total") == 1)
                        .list("logs")
                        .getValue(0);
        assertThat(line.getString("message")).isEqualTo("short");
    }

    @Test
    void aResultMayHaveLongNames() {
        JsonObject script = new JsonObject().put("expression", "({['k'.repeat(60_000)]: 1})");
        assertThat(api.post(session + "/evaluate", script).status()).isEqualTo(200);
    }

    @Tag("full")
    @Test
    void contentIsMeasuredInBytes() {
        api.navigate(session, site.page("<title>Large</title><pre id=p></pre>"));
        script("p.textContent = '€'.repeat(2_000_000); 1");
        JsonObject text = new JsonObject().put("format", "text");
        assertThat(act("content", text).getString("content")).isEqualTo("€".repeat(2_000_000));
        script("p.textContent = '€'.repeat(12_000_000); 1");
        Api.Answer refused = api.post(session + "/content", text);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getString("message"))
                .isEqualTo("the content has 36000000 bytes; at most 33554432 can be returned at once");
    }

    @Tag("full")
    @Test
    void aSnapshotOfManyLargeFramesIsRefusedAndSaysWhy() {
        String frame = site.page("<script>document.write('<button aria-label=a>x</button>'.repeat(12_000))</script>");
        api.navigate(
                session, site.page("<title>Frames</title>" + ("<iframe src='" + frame + "'></iframe>").repeat(10)));
        Api.Answer refused = api.post(session + "/snapshot", new JsonObject().put("timeout", 60_000));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getString("message")).contains("can be returned at once");
    }

    @Test
    void aConsoleLineOfVeryManyValuesIsDescribedByItsSize() {
        script("console.log(...Array(50_000).fill('value')); console.log('after'); 1");
        String logs = api.await(session + "/console", a -> a.json().getInteger("total") == 2)
                .text();
        assertThat(logs).contains("an event Runtime.consoleAPICalled of ").contains("was too large to be kept");
    }

    @Test
    void aHugeMethodOfARequestIsCut() {
        script("fetch('/plain?x', {method: 'M'.repeat(1_000_000)}).catch(() => 1).then(() => 1)");
        JsonObject request = (JsonObject)
                api.await(session + "/network?limit=1000", a -> a.text().contains("/plain?x")).list("requests").stream()
                        .filter(each -> each.toString().contains("/plain?x"))
                        .findFirst()
                        .orElseThrow();
        assertThat(request.getString("method"))
                .startsWith("MMM")
                .hasSizeLessThan(250)
                .endsWith("more characters)");
    }

    @Test
    void aResultThatIsTooLargeIsRefusedAndTheSessionGoesOn() {
        Api.Answer evaluated =
                api.post(session + "/evaluate", new JsonObject().put("expression", "'x'.repeat(40_000_000)"));
        assertThat(evaluated.status()).isEqualTo(422);
        assertThat(evaluated.error().getString("message")).contains("at most 33554432 can be returned at once");
        script("document.body.dataset.x = 'y'.repeat(40_000_000); 1");
        Api.Answer content = api.post(session + "/content", new JsonObject().put("format", "html"));
        assertThat(content.status()).isEqualTo(422);
        assertThat(content.error().getString("message")).contains("at most 33554432 can be returned at once");
        assertThat(script("delete document.body.dataset.x; 1 + 1")).isEqualTo(2);
    }

    @Tag("full")
    @Test
    void aLargeResultIsGivenWhole() {
        assertThat((String) script("'é'.repeat(1_000_000)")).isEqualTo("é".repeat(1_000_000));
        // More than the JSON library's own limit for a text.
        JsonObject script = new JsonObject().put("expression", "'x'.repeat(21_000_000)");
        assertThat(api.post(session + "/evaluate", script).text())
                .startsWith("{\"success\":true,\"result\":\"" + "x".repeat(21_000_000) + "\",\"type\":\"string\"");
    }

    @Tag("full")
    @Test
    void aLargePictureIsKept() {
        script("""
                const canvas = document.createElement('canvas');
                canvas.width = canvas.height = 2_400;
                const image = new ImageData(2_400, 2_400);
                for (let i = 0; i < image.data.length; i += 65_536) crypto.getRandomValues(image.data.subarray(i, i + 65_536));
                for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
                canvas.getContext('2d').putImageData(image, 0, 0);
                document.body.append(canvas); 1""");
        JsonObject picture = act("screenshot", new JsonObject().put("fullPage", true));
        assertThat(picture.getLong("size")).isBetween(15_000_000L, 32L << 20);
    }

    /** Chrome reports these like any navigation, hands them to the system, and stays. */
    @Test
    void aLinkToAnotherProgramLeavesThePageOpen() {
        for (String link :
                List.of("mailto:someone@example.com", "tel:+4912345", "zoommtg://join", "ftp://127.0.0.1/")) {
            String page = site.page("<title>Contact</title><a href='" + link + "'>write</a>");
            api.navigate(session, page);
            act("click", new JsonObject().put("selector", "a").put("timeout", 5_000));
            assertThat(script("location.href")).as(link).isEqualTo(page);
            assertThat(api.get(session).json().getString("currentUrl")).isEqualTo(page);
        }
        assertThat(api.get(session + "/console").list("logs")).isEmpty();
    }
}
