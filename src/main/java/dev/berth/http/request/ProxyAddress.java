package dev.berth.http.request;

import dev.berth.protocol.BerthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The address of a proxy in one text, as clients of other APIs give it: a host and a port, or a URL, with a user and a password or without. */
public final class ProxyAddress {
    private static final Pattern SCHEME = Pattern.compile("[a-z0-9]+://.*");

    private ProxyAddress() {}

    /**
     * The same in the form of the option {@code proxy} of the contract: a rule for all hosts.
     *
     * @param name of the parameter, for the error
     */
    public static JsonArray rules(String server, String name) {
        URI url = url(SCHEME.matcher(server).matches() ? server : "http://" + server, name);
        JsonObject rule = new JsonObject();
        Optional.ofNullable(url.getUserInfo()).ifPresent(login -> {
            int colon = login.indexOf(':');
            rule.put("username", colon < 0 ? login : login.substring(0, colon));
            rule.put("password", colon < 0 ? "" : login.substring(colon + 1));
        });
        rule.put("server", url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()));
        return new JsonArray().add(rule);
    }

    private static URI url(String text, String name) {
        try {
            URI url = new URI(text);
            if (url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw noProxy(name);
        }
        throw noProxy(name);
    }

    private static BerthException noProxy(String name) {
        return Validation.invalid(name + ": must be a URL such as http://host:port");
    }
}
