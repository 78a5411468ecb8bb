package dev.berth.http.sockets;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * From which pages a socket may be opened with an API key in its address. A page is not to use one that its visitor has somewhere:
 * only our own may, and what is no page and has no {@code Origin}. A session's token is bound to that session, and made to be
 * handed on: it is good from anywhere.
 */
public final class OriginRule {
    private final Optional<URI> publicUrl;

    public OriginRule(Optional<URI> publicUrl) {
        this.publicUrl = publicUrl;
    }

    boolean allows(HttpServerRequest request) {
        return allows(request.headers().getAll("Origin"), request.getHeader("Host"));
    }

    /** @param host what the client called us; it counts where there is no public URL */
    boolean allows(List<String> origins, String host) {
        if (origins.isEmpty()) {
            return true;
        }
        if (origins.size() > 1) {
            return false;
        }
        String origin = origins.get(0).toLowerCase(Locale.ROOT);
        return publicUrl.isPresent()
                ? origin.equals(origin(publicUrl.get()))
                : host != null
                        && List.of("http://" + lower(host), "https://" + lower(host))
                                .contains(origin);
    }

    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    /** As browsers write it: without the port where that is the usual one. */
    private static String origin(URI url) {
        boolean usual = url.getPort() == (url.getScheme().equals("https") ? 443 : 80);
        String port = usual || url.getPort() < 0 ? "" : ":" + url.getPort();
        return lower(url.getScheme() + "://" + url.getHost() + port);
    }
}
