package dev.berth.http.sockets;

import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which pages may open a socket with an API key in the URL. Only pages of the server's own origin may, those of
 * {@code http.cors-origins}, and clients without an {@code Origin}, which are no pages: other pages must not use a visitor's key. Tokens are bound to one session and
 * made to be shared, so any origin may use them.
 */
public final class OriginRule {
    private final Optional<URI> publicUrl;
    private final Set<String> corsOrigins;

    public OriginRule(Optional<URI> publicUrl, Set<String> corsOrigins) {
        this.publicUrl = publicUrl;
        this.corsOrigins = corsOrigins;
    }

    /** A handler that refuses requests of the other pages. */
    public void guard(RoutingContext ctx) {
        if (allows(ctx.request())) {
            ctx.next();
        } else {
            ctx.fail(new BerthException(ErrorCode.FORBIDDEN, "pages of other origins can't use an API key"));
        }
    }

    public boolean allows(HttpServerRequest request) {
        // Not by the header Host, which HTTP/2 does not have.
        HostAndPort called = request.authority();
        return !isOfOtherSite(request)
                && allows(request.headers().getAll("Origin"), called == null ? null : called.toString());
    }

    /** Browsers send no {@code Origin} with a page's image or script, but tell whose page it is (Fetch Metadata). */
    static boolean isOfOtherSite(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return !request.headers().contains("Origin")
                && site != null
                && !Set.of("none", "same-origin").contains(site);
    }

    /** @param host the host that the client used; it counts where no public URL is configured */
    boolean allows(List<String> origins, String host) {
        if (origins.isEmpty()) {
            return true;
        }
        if (origins.size() > 1) {
            return false;
        }
        String origin = origins.get(0).toLowerCase(Locale.ROOT);
        if (corsOrigins.contains(origin)) {
            return true;
        }
        return publicUrl.isPresent()
                ? origin.equals(origin(publicUrl.get()))
                : host != null
                        && List.of("http://" + lower(host), "https://" + lower(host))
                                .contains(origin);
    }

    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    /** The origin as browsers write it: without the default port. */
    private static String origin(URI url) {
        boolean usual = url.getPort() == (url.getScheme().equals("https") ? 443 : 80);
        String port = usual || url.getPort() < 0 ? "" : ":" + url.getPort();
        return lower(url.getScheme() + "://" + url.getHost() + port);
    }
}
