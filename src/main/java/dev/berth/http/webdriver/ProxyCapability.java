package dev.berth.http.webdriver;

import dev.berth.http.request.GivenFields;
import dev.berth.http.request.Validation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the capability {@code proxy} into the option of the contract: Berth, and not Chrome, sends what goes out by a proxy. */
final class ProxyCapability {
    private static final Pattern SCHEME = Pattern.compile("[a-z0-9]+://.*");
    private static final Set<String> NONE = Set.of("", "direct", "system");

    private ProxyCapability() {}

    static void read(GivenFields wanted, JsonObject options) {
        wanted.object("proxy").ifPresent(proxy -> {
            String type = proxy.text("proxyType").orElse("").toLowerCase(Locale.ROOT);
            if (type.equals("manual")) {
                manual(proxy, options);
            } else if (!NONE.contains(type)) {
                throw proxy.wrong("proxyType", "manual or direct: Berth reads no proxy scripts");
            }
            proxy.unread().stream().findFirst().ifPresent(path -> {
                throw Validation.invalid(path + ": is not known; known are proxyType, httpProxy, sslProxy, socksProxy,"
                        + " socksVersion, socksUsername and socksPassword");
            });
        });
    }

    private static void manual(GivenFields proxy, JsonObject options) {
        if (!proxy.value("noProxy")
                .map(Object::toString)
                .filter(list -> !Set.of("", "[]").contains(list))
                .isEmpty()) {
            throw Validation.invalid(proxy.path("noProxy") + ": Berth has no exceptions here; use options.proxy of"
                    + " POST /api/sessions, which has rules by host");
        }
        List<String> http = Stream.of("httpProxy", "sslProxy")
                .flatMap(name -> proxy.text(name).stream())
                .distinct()
                .toList();
        Optional<String> socks = proxy.text("socksProxy");
        proxy.whole("socksVersion", 5, 5);
        if (http.size() + (socks.isPresent() ? 1 : 0) != 1) {
            throw Validation.invalid(
                    "proxy: must name one server, the same for httpProxy and sslProxy, or a socksProxy");
        }
        String server = socks.map(host -> "socks5://" + host).orElseGet(() -> http.get(0));
        put(options, server, "proxy");
        JsonObject rule = options.getJsonArray("proxy").getJsonObject(0);
        proxy.text("socksUsername").ifPresent(user -> rule.put("username", user));
        proxy.text("socksPassword").ifPresent(password -> rule.put("password", password));
    }

    /**
     * Has a session go out by this server, which may be given with a user and a password.
     *
     * @param name of the argument or capability, for the error
     */
    static void put(JsonObject options, String server, String name) {
        URI url = url(SCHEME.matcher(server).matches() ? server : "http://" + server, name);
        JsonObject rule = new JsonObject();
        Optional.ofNullable(url.getUserInfo()).ifPresent(login -> {
            int colon = login.indexOf(':');
            rule.put("username", colon < 0 ? login : login.substring(0, colon));
            rule.put("password", colon < 0 ? "" : login.substring(colon + 1));
        });
        rule.put("server", url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()));
        options.put("proxy", new JsonArray().add(rule));
    }

    private static URI url(String text, String name) {
        Optional<URI> url = Optional.empty();
        try {
            url = Optional.of(new URI(text)).filter(found -> found.getHost() != null);
        } catch (URISyntaxException e) {
            throw Validation.invalid(name + ": must be a host and a port, or a URL such as http://host:port");
        }
        return url.orElseThrow(
                () -> Validation.invalid(name + ": must be a host and a port, or a URL such as http://host:port"));
    }
}
