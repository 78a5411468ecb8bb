package dev.berth.http;

import dev.berth.config.HttpConfig;
import dev.berth.http.request.Problem;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.Truncation;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses requests for hosts that are not this server's. A page on another site may let its own name lead to 127.0.0.1 (DNS
 * rebinding): a browser on this machine then takes a server on loopback for that site's, and lets the page read its answers.
 *
 * @param hosts in lower case, addresses of IPv6 without brackets; empty where all are answered
 */
record AllowedHosts(Set<String> hosts) {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");
    private static final int MAX_SHOWN_CHARS = 100;

    AllowedHosts {
        hosts = Set.copyOf(hosts);
    }

    /** A server that listens for other machines has names that it does not know: all are answered, unless some are configured. */
    static AllowedHosts of(HttpConfig config) {
        Set<String> given = config.allowedHosts();
        if (given.contains("*") || given.isEmpty() && !config.loopback()) {
            return new AllowedHosts(Set.of());
        }
        Set<String> hosts = new HashSet<>(THIS_MACHINE);
        given.forEach(host -> hosts.add(bare(host)));
        hosts.add(bare(config.host()));
        config.publicUrl().map(URI::getHost).ifPresent(host -> hosts.add(bare(host)));
        return new AllowedHosts(hosts);
    }

    /** Refuses a request that names another host. Gives whether it did. */
    boolean refuse(HttpServerRequest request) {
        if (hosts.isEmpty() || allows(request)) {
            return false;
        }
        String called = Optional.ofNullable(request.authority())
                .map(HostAndPort::toString)
                .orElse("");
        Problem.refuse(
                request,
                new BerthException(
                        ErrorCode.FORBIDDEN,
                        "this server does not accept requests for the host '" + Truncation.cut(called, MAX_SHOWN_CHARS)
                                + "'",
                        "use localhost or the host of BERTH_PUBLIC_URL, or add this host to"
                                + " BERTH_HTTP_ALLOWED_HOSTS"));
        return true;
    }

    /** Browsers always name a host; a program that names none is no browser. */
    private boolean allows(HttpServerRequest request) {
        HostAndPort called = request.authority();
        return called == null
                ? request.version() != HttpVersion.HTTP_2 && !request.headers().contains("Host")
                : hosts.contains(bare(called.host()));
    }

    /** Whether it was called by a name of this machine, at other ports of which there may be servers without TLS. */
    static boolean isThisMachine(HttpServerRequest request) {
        HostAndPort called = request.authority();
        return called == null || THIS_MACHINE.contains(bare(called.host()));
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") && lower.endsWith("]") ? lower.substring(1, lower.length() - 1) : lower;
    }
}
