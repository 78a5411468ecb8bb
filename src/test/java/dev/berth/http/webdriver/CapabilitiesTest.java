package dev.berth.http.webdriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.http.webdriver.Capabilities.Server;
import dev.berth.protocol.BerthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilitiesTest {
    private static final Server SERVER = new Server("HeadlessChrome/156.0.8078.114", 3_600_000);

    private static Capabilities always(String capabilities) {
        return Capabilities.of(
                new JsonObject().put("capabilities", new JsonObject().put("alwaysMatch", new JsonObject(capabilities))),
                SERVER);
    }

    private static Capabilities matching(String capabilities) {
        return Capabilities.of(new JsonObject().put("capabilities", new JsonObject(capabilities)), SERVER);
    }

    private static void refuses(String capabilities, String message) {
        assertThatThrownBy(() -> always(capabilities))
                .isInstanceOf(BerthException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void nothingAskedForIsAllDefaults() {
        Capabilities read = Capabilities.of(new JsonObject("{\"capabilities\": {}}"), SERVER);
        assertThat(read.options()).isEqualTo(new JsonObject("{\"timeouts\": {\"idle\": 300000}}"));
        assertThat(read.driver()).isEqualTo(new JsonObject("{\"goog:chromeOptions\": {}}"));
        assertThat(read.ignored()).isEmpty();
        assertThat(read.name()).isEmpty();
        assertThatThrownBy(() -> Capabilities.of(new JsonObject(), SERVER))
                .hasMessageStartingWith("capabilities: is missing");
    }

    @Test
    void theIdleTimeIsWithinTheServersLimit() {
        Capabilities read = Capabilities.of(new JsonObject("{\"capabilities\": {}}"), new Server("Chrome/1", 60_000));
        assertThat(read.options().getJsonObject("timeouts").getLong("idle")).isEqualTo(60_000);
        refuses(
                "{\"berth:options\": {\"timeouts\": {\"idle\": 99999999}}}",
                "berth:options.timeouts.idle: must be a whole number");
        refuses("{\"berth:options\": {\"timeouts\": {\"idle\": \"1\"}}}", "berth:options.timeouts.idle");
    }

    @Test
    void argumentsBecomeOptions() {
        Capabilities read = always("""
                {"goog:chromeOptions": {"args": ["--window-size=700,500", "lang=de", "--user-agent=Mine/1",
                    "--proxy-server=http://ada:secret@proxy.example:3128", "--ignore-certificate-errors",
                    "--headless=new", "--no-sandbox", "--kiosk", "--a=/etc/passwd"],
                  "prefs": {"a": 1}, "extensions": [], "detach": false, "w3c": true}}""");
        assertThat(read.options()).isEqualTo(new JsonObject("""
                {"viewport": {"width": 700, "height": 500}, "locale": "de", "userAgent": "Mine/1", "ignoreHttpsErrors": true,
                  "proxy": [{"server": "http://proxy.example:3128", "username": "ada", "password": "secret"}],
                  "timeouts": {"idle": 300000}}"""));
        assertThat(read.ignored()).containsExactly("goog:chromeOptions.prefs", "--kiosk", "--a");
        assertThat(read.driver().encode()).isEqualTo("{\"goog:chromeOptions\":{}}");
    }

    @Test
    void chromedriversOwnArePassedOn() {
        Capabilities read = always("""
                {"pageLoadStrategy": "eager", "timeouts": {"implicit": 1}, "unhandledPromptBehavior": "accept",
                  "strictFileInteractability": true, "acceptInsecureCerts": true, "goog:loggingPrefs": {"browser": "ALL"},
                  "browserName": "Chrome", "platformName": "LINUX", "browserVersion": "156", "webSocketUrl": true,
                  "goog:chromeOptions": {"mobileEmulation": {"deviceName": "x"}, "perfLoggingPrefs": {"a": 1},
                  "windowTypes": ["webview"]}}""");
        assertThat(read.driver()).isEqualTo(new JsonObject("""
                {"pageLoadStrategy": "eager", "timeouts": {"implicit": 1}, "unhandledPromptBehavior": "accept",
                  "strictFileInteractability": true, "acceptInsecureCerts": true, "goog:loggingPrefs": {"browser": "ALL"},
                  "webSocketUrl": true,
                  "goog:chromeOptions": {"mobileEmulation": {"deviceName": "x"}, "perfLoggingPrefs": {"a": 1},
                  "windowTypes": ["webview"]}}"""));
        assertThat(read.options().getBoolean("ignoreHttpsErrors")).isTrue();
    }

    /** chromedriver's own log tells which files the server has. */
    @Test
    void noClientGetsTheLogOfChromedriver() {
        Capabilities read = always("{\"goog:loggingPrefs\": {\"driver\": \"ALL\", \"browser\": \"ALL\"}}");
        assertThat(read.driver().getJsonObject("goog:loggingPrefs"))
                .isEqualTo(new JsonObject("{\"browser\": \"ALL\"}"));
        assertThat(read.ignored()).containsExactly("goog:loggingPrefs.driver");
    }

    @Test
    void gridsAndBerthsOwnBecomeOptions() {
        Capabilities read = always("""
                {"se:name": "theirs", "se:recordVideo": true, "se:timeZone": "Asia/Tokyo", "se:screenResolution": "800x600x24",
                  "berth:options": {"name": "mine", "metadata": {"build": "7"}, "timeouts": {"lifetime": 60000}},
                  "se:cdpVersion": "1", "vendor:options": {"a": 1}}""");
        assertThat(read.options()).isEqualTo(new JsonObject("""
                {"recording": true, "timezone": "Asia/Tokyo", "viewport": {"width": 800, "height": 600},
                  "timeouts": {"lifetime": 60000, "idle": 300000}}"""));
        assertThat(read.name()).contains("mine");
        assertThat(read.metadata()).isEqualTo(new JsonObject("{\"build\": \"7\"}"));
        assertThat(read.ignored()).containsExactly("se:cdpVersion", "vendor:options");
        refuses("{\"berth:options\": {\"other\": 1}}", "berth:options.other: is not known");
        refuses("{\"berth:options\": {\"metadata\": {\"a\": 1}}}", "berth:options.metadata.a: must be a string");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "binary",
                "debuggerAddress",
                "localState",
                "logPath",
                "minidumpPath",
                "excludeSwitches",
                "detach",
                "androidPackage",
                "androidProcess",
                "extensions"
            })
    void whatReachesTheMachineIsRefusedByName(String field) {
        for (Object value : new Object[] {"/bin/sh", true, new JsonArray().add("x"), new JsonObject().put("a", 1), 1}) {
            String capabilities = new JsonObject()
                    .put("goog:chromeOptions", new JsonObject().put(field, value))
                    .encode();
            refuses(capabilities, "goog:chromeOptions." + field + ": is refused");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--user-data-dir=/root", "user-data-dir=/root", "-remote-debugging-port=9222", " --load-extension=/x",
                "---log-file=/x", "--remote-debugging-pipe", "--host-resolver-rules=MAP * 127.0.0.1",
                        "--gpu-launcher=sh"
            })
    void argumentsThatReachTheMachineAreRefusedByName(String argument) {
        String capabilities = new JsonObject()
                .put("goog:chromeOptions", new JsonObject().put("args", new JsonArray().add(argument)))
                .encode();
        refuses(capabilities, "goog:chromeOptions.args: --");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'webSocketUrl': 'ws://x'} | webSocketUrl: must be true or false",
                "{'nonsense': 1} | nonsense: is no capability",
                "{'browserName': 7} | browserName: must be a string",
                "{'goog:chromeOptions': []} | goog:chromeOptions: must be an object",
                "{'goog:chromeOptions': {'args': '--headless'}} | goog:chromeOptions.args: must be a list",
                "{'goog:chromeOptions': {'args': ['--window-size=x']}} | --window-size: must be a width",
                "{'goog:chromeOptions': {'w3c': false}} | goog:chromeOptions.w3c: must be true",
                "{'proxy': {'proxyType': 'pac', 'proxyAutoconfigUrl': 'file:///x'}} | proxy.proxyType: must be manual",
                "{'proxy': {'proxyType': 'manual'}} | proxy: must name one server",
                "{'proxy': {'proxyType': 'manual', 'httpProxy': 'a b'}} | proxy: must be a URL",
                "{'proxy': {'proxyType': 'manual', 'httpProxy': 'a:1', 'noProxy': ['b']}} | proxy.noProxy: Berth has no",
            })
    void whatIsWrongIsRefused(String capabilities, String message) {
        refuses(capabilities.replace('\'', '"'), message);
    }

    @Test
    void aManualProxyIsOneOfTheSession() {
        Capabilities read = always("""
                {"proxy": {"proxyType": "manual", "httpProxy": "proxy.example:3128", "sslProxy": "proxy.example:3128"}}""");
        assertThat(read.options().getJsonArray("proxy"))
                .isEqualTo(new JsonArray("[{\"server\": \"http://proxy.example:3128\"}]"));
        assertThat(read.driver().containsKey("proxy")).isFalse();
        Capabilities socks = always("""
                {"proxy": {"proxyType": "manual", "socksProxy": "proxy.example:1080", "socksVersion": 5, "socksUsername": "ada",
                  "socksPassword": "secret"}}""");
        assertThat(socks.options().getJsonArray("proxy"))
                .isEqualTo(
                        new JsonArray(
                                "[{\"server\": \"socks5://proxy.example:1080\", \"username\": \"ada\", \"password\": \"secret\"}]"));
    }

    @Test
    void theFirstChoiceThatBerthHasIsTaken() {
        Capabilities read = matching("""
                {"alwaysMatch": {"pageLoadStrategy": "none"}, "firstMatch": [{"browserName": "firefox"},
                  {"browserName": "chrome", "se:name": "second"}, {"browserName": "chrome"}]}""");
        assertThat(read.name()).contains("second");
        assertThat(read.driver().getString("pageLoadStrategy")).isEqualTo("none");
        assertThatThrownBy(() ->
                        matching("{\"firstMatch\": [{\"browserName\": \"firefox\"}, {\"platformName\": \"windows\"}]}"))
                .hasMessage("platformName: Berth does not have windows");
        assertThatThrownBy(() -> matching("{\"alwaysMatch\": {\"browserVersion\": \"15\"}}"))
                .hasMessageStartingWith("browserVersion: Berth has");
        assertThatThrownBy(() ->
                        matching("{\"alwaysMatch\": {\"se:name\": \"a\"}, \"firstMatch\": [{\"se:name\": \"b\"}]}"))
                .hasMessageStartingWith("se:name: must not be in");
    }
}
