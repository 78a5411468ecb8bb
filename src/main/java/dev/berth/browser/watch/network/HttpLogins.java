package dev.berth.browser.watch.network;

import dev.berth.browser.cdp.CdpConnection.CdpEvent;
import dev.berth.protocol.HttpCredentials;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Answers servers that ask for a user name and password, in all pages and workers of a browser, those of CDP clients too. Chrome
 * tells of such a question only where it holds the request before it is sent: so it holds those to origins with credentials, and no
 * others. Lives on the browser's context.
 */
public final class HttpLogins {
    private static final int MAX_ASKED = 1_000;

    private final List<HttpCredentials> credentials;
    /** Requests that were answered: a server that asks again does not take the answer. */
    private final Set<String> answered = new HashSet<>();

    public HttpLogins(List<HttpCredentials> credentials) {
        this.credentials = credentials;
    }

    boolean isEmpty() {
        return credentials.isEmpty();
    }

    /** The requests that Chrome has to hold: patterns of {@code Fetch.enable}. */
    JsonArray patterns() {
        JsonArray patterns = new JsonArray();
        credentials.forEach(each -> patterns.add(new JsonObject().put("urlPattern", each.origin() + "/*")));
        return patterns;
    }

    /** The parameters of {@code Fetch.continueWithAuth} in answer to a {@code Fetch.authRequired}. */
    JsonObject answer(CdpEvent event) {
        String origin = event.params().getJsonObject("authChallenge").getString("origin");
        Optional<HttpCredentials> known = credentials.stream()
                .filter(each -> each.origin().equals(origin))
                .findFirst();
        JsonObject response = new JsonObject().put("response", "Default");
        if (answered.size() > MAX_ASKED) {
            answered.clear();
        }
        if (known.isPresent()) {
            response = answered.add(id(event)) ? login(known.get()) : response.put("response", "CancelAuth");
        }
        return new JsonObject().put("requestId", id(event)).put("authChallengeResponse", response);
    }

    private static JsonObject login(HttpCredentials known) {
        return new JsonObject()
                .put("response", "ProvideCredentials")
                .put("username", known.username())
                .put("password", known.password());
    }

    private static String id(CdpEvent event) {
        return event.params().getString("requestId");
    }
}
