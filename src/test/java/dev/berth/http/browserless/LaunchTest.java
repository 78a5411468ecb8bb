package dev.berth.http.browserless;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.http.browserless.Launch.Limits;
import dev.berth.protocol.BerthException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchTest {
    private static final Limits LIMITS = new Limits(3_600_000, true);

    /** @param query names and values in turns */
    private static Launch read(String... query) {
        MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < query.length; i += 2) {
            parameters.add(query[i], query[i + 1]);
        }
        return Launch.of(parameters, LIMITS);
    }

    private static JsonObject size(int width, int height) {
        return new JsonObject().put("width", (long) width).put("height", (long) height);
    }

    @Test
    void aPageHasPuppeteersSizeUnlessAnotherIsGiven() {
        assertThat(read("token", "k").options().getJsonObject("viewport")).isEqualTo(size(800, 600));
        assertThat(read("--window-size", "1280x720").options().getJsonObject("viewport"))
                .isEqualTo(size(1280, 720));
        assertThat(read("launch", "{\"defaultViewport\":{\"width\":640}}")
                        .options()
                        .getJsonObject("viewport"))
                .isEqualTo(size(640, 600));
    }

    @Test
    void switchesBecomeOptions() {
        JsonObject options = read(
                        "launch",
                        new JsonObject()
                                .put(
                                        "args",
                                        new JsonArray()
                                                .add("--window-size=900,500")
                                                .add("--lang=de")
                                                .add("--ignore-certificate-errors")
                                                .add("--user-agent=Mine/1"))
                                .encode(),
                        "--proxy-server",
                        "user:pass%3A@proxy.test:8080")
                .options();
        assertThat(options.getJsonObject("viewport")).isEqualTo(size(900, 500));
        assertThat(options.getString("locale")).isEqualTo("de");
        assertThat(options.getBoolean("ignoreHttpsErrors")).isTrue();
        assertThat(options.getString("userAgent")).isEqualTo("Mine/1");
        assertThat(options.getJsonArray("proxy"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put("username", "user")
                                .put("password", "pass:")
                                .put("server", "http://proxy.test:8080")));
    }

    @Test
    void launchMayBeBase64AsQueriesAndUrlsWriteIt() {
        String json = "{\"acceptInsecureCerts\":true,\"args\":[\"--lang=fr\"],\"x\":\"~~~???\"}";
        String base64 = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        assertThat(base64).containsAnyOf("+", "/");
        for (String text : new String[] {
            base64, base64.replace('+', ' '), base64.replace('+', '-').replace('/', '_')
        }) {
            JsonObject options = read("launch", text).options();
            assertThat(options.getString("locale")).isEqualTo("fr");
            assertThat(options.getBoolean("ignoreHttpsErrors")).isTrue();
        }
    }

    @Test
    void whatBerthHasNothingForIsNamed() {
        assertThat(read(
                                "stealth",
                                "",
                                "slowMo",
                                "100",
                                "--disable-web-security",
                                "true",
                                "launch",
                                "{\"args\":[\"--no-sandbox\"],\"executablePath\":\"/bin/sh\",\"userDataDir\":\"/etc\"}")
                        .ignored()
                        .paths())
                .containsExactlyInAnyOrder(
                        "launch.stealth",
                        "slowMo",
                        "--disable-web-security",
                        "--no-sandbox",
                        "launch.executablePath",
                        "launch.userDataDir");
    }

    @Test
    void aTimeoutIsTheLifetimeOfASessionThatEndsWithItsClient() {
        assertThat(read("timeout", "60000").timeout()).hasValue(60_000L);
        assertThat(read("timeout", "60000").options().getJsonObject("timeouts"))
                .isEqualTo(new JsonObject()
                        .put("reconnect", 0)
                        .put("lifetime", 60_000L)
                        .put("idle", 60_000L));
        assertThat(read("timeout", "-1").timeout()).hasValue(3_600_000L);
        assertThat(read().timeout()).isEmpty();
    }

    @Test
    void adsAreBlockedWhereTheServerHasAList() {
        assertThat(read("blockAds", "").options().getBoolean("blockAds")).isTrue();
        assertThat(read("blockAds", "false").options().getBoolean("blockAds")).isFalse();
        MultiMap query = MultiMap.caseInsensitiveMultiMap().add("blockAds", "true");
        assertThat(Launch.of(query, new Limits(3_600_000, false)).ignored().paths())
                .containsExactly("blockAds");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout | 999 | timeout: must be milliseconds from 1000 to 3600000",
                "timeout | 3600001 | timeout",
                "timeout | soon | timeout",
                "launch | [1] | launch: must be one JSON object",
                "launch | {\"args\":\"--lang\"} | launch.args: must be a list",
                "launch | {\"args\":[1]} | launch.args[0]: must be a string",
                "launch | {\"defaultViewport\":{\"width\":-1}} | launch.defaultViewport.width: must be a whole number",
                "ignoreHTTPSErrors | maybe | launch.ignoreHTTPSErrors: must be true or false",
                "blockAds | maybe | blockAds: must be true or false",
                "--window-size | 9 | --window-size: must be a width and a height",
                "--proxy-server | http://[ | --proxy-server: must be a URL",
                "--proxy-server | file:///etc/passwd | --proxy-server: must be a URL",
                "proxy | residential | proxy: Berth has no proxies of its own",
            })
    void wrongParametersAreNamed(String name, String value, String error) {
        assertThatThrownBy(() -> read(name, value))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "AAAA", "[[[[[[[[[[", "{\"a\":"})
    void rubbishIsRefused(String launch) {
        assertThatThrownBy(() -> read("launch", launch))
                .isInstanceOf(BerthException.class)
                .hasMessageStartingWith("launch: must be one JSON object");
        String deep = String.join("", Collections.nCopies(5_000, "{\"a\":"));
        assertThatThrownBy(() -> read("launch", deep)).isInstanceOf(BerthException.class);
    }
}
