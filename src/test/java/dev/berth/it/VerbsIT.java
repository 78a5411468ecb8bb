package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerbsIT extends InOneSession {
    private Api.Answer post(String verb, JsonObject body) {
        return api.post(session + "/" + verb, body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"load", "domcontentloaded", "networkidle"})
    void navigateTellsWhereThePageIs(String waitUntil) {
        JsonObject went = post(
                        "navigate",
                        new JsonObject().put("url", site.url("/two")).put("waitUntil", waitUntil))
                .json();
        assertThat(went)
                .isEqualTo(new JsonObject()
                        .put("pageId", went.getString("pageId"))
                        .put("success", true)
                        .put("url", site.url("/two"))
                        .put("title", "Two")
                        .put("status", 200)
                        .put("navigated", true));
    }

    @Test
    void anHttpErrorIsASuccessWithThatStatus() {
        JsonObject went = api.navigate(session, site.url("/nowhere")).json();
        assertThat(went.getInteger("status")).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "chrome://version",
                "javascript:alert(1)",
                "view-source:http://x.y/",
                "not a url"
            })
    void whatAPageMayNotBeSentToIsRefused(String url) {
        api.navigate(session, site.url("/plain"));
        Api.Answer refused = post("navigate", new JsonObject().put("url", url));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.error().getString("message")).startsWith("navigation refused: ");
        assertThat(script("location.href")).isEqualTo(site.url("/plain"));
    }

    @Test
    void aSlowPageTimesOutAndTheSessionGoesOn() {
        Api.Answer late = post(
                "navigate", new JsonObject().put("url", site.url("/hangs?late")).put("timeout", 300));
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.error().getString("code")).isEqualTo("timeout");
        assertThat(late.error().getBoolean("retryable")).isTrue();
        assertThat(script("1")).isEqualTo(1);
        assertThat(api.navigate(session, site.url("/two")).json().getString("title"))
                .isEqualTo("Two");
    }

    @Test
    void backForwardAndReload() {
        renew();
        assertThat(post("go-back", new JsonObject()).json().getBoolean("navigated"))
                .isFalse();
        api.navigate(session, site.url("/plain"));
        api.navigate(session, site.url("/two"));
        assertThat(api.post(session + "/go-back").json().getString("title")).isEqualTo("Plain");
        JsonObject forward = api.post(session + "/go-forward").json();
        assertThat(forward.getString("title")).isEqualTo("Two");
        assertThat(forward.getInteger("status")).isEqualTo(200);
        assertThat(api.post(session + "/go-forward").json().getBoolean("navigated"))
                .isFalse();
        int before = site.served("/two").size();
        assertThat(api.post(session + "/reload").json().getString("url")).isEqualTo(site.url("/two"));
        assertThat(site.served("/two")).hasSizeGreaterThan(before);
    }

    @Test
    void movesWithinADocumentAreFollowed() {
        api.navigate(session, site.url("/plain"));
        assertThat(api.navigate(session, site.url("/plain#part")).json().getString("url"))
                .isEqualTo(site.url("/plain#part"));
        script("history.pushState({}, '', '/pushed')");
        api.await(session, a -> a.json().getString("currentUrl").equals(site.url("/pushed")));
    }

    @Test
    void evaluateReturnsJson() {
        api.navigate(session, site.url("/plain"));
        assertThat(script("({n: 1, f: 0.5, s: 'x', l: [true, null, {}], big: 2 ** 53 - 1})"))
                .isEqualTo(new JsonObject()
                        .put("n", 1)
                        .put("f", 0.5)
                        .put("s", "x")
                        .put("l", new JsonArray().add(true).addNull().add(new JsonObject()))
                        .put("big", 9_007_199_254_740_991L));
        assertThat(script("undefined")).isNull();
        assertThat(script("NaN")).isEqualTo("NaN");
        assertThat(script("12n")).isEqualTo("12n");
        assertThat(script("fetch('/item').then(r => r.text())")).isEqualTo("ok");
        assertThat(script("'\\ud800'")).isEqualTo("\ud800");
        assertThat(script("'\\u0000\\ud83d\\ude00'")).isEqualTo("\0😀");
    }

    @Test
    void screenshotsShowThePage() throws IOException {
        renew();
        api.navigate(session, site.url("/tall"));
        BufferedImage viewport = screenshot(new JsonObject());
        assertThat(viewport.getWidth()).isEqualTo(1280);
        assertThat(viewport.getHeight()).isEqualTo(720);
        BufferedImage full = screenshot(new JsonObject().put("fullPage", true));
        assertThat(full.getHeight()).isEqualTo(3_040);
        assertThat(full.getWidth()).isEqualTo(1280);
        assertThat(viewport.getRGB(1_275, 5) >> 8 & 0xff).isLessThan(20); // red, where a scrollbar would be
        assertThat(full.getRGB(600, 2_900) & 0xff).isGreaterThan(230); // blue at the bottom
        BufferedImage element = screenshot(on("#foot"));
        assertThat(element.getWidth()).isEqualTo(200);
        assertThat(element.getRGB(100, 20)).isEqualTo(0xff00ff00);
        assertThat(screenshot(new JsonObject().put("format", "jpeg").put("quality", 30))
                        .getWidth())
                .isEqualTo(1280);
        assertThat(api.get(session).json().getInteger("screenshotCount")).isEqualTo(4);
    }

    @Test
    void aScreenshotOfAClipIsThatPartOfTheDocument() throws IOException {
        open(
                "<body style='margin:0'><div style='position:absolute;left:50px;top:2000px;width:200px;height:100px;background:#0f0'>");
        script("scrollTo(0, 500)");
        BufferedImage clip = screenshot(new JsonObject("{\"clip\":{\"x\":40,\"y\":1990,\"width\":100,\"height\":60}}"));
        assertThat(clip.getWidth() + "x" + clip.getHeight()).isEqualTo("100x60");
        assertThat(clip.getRGB(5, 5)).isEqualTo(0xffffffff);
        assertThat(clip.getRGB(15, 15)).isEqualTo(0xff00ff00);
        assertThat(script("scrollY")).isEqualTo(500);
        assertThat(lastAction("screenshot")
                        .getJsonObject("details")
                        .getJsonObject("clip")
                        .getDouble("y"))
                .isEqualTo(1_990);
    }

    @Test
    void aScreenshotWithoutBackgroundIsTransparentWhereThePagePaintsNothing() throws IOException {
        open("<body style='margin:0'><div style='width:200px;height:100px;background:#0f0'>");
        JsonObject transparent = new JsonObject().put("omitBackground", true);
        BufferedImage bare = screenshot(transparent);
        assertThat(bare.getRGB(10, 10)).isEqualTo(0xff00ff00);
        assertThat(bare.getRGB(10, 200)).isZero();
        // No picture is there within a millisecond.
        assertThat(post("screenshot", transparent.copy().put("timeout", 1)).status())
                .isEqualTo(504);
        assertThat(screenshot(new JsonObject()).getRGB(10, 200)).isEqualTo(0xffffffff);
    }

    private BufferedImage screenshot(JsonObject body) throws IOException {
        JsonObject taken = post("screenshot", body).json();
        assertThat(taken.getBoolean("success")).isTrue();
        return ImageIO.read(
                new ByteArrayInputStream(Api.fetch(taken.getString("publicUrl")).body()));
    }

    @Test
    void aScreenshotOfNothingSaysWhy() {
        Api.Answer missing =
                post("screenshot", new JsonObject().put("selector", "#nothing").put("timeout", 1_500));
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.error().getString("message")).contains("#nothing");
        Api.Answer malformed = post("screenshot", on("]["));
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.error().getString("message")).contains("selector");
    }

    @Test
    void aScreenshotHasTheRequestedFormat() {
        String link = post("screenshot", new JsonObject().put("format", "webp"))
                .json()
                .getString("publicUrl");
        Api.Answer picture = Api.fetch(link);
        assertThat(picture.headers().firstValue("Content-Type")).contains("image/webp");
        assertThat(new String(picture.body(), 8, 4, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("WEBP");
    }

    @Test
    void everyActionIsLoggedInOrder() {
        renew();
        api.navigate(session, site.url("/plain"));
        post("evaluate", new JsonObject().put("expression", "nope"));
        post("screenshot", new JsonObject());
        Api.Answer log = api.get(session + "/actions");
        assertThat(log.json().getInteger("total")).isEqualTo(3);
        assertThat(log.list("actions").stream().map(JsonObject.class::cast))
                .extracting(a -> a.getString("type") + " " + a.getBoolean("success") + " " + a.getString("source"))
                .containsExactly("navigate true rest", "evaluate false rest", "screenshot true rest");
        JsonObject failed = log.list("actions").getJsonObject(1);
        assertThat(failed.getString("error")).contains("nope is not defined");
        assertThat(failed.getJsonObject("details").getString("expression")).isEqualTo("nope");
        assertThat(failed.getJsonObject("cost").getDouble("usd")).isZero();
        assertThat(api.get(session + "/actions?offset=1&limit=1").list("actions"))
                .hasSize(1);
    }
}
