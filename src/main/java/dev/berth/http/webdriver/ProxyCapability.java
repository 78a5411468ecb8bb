package dev.berth.http.webdriver;

import dev.berth.http.request.GivenFields;
import dev.berth.http.request.ProxyAddress;
import dev.berth.http.request.Validation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the capability {@code proxy} into the option of the contract: Berth, and not Chrome, sends what goes out by a proxy. */
final class ProxyCapability {
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
        JsonArray rules = ProxyAddress.rules(server, "proxy");
        JsonObject rule = rules.getJsonObject(0);
        proxy.text("socksUsername").ifPresent(user -> rule.put("username", user));
        proxy.text("socksPassword").ifPresent(password -> rule.put("password", password));
        options.put("proxy", rules);
    }
}
