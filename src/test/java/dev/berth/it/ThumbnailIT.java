package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ThumbnailIT extends InOneSession {
    private static BufferedImage image(Api.Answer answer) {
        assertThat(answer.status()).as(() -> answer.text()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("image/jpeg");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        try {
            return ImageIO.read(new ByteArrayInputStream(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isMostly(BufferedImage image, Color colour) {
        Color middle = new Color(image.getRGB(image.getWidth() / 2, image.getHeight() / 2));
        return Math.abs(middle.getRed() - colour.getRed()) < 12
                && Math.abs(middle.getGreen() - colour.getGreen()) < 12
                && Math.abs(middle.getBlue() - colour.getBlue()) < 12;
    }

    private BufferedImage await(int width, Color colour) {
        return image(api.await(session + "/thumbnail?width=" + width, answer -> isMostly(image(answer), colour)));
    }

    @Test
    void itIsASmallPictureOfAStillPage() {
        open("<title>Red</title><body style='background:#f00'>");
        BufferedImage image = await(64, Color.RED);
        assertThat(image.getWidth()).isEqualTo(160);
        assertThat(image.getHeight()).isEqualTo(90);
        assertThat(image(api.get(session + "/thumbnail")).getWidth()).isEqualTo(320);
    }

    @Test
    void itIsOfTheActivePageEvenIfAnotherWasOpenedLater() {
        open("<title>Blue</title><body style='background:#00f'>");
        String first =
                api.get(session + "/pages").list("pages").getJsonObject(0).getString("pageId");
        api.post(session + "/pages", new JsonObject().put("url", site.page("<body style='background:#0f0'>")));
        await(320, new Color(0, 255, 0));
        api.post(session + "/pages/" + first + "/activate");
        await(320, Color.BLUE);
    }

    @Test
    void aBusyScriptDoesNotHoldItUp() {
        open("<body style='background:#ff0'><script>onclick = () => { const end = Date.now() + 3000;"
                + " while (Date.now() < end); document.body.style.background = '#000' }</script>");
        await(200, Color.YELLOW);
        script("setTimeout(onclick, 50), 1");
        assertThat(isMostly(image(api.get(session + "/thumbnail?width=410")), Color.YELLOW))
                .isTrue();
    }

    @Test
    void itIsNoActionAndDoesNotKeepAnIdleSessionAlive() {
        String idle = api.newSession(new JsonObject()
                .put("options", new JsonObject().put("timeouts", new JsonObject().put("idle", 2_000))));
        Api.Answer over = api.await(idle + "/thumbnail", answer -> answer.status() != 200);
        assertThat(over.status()).isEqualTo(410);
        assertThat(over.error().getString("code")).isEqualTo("session_ended");
        assertThat(api.get(idle).json().getString("endReason")).isEqualTo("idle_timeout");
        assertThat(api.get(idle + "/actions").list("actions")).isEmpty();
        assertThat(api.get(idle + "/artifacts").list("artifacts")).isEmpty();
    }

    @Test
    void onlyTheSessionsOwnTokenAndKeysLetIn() {
        String live = api.get(session).json().getString("liveUrl");
        String token = live.substring(live.indexOf("?token="));
        String url = Berth.shared().server.url() + session + "/thumbnail";
        assertThat(Api.fetch(url + token).status()).isEqualTo(200);
        assertThat(Api.fetch(url).status()).isEqualTo(401);
        String other = Berth.shared().keyOf("dora");
        assertThat(new Api(Berth.shared().server.url(), other)
                        .get(session + "/thumbnail")
                        .status())
                .isEqualTo(404);
        assertThat(api.get(session + "/thumbnail?width=63").status()).isEqualTo(400);
        assertThat(api.get(session + "/thumbnail?size=63").status()).isEqualTo(400);
    }
}
