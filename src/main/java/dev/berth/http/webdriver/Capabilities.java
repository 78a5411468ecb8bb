package dev.berth.http.webdriver;

import dev.berth.http.request.GivenFields;
import dev.berth.http.request.Validation;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a client of WebDriver asks for: made anew by a list of what is allowed, so that nothing else reaches chromedriver.
 *
 * @param options of the session, in the contract's form
 * @param metadata labels of the session
 * @param driver capabilities for chromedriver: none that names a file, a port or an argument
 * @param echoed capabilities of the new session that are answered as they were asked for
 * @param ignored what Berth has nothing for, by name
 */
public record Capabilities(
        JsonObject options,
        JsonObject metadata,
        Optional<String> name,
        JsonObject driver,
        JsonObject echoed,
        List<String> ignored) {
    /** A client that vanishes closes no connection, so that only time tells. */
    private static final long IDLE_MILLIS = 300_000;

    private static final Set<String> BROWSERS = Set.of("chrome", "chromium", "chrome-headless-shell");
    private static final Set<String> ANY_VERSION = Set.of("", "stable", "latest");
    private static final Set<String> PLATFORMS = Set.of("", "any", "linux");

    /** Asks for WebDriver BiDi; in an answer, the URL of its socket. */
    static final String BIDI = "webSocketUrl";

    /** Passed on as they are: chromedriver judges them. */
    private static final List<String> PASSED = List.of(
            "pageLoadStrategy",
            "timeouts",
            "unhandledPromptBehavior",
            "strictFileInteractability",
            "setWindowRect",
            "acceptInsecureCerts");

    /** The levels of logs, by log. */
    private static final String LOGS = "goog:loggingPrefs";

    /** chromedriver's own log, which tells of the server's files. */
    static final String DRIVER_LOG = "driver";

    /** The names that options of the contract have here, for errors. */
    private static final Map<String, String> NAMES = Map.of(
            "options.viewport", "--window-size",
            "options.userAgent", "--user-agent",
            "options.locale", "--lang",
            "options.timezone", "se:timeZone",
            "options.proxy", "proxy",
            "options.browser", "berth:options.browser",
            "options.timeouts", "berth:options.timeouts",
            "metadata", "berth:options.metadata");

    /**
     * What capabilities are judged by.
     *
     * @param chrome the product and version of this node's Chrome, such as {@code HeadlessChrome/156.0.8078.114}
     * @param maxLifetimeMillis of a session
     */
    public record Server(String chrome, long maxLifetimeMillis) {
        /** @param wanted a version, or the beginning of one */
        boolean has(String wanted) {
            String version = chrome.substring(chrome.indexOf('/') + 1);
            return ANY_VERSION.contains(wanted.toLowerCase(Locale.ROOT))
                    || version.equals(wanted)
                    || version.startsWith(wanted + ".");
        }
    }

    /** Throws {@link BerthException} that names the capability which is wrong, or which Berth does not match. */
    static Capabilities of(JsonObject body, Server server) {
        GivenFields given = new GivenFields("", body);
        GivenFields capabilities = given.object("capabilities")
                .orElseThrow(() -> Validation.invalid(
                        "capabilities: is missing; desiredCapabilities alone are of clients" + " before Selenium 4"));
        JsonObject always = capabilities.json("alwaysMatch").orElseGet(JsonObject::new);
        List<JsonObject> first = new ArrayList<>();
        capabilities.objects("firstMatch").forEach(each -> {
            JsonObject choice = new JsonObject();
            each.names().forEach(name -> choice.put(name, each.value(name).orElseThrow()));
            first.add(choice);
        });
        return first(always, first.isEmpty() ? List.of(new JsonObject()) : first, server);
    }

    private static Capabilities first(JsonObject always, List<JsonObject> choices, Server server) {
        String unmatched = "";
        for (JsonObject choice : choices) {
            choice.fieldNames().stream()
                    .filter(name -> always.getValue(name) != null)
                    .findFirst()
                    .ifPresent(name -> {
                        throw Validation.invalid(name + ": must not be in alwaysMatch and in firstMatch");
                    });
            GivenFields merged = new GivenFields("", always.copy().mergeIn(choice));
            unmatched = mismatch(merged, server);
            if (unmatched.isEmpty()) {
                return read(merged, server);
            }
        }
        throw new BerthException(ErrorCode.UPSTREAM, unmatched, "Berth has Chromium on Linux alone");
    }

    /** The capability that this server does not have; {@code ""} where it has all. */
    private static String mismatch(GivenFields wanted, Server server) {
        String browser = wanted.text("browserName").orElse("chrome");
        String version = wanted.text("browserVersion").orElse("");
        String platform = wanted.text("platformName").orElse("");
        if (!BROWSERS.contains(browser.toLowerCase(Locale.ROOT))) {
            return "browserName: Berth does not have " + browser;
        } else if (!server.has(version)) {
            return "browserVersion: Berth has " + server.chrome();
        }
        return PLATFORMS.contains(platform.toLowerCase(Locale.ROOT))
                ? ""
                : "platformName: Berth does not have " + platform;
    }

    private static Capabilities read(GivenFields wanted, Server server) {
        JsonObject options = new JsonObject();
        JsonObject driver = new JsonObject();
        PASSED.forEach(name -> wanted.value(name).ifPresent(value -> driver.put(name, value)));
        List<String> ignored = new ArrayList<>();
        wanted.value(LOGS).ifPresent(levels -> driver.put(LOGS, withoutDrivers(levels, ignored)));
        wanted.flag(BIDI).ifPresent(on -> driver.put(BIDI, on));
        wanted.flag("acceptInsecureCerts").ifPresent(on -> options.put("ignoreHttpsErrors", on));
        ChromeOptions chrome = new ChromeOptions(options);
        driver.put("goog:chromeOptions", chrome.read(wanted));
        ProxyCapability.read(wanted, options);
        ofGrid(wanted, options);
        JsonObject echoed = new JsonObject();
        // Clients look for this capability before they ask for downloads.
        wanted.flag("se:downloadsEnabled").ifPresent(on -> echoed.put("se:downloadsEnabled", on));
        Optional<GivenFields> own = wanted.object("berth:options");
        Optional<String> ofGrid = wanted.text("se:name");
        Optional<String> name = own.flatMap(fields -> fields.text("name")).or(() -> ofGrid);
        JsonObject metadata = own.flatMap(fields -> fields.object("metadata"))
                .map(Capabilities::texts)
                .orElseGet(JsonObject::new);
        own.flatMap(fields -> fields.text("browser")).ifPresent(kind -> options.put("browser", kind));
        own.flatMap(fields -> fields.value("recording")).ifPresent(kept -> options.put("recording", recording(kept)));
        options.put("timeouts", timeouts(own.flatMap(fields -> fields.object("timeouts")), server));
        ignored.addAll(wanted.unread());
        ignored.stream().filter(path -> path.indexOf(':') < 0).findFirst().ifPresent(path -> {
            throw Validation.invalid(path + ": is no capability of WebDriver");
        });
        own.map(GivenFields::unread).orElse(List.of()).stream().findFirst().ifPresent(path -> {
            throw Validation.invalid(
                    path + ": is not known; known are name, metadata, browser, recording and timeouts");
        });
        ignored.addAll(chrome.ignored());
        return new Capabilities(options, metadata, name, driver, echoed, ignored);
    }

    private static Object withoutDrivers(Object levels, List<String> ignored) {
        if (!(levels instanceof JsonObject given) || !given.containsKey(DRIVER_LOG)) {
            return levels;
        }
        ignored.add(LOGS + "." + DRIVER_LOG);
        JsonObject others = given.copy();
        others.remove(DRIVER_LOG);
        return others;
    }

    /** Capabilities that Selenium Grid has beside those of the standard. */
    private static void ofGrid(GivenFields wanted, JsonObject options) {
        wanted.value("se:recordVideo").ifPresent(on -> options.put("recording", "true".equals(on.toString())));
        wanted.text("se:timeZone").ifPresent(zone -> options.put("timezone", zone));
        wanted.text("se:screenResolution")
                .ifPresent(size -> options.put("viewport", ChromeOptions.size("se:screenResolution", size)));
    }

    private static Object recording(Object kept) {
        if (kept instanceof Boolean || "onFailure".equals(kept)) {
            return kept;
        }
        throw Validation.invalid("berth:options.recording: must be true, false or \"onFailure\"");
    }

    private static JsonObject texts(GivenFields labels) {
        JsonObject read = new JsonObject();
        labels.names().forEach(label -> labels.text(label).ifPresent(text -> read.put(label, text)));
        return read;
    }

    private static JsonObject timeouts(Optional<GivenFields> given, Server server) {
        JsonObject timeouts = new JsonObject();
        given.ifPresent(fields -> List.of("idle", "lifetime")
                .forEach(name -> fields.whole(name, 1, server.maxLifetimeMillis())
                        .ifPresent(millis -> timeouts.put(name, millis))));
        if (!timeouts.containsKey("idle")) {
            timeouts.put("idle", Math.min(IDLE_MILLIS, server.maxLifetimeMillis()));
        }
        return timeouts;
    }

    /** An error about the contract's form, with the names of this one. */
    static BerthException renamed(BerthException e) {
        return Validation.renamed(e, NAMES) instanceof BerthException other ? other : e;
    }
}
