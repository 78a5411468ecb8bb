package dev.berth.http.browserbase;

import dev.berth.http.request.GivenFields;
import dev.berth.http.request.Validation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code proxies}: the client's own become rules of {@code options.proxy}. */
final class GivenProxies {
    private static final String NONE_HERE = ": Berth has no proxies of its own; give yours as"
            + " [{\"type\": \"external\", \"server\": \"http://host:port\"}]";

    /** A host, maybe with the wildcard of the contract. */
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    /** An address, maybe with a port: nothing is below it. */
    private static final Pattern ADDRESS = Pattern.compile("\\[.*|[0-9.]+(:[0-9]+)?");

    private GivenProxies() {}

    /** Refuses Browserbase's own proxies: a session that went out by the server's own address instead could not take that back. */
    static JsonArray rules(GivenFields fields) {
        Object given = fields.value("proxies").orElse(false);
        if (given.equals(true)) {
            throw Validation.invalid(fields.path("proxies") + NONE_HERE);
        }
        JsonArray rules = new JsonArray();
        if (!given.equals(false)) {
            fields.objects("proxies").forEach(proxy -> rules.add(rule(proxy)));
        }
        return rules;
    }

    private static JsonObject rule(GivenFields proxy) {
        JsonObject rule = new JsonObject();
        String type = proxy.required("type", proxy::text);
        switch (type) {
            case "external" -> {
                rule.put("server", proxy.required("server", proxy::text));
                proxy.text("username").ifPresent(name -> rule.put("username", name));
                proxy.text("password").ifPresent(password -> rule.put("password", password));
            }
            case "none" -> rule.put("server", "none");
            case "browserbase" -> throw Validation.invalid(proxy.path("type") + NONE_HERE);
            default -> throw proxy.wrong("type", "external or none");
        }
        proxy.text("domainPattern")
                .flatMap(pattern -> hosts(proxy, pattern))
                .ifPresent(hosts -> rule.put("domains", new JsonArray(hosts)));
        return rule;
    }

    /** A pattern is a regular expression there, and a host or {@code *.host} here; empty for all hosts. */
    private static Optional<List<String>> hosts(GivenFields proxy, String pattern) {
        if (pattern.equals(".*") || pattern.equals("*")) {
            return Optional.empty();
        }
        String host = pattern.replace("\\.", ".");
        if (!HOST.matcher(host).matches()) {
            throw proxy.wrong(
                    "domainPattern", "a host, such as example.com, or *.example.com; Berth takes no other patterns");
        }
        return Optional.of(withSubdomains(host));
    }

    /** A host and those below it, as the contract writes them: a domain includes its subdomains there. */
    static List<String> withSubdomains(String host) {
        return host.startsWith("*") || ADDRESS.matcher(host).matches() ? List.of(host) : List.of(host, "*." + host);
    }
}
