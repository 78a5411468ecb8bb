package dev.berth.http.request;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Keys in URLs: {@code ?token=KEY}, and {@code http://any:KEY@host} or {@code http://KEY@host}, which clients send as Basic authentication. Browsers remember the
 * latter and send it for pages of other sites, so that a path which takes keys so refuses those pages first: see {@code OriginRule}.
 */
public final class KeyInUrl {
    /** The parameter of the query. */
    static final String TOKEN = "token";

    private static final String BASIC = "Basic ";

    private KeyInUrl() {}

    /** A handler that has the key of the URL count as one of a header. */
    public static void bring(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        Optional.ofNullable(request.getParam(TOKEN))
                .or(() -> basic(request))
                .ifPresent(key -> request.headers().set(HttpHeaders.AUTHORIZATION, "Bearer " + key));
        ctx.next();
    }

    /** The key that a request has in its headers, in whatever form; {@code ""} where it has none. */
    public static String header(HttpServerRequest request) {
        return basic(request).orElseGet(() -> Authentication.key(request));
    }

    /** The password of Basic authentication, or the user where the password is empty. */
    static Optional<String> basic(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            String pair = new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
            String password = pair.substring(pair.indexOf(':') + 1);
            return Optional.of(password.isEmpty() ? pair.replaceFirst(":$", "") : password);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
