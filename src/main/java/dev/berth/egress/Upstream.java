package dev.berth.egress;

import dev.berth.protocol.ProxyRule;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A proxy of {@code options.proxy}, between the Chrome's own proxy and a host.
 *
 * @param server as users and logs may see it: scheme, host and port
 * @param scheme {@code http}, {@code https} or {@code socks5}
 * @param username secret, as is the password
 */
record Upstream(
        String server, String scheme, HostName host, int port, Optional<String> username, Optional<String> password) {

    /** @param rule with a server, which has a port */
    static Upstream of(ProxyRule rule) {
        String server = rule.server().orElseThrow();
        URI url = URI.create(server);
        return new Upstream(
                server,
                url.getScheme(),
                HostName.parse(url.getHost()),
                url.getPort(),
                rule.username(),
                rule.password());
    }

    boolean isSocks() {
        return scheme.equals("socks5");
    }

    boolean isTls() {
        return scheme.equals("https");
    }

    /** Asks an HTTP proxy for a tunnel. */
    String connectRequest(HostName to, int toPort) {
        String authority = to.inUrl() + ":" + toPort;
        return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n"
                + username.map(this::authorization).orElse("") + "\r\n";
    }

    private String authorization(String user) {
        byte[] both = (user + ":" + password.orElse("")).getBytes(StandardCharsets.UTF_8);
        return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(both) + "\r\n";
    }

    /** {@code toString} of a record would show the credentials. */
    @Override
    public String toString() {
        return server;
    }
}
