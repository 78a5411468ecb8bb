package dev.berth.http.webdriver;

import dev.berth.http.request.GivenFields;
import dev.berth.http.request.ProxyAddress;
import dev.berth.http.request.Validation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code goog:chromeOptions}. No argument reaches a command line: arguments that an option of the contract stands for become that
 * option. What would reach the machine is refused by name.
 */
final class ChromeOptions {
    private static final String NAME = "goog:chromeOptions";

    private static final Pattern SIZE = Pattern.compile("(\\d{1,5})[,x](\\d{1,5})(?:x\\d{1,2})?");

    /** Fields for chromedriver itself. */
    private static final List<String> PASSED = List.of("mobileEmulation", "perfLoggingPrefs", "windowTypes");

    /** Fields that name files, ports or processes of the machine, and those that change Chrome's command line. */
    private static final List<String> REFUSED = List.of(
            "binary",
            "debuggerAddress",
            "detach",
            "excludeSwitches",
            "extensions",
            "localState",
            "logPath",
            "minidumpPath",
            "androidActivity",
            "androidDeviceSerial",
            "androidDeviceSocket",
            "androidExecName",
            "androidKeepAppDataDir",
            "androidPackage",
            "androidProcess",
            "androidUseRunningApp",
            "androidDevToolsPort");

    private static final Set<String> REFUSED_ARGUMENTS = Set.of(
            "user-data-dir",
            "profile-directory",
            "disk-cache-dir",
            "crash-dumps-dir",
            "remote-debugging-port",
            "remote-debugging-address",
            "remote-debugging-pipe",
            "remote-allow-origins",
            "load-extension",
            "log-file",
            "log-net-log",
            "renderer-cmd-prefix",
            "utility-cmd-prefix",
            "gpu-launcher",
            "no-proxy-server",
            "proxy-pac-url",
            "proxy-bypass-list",
            "host-resolver-rules",
            "host-rules",
            "disable-web-security",
            "single-process");

    /** Arguments of most programs, which have no meaning here: Berth's Chromes are headless, and each server decides of its sandbox. */
    private static final Set<String> NEEDLESS = Set.of(
            "headless",
            "no-sandbox",
            "disable-setuid-sandbox",
            "disable-gpu",
            "disable-gpu-sandbox",
            "disable-dev-shm-usage",
            "disable-software-rasterizer",
            "hide-scrollbars",
            "mute-audio",
            "no-first-run",
            "no-default-browser-check",
            "start-maximized");

    private final JsonObject options;
    private final List<String> ignored = new ArrayList<>();

    /** @param options of the contract, which it adds to */
    ChromeOptions(JsonObject options) {
        this.options = options;
    }

    /** The arguments that Berth has nothing for, by name. */
    List<String> ignored() {
        return ignored;
    }

    /** The fields for chromedriver. */
    JsonObject read(GivenFields wanted) {
        JsonObject passed = new JsonObject();
        wanted.object(NAME).ifPresent(given -> {
            REFUSED.forEach(name -> given.value(name)
                    .filter(ChromeOptions::isGiven)
                    .ifPresent(value -> {
                        throw Validation.invalid(
                                given.path(name) + ": is refused, as it would reach the server's machine or"
                                        + " Chrome's command line; leave it out");
                    }));
            PASSED.forEach(name -> given.value(name).ifPresent(value -> passed.put(name, value)));
            given.flag("w3c").filter(on -> !on).ifPresent(off -> {
                throw Validation.invalid(given.path("w3c") + ": must be true, as chromedriver speaks nothing else");
            });
            given.texts("args").forEach(argument -> argument(given, argument));
        });
        return passed;
    }

    /** Clients send empty lists and {@code false} for what nobody has set. */
    private static boolean isGiven(Object value) {
        return !(value instanceof Boolean on && !on
                || value instanceof JsonArray list && list.isEmpty()
                || value instanceof JsonObject object && object.isEmpty()
                || "".equals(value));
    }

    private void argument(GivenFields given, String text) {
        int equals = text.indexOf('=');
        String name = (equals < 0 ? text : text.substring(0, equals)).strip().replaceFirst("^-+", "");
        String value = equals < 0 ? "" : text.substring(equals + 1);
        if (REFUSED_ARGUMENTS.contains(name)) {
            throw Validation.invalid(given.path("args") + ": --" + name + " is refused, as it would reach the server's"
                    + " machine or weaken what holds pages; leave it out");
        }
        switch (name) {
            case "window-size" -> options.put("viewport", size("--window-size", value));
            case "user-agent" -> options.put("userAgent", value);
            case "lang", "accept-lang" -> options.put("locale", value);
            case "ignore-certificate-errors" -> options.put("ignoreHttpsErrors", true);
            case "proxy-server" -> options.put("proxy", ProxyAddress.rules(value, "--proxy-server"));
            default -> {
                if (!NEEDLESS.contains(name)) {
                    ignored.add("--" + name);
                }
            }
        }
    }

    /** @param name of the argument or capability, for the error */
    static JsonObject size(String name, String value) {
        Matcher size = SIZE.matcher(value);
        if (!size.matches()) {
            throw Validation.invalid(name + ": must be a width and a height, such as 1280,720");
        }
        return new JsonObject(Map.of("width", Long.valueOf(size.group(1)), "height", Long.valueOf(size.group(2))));
    }
}
