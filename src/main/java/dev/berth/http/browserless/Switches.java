package dev.berth.http.browserless;

import dev.berth.http.request.Validation;
import dev.berth.protocol.BerthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Switches of Chrome's command line. None reaches a command line: those that an option of the contract stands for become that option. */
final class Switches {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5})[,x](\\d{1,5})");
    private static final Pattern SCHEME = Pattern.compile("[a-z0-9]+://.*");

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
        JsonObject rule = new JsonObject();
        URI url = url(SCHEME.matcher(server).matches() ? server : "http://" + server);
        Optional.ofNullable(url.getUserInfo()).ifPresent(login -> {
            int colon = login.indexOf(':');
            rule.put("username", colon < 0 ? login : login.substring(0, colon));
            rule.put("password", colon < 0 ? "" : login.substring(colon + 1));
        });
        rule.put("server", url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()));
        options.put("proxy", new JsonArray().add(rule));
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            if (url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw noProxy();
        }
        throw noProxy();
    }

    private static BerthException noProxy() {
        return Validation.invalid("--proxy-server: must be a URL such as http://host:port");
    }
}
