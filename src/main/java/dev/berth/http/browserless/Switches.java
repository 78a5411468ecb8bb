package dev.berth.http.browserless;

import dev.berth.http.request.ProxyAddress;
import dev.berth.http.request.Validation;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Switches of Chrome's command line. None reaches a command line: those that an option of the contract stands for become that option. */
final class Switches {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5})[,x](\\d{1,5})");

    private final JsonObject options;
    private final List<String> ignored = new ArrayList<>();

    /** @param options of the contract, which it adds to */
    Switches(JsonObject options) {
        this.options = options;
    }

    /** The names of switches that Berth has nothing for. */
    List<String> ignored() {
        return ignored;
    }

    /** @param text such as {@code --lang=de} */
    void read(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        String value = equals < 0 ? "" : text.substring(equals + 1);
        switch (name) {
            case "--window-size" -> options.put("viewport", size(value));
            case "--user-agent" -> options.put("userAgent", value);
            case "--lang" -> options.put("locale", value);
            case "--ignore-certificate-errors" -> options.put("ignoreHttpsErrors", true);
            case "--proxy-server" -> proxy(value);
            default -> ignored.add(name);
        }
    }

    private static JsonObject size(String value) {
        Matcher size = SIZE.matcher(value);
        if (!size.matches()) {
            throw Validation.invalid("--window-size: must be a width and a height, such as 1280,720");
        }
        return new JsonObject().put("width", Long.valueOf(size.group(1))).put("height", Long.valueOf(size.group(2)));
    }

    /** Has the session go out by this proxy, which may be given with a user and a password. */
    void proxy(String server) {
        options.put("proxy", ProxyAddress.rules(server, "--proxy-server"));
    }
}
